"""On site with a phone: finding the order by a code, asking the station, time, photos, calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.accounts.permissions import Role
from core.attachments.models import Attachment
from core.tenancy.scopes import operator_scope
from stations.commands.models import Command
from stations.hardware.models import Evse, StationLink
from stations.maintenance import feeds
from stations.maintenance.calendar_text import Event, calendar, escaped, folded
from stations.maintenance.field_models import CalendarFeed, WorkTime
from stations.maintenance.navigation import way_to
from tests.factories.api import api_client
from tests.factories.core import make_person
from tests.factories.customers import make_token
from tests.factories.guests import make_guest_code
from tests.factories.maintenance import make_order, make_partner, make_partner_person
from tests.factories.stations import (
    make_limited_member,
    make_session,
    make_site,
    make_station,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return SimpleUploadedFile("a.png", file.getvalue(), content_type="image/png")


def test_lines_of_a_calendar_are_folded_by_octets_and_texts_escaped() -> None:
    line = folded("SUMMARY:" + "ä" * 100)

    assert max(len(part.encode()) for part in line.split("\r\n")) <= 75
    assert line.replace("\r\n ", "") == "SUMMARY:" + "ä" * 100
    assert escaped("a;b,c\\d\r\ne\x00") == "a\\;b\\,c\\\\d\\ne"
    event = Event(uid="1", begins_at=NOW, ends_at=NOW, changed_at=NOW, summary="x\nEND:VEVENT")
    text = calendar("Mine", [event], now=NOW)
    assert text.count("\r\nEND:VEVENT\r\n") == 1
    assert "DTSTART:20260601T080000Z\r\n" in text


def test_the_way_leads_to_coordinates_or_to_the_address() -> None:
    station = make_station()
    site = station.site
    assert way_to(latitude=None, longitude=None, name="x", address=" , ") is None
    by_address = way_to(latitude=None, longitude=None, name="x", address="Åvägen 1")
    assert by_address is not None
    assert (by_address.geo, by_address.maps[-15:]) == ("", "%C3%85v%C3%A4gen%201"[-15:])
    assert site is not None


def test_a_code_opens_the_readers_own_order_and_no_other(client: Client) -> None:
    station = make_station()
    code = make_guest_code(station)
    order = make_order(station, partner=(partner := make_partner(station.operator)))
    find = reverse("field_find")
    client.force_login(make_partner_person(partner))
    with operator_scope(station.operator):
        Evse.objects.filter(station=station).update(public_id="SE*ABC*E000077*1")

    for text in (code.code, f"https://x.example/g/{code.code}/", "se*abc*e000077*1"):
        answer = client.get(find, {"code": text})
        assert answer["Location"] == reverse("field_detail", args=[order.public_id])
    assert client.get(find, {"code": "nothing"}).context["rows"] == []
    client.force_login(make_partner_person(make_partner(station.operator)))
    assert client.get(find, {"code": code.code}).context["rows"] == []


def test_who_is_on_site_asks_the_orders_station_alone(client: Client) -> None:
    station, other = make_station(evses=1), make_station(evses=1)
    partner = make_partner(station.operator)
    order = make_order(station, partner=partner)
    make_token(operator=station.operator, uid="TEST1", purpose="test", kind="virtual")
    with operator_scope(station.operator):
        StationLink.objects.update_or_create(
            station=station, defaults={"is_connected": True, "ocpp_version": "1.6", "bridge": "b"}
        )
        evse = Evse.objects.get(station=station)
        foreign = Evse.objects.filter(station=other).first()
    client.force_login(make_partner_person(partner))

    def ask(action: str, **values: object) -> int:
        url = reverse("field_action", args=[order.public_id, action])
        return client.post(url, {"reason": "dark"} | values).status_code

    assert ask("restart") == 200  # not on site yet
    client.post(reverse("field_step", args=[order.public_id]), {"state": "en_route"})
    client.post(reverse("field_step", args=[order.public_id]), {"state": "on_site"})
    assert (ask("restart"), ask("unlock", evse=evse.pk), ask("test", evse=evse.pk)) == (302,) * 3
    assert ask("unlock", evse=evse.pk + 10_000) == ask("restart", reason="") == 200
    assert foreign is None or ask("unlock", evse=foreign.pk) == 200
    assert ask("stop_test", evse=evse.pk) == 200  # none runs
    make_session(station=station, evse=evse, token_snapshot={"purpose": "test"})
    assert ask("test", evse=evse.pk) == 200  # somebody charges
    assert ask("stop_test", evse=evse.pk) == 302

    with operator_scope(station.operator):
        sent = list(Command.objects.order_by("pk").values_list("action", "payload"))
        assert [action for action, _payload in sent] == [
            "Reset", "UnlockConnector", "RemoteStartTransaction", "RemoteStopTransaction",
        ]  # fmt: skip
        assert sent[0][1] == {"type": "Soft"}
        assert sent[2][1]["idTag"] == "TEST1"
        assert order.entries.filter(kind="note").count() == 4


def test_what_is_sent_twice_on_a_bad_line_counts_once(client: Client) -> None:
    station = make_station()
    order = make_order(station, partner=(partner := make_partner(station.operator)))
    client.force_login(make_partner_person(partner))
    day = timezone.localdate().isoformat()
    sent = {"kind": "work", "worked_on": day, "minutes": "45", "once": "abc"}
    part = {"name": "Fuse", "quantity": "2", "once": "abc"}

    for _turn in (1, 2):
        for action, values in (("time", sent), ("part", part), ("photo", {"file": picture()})):
            url = reverse(f"field_{action}", args=[order.public_id])
            assert client.post(url, values).status_code == 302
    bad = client.post(
        reverse("field_time", args=[order.public_id]), sent | {"minutes": "0", "once": "d"}
    )
    page = client.get(reverse("field_detail", args=[order.public_id]))

    assert bad.context["time_form"].errors
    with operator_scope(station.operator):
        assert [one.minutes for one in WorkTime.objects.all()] == [45]
        assert order.parts.count() == 1
        photo = Attachment.objects.get()
    url = reverse("field_file", args=[order.public_id, photo.public_id])
    assert url in page.content.decode()
    assert client.get(url)["Content-Type"].startswith("image/")
    client.force_login(make_partner_person(make_partner(station.operator)))
    assert client.get(url).status_code == 404


def test_a_calendar_is_read_by_its_address_until_it_ends(client: Client) -> None:
    station = make_station()
    tore = make_person(operator=station.operator, role=Role.TECHNICIAN, language="en")
    with operator_scope(station.operator):
        member = tore.memberships.select_related("user", "operator").get()
    at = timezone.now() + timedelta(days=1)
    make_order(station, assignee=member, scheduled_at=at, title="Mine, and; odd")
    make_order(station, scheduled_at=at, title="Of others")
    client.force_login(tore)

    url = client.post(reverse("field_calendar")).context["url"]
    first = url.removeprefix(url[: url.index("/calendar/")])
    reader = Client()
    answer = reader.get(first)
    text = answer.content.decode()
    elsewhere = Client()
    away = make_site(operator=station.operator)
    elsewhere.force_login(make_limited_member(away, operator=station.operator))
    seen_elsewhere = elsewhere.get(first).content.decode()
    newer = client.post(reverse("field_calendar")).context["url"]

    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    assert (text.count("BEGIN:VEVENT"), "Mine\\, and\\; odd" in text) == (1, True)
    assert "Of others" not in text
    assert seen_elsewhere.count("BEGIN:VEVENT") == 1
    assert reader.get(first).status_code == 404
    second = newer[newer.index("/calendar/") :]
    assert reader.get(second).status_code == 200
    assert reader.get(second.replace("~", "~x")).status_code == 404
    client.post(reverse("field_calendar"), {"end": "1"})
    assert reader.get(second).status_code == 404
    with operator_scope(station.operator):
        assert CalendarFeed.objects.filter(revoked_at=None).count() == 0
        third = feeds.make_feed(membership=member)
        member.is_active = False
        member.save()
    assert reader.get(third[third.index("/calendar/") :]).status_code == 404


def test_the_api_does_the_same_on_site() -> None:
    station = make_station()
    order = make_order(station)
    client = api_client(station.operator)
    base = f"/api/v1/field/orders/{order.public_id}"

    assert client.post(f"{base}/step", {"state": "en_route"}).json()["state"] == "en_route"
    time = {"worked_on": "2026-06-01", "minutes": 30, "once": "k"}
    client.post(f"{base}/time", time)
    shown = client.post(f"{base}/time", time).json()
    refused = client.post(f"{base}/command", {"action": "unlock", "reason": "x"})

    assert shown["times"] == [{"worked_on": "2026-06-01", "kind": "work", "minutes": 30}]
    assert refused.status_code == 422
    assert client.get("/api/v1/field/find", {"code": station.public_id}).json()[0]["id"] == (
        order.public_id
    )
    assert client.post("/api/v1/field/calendar").status_code == 409
