"""Who sees whom is told, who can be linked again, and what a faulty mail leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Permission, Role
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.operators.mail import why_not_sent
from core.tenancy.scopes import across_operators, operator_scope
from customers.support import following, telling
from customers.support.follow_models import CaseIncident
from customers.support.models import CaseOutcome, SupportCase
from customers.support.services import Subjects, close_case, open_case
from stations.hardware.models import Evse, Station
from stations.incidents.models import Incident
from stations.incidents.services import resolve
from tests.factories.api import api_client
from tests.factories.core import make_person
from tests.factories.customers import make_driver
from tests.factories.incidents import make_incident
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station() -> Station:
    made: Station = make_station(name="Norra 1", evses=1)
    return made


def make_case(station: Station, *, placed: bool = True, **more: Any) -> SupportCase:
    evse = Evse.objects.filter(station=station).first() if placed else None
    return open_case(operator=station.operator, subjects=Subjects(evse=evse, **more))


def link_of(station: Station, **more: Any) -> tuple[SupportCase, Incident, CaseIncident]:
    incident: Incident = make_incident(station)
    with operator_scope(station.operator):
        driver = make_driver(operator=station.operator, name="Dina Ek", email="dina@example.com")
        case = make_case(station, driver=driver)
        link = following.follow_incident(case=case, incident=incident, **more)
    return case, incident, link


def tell() -> int:
    with across_operators("as the task does"):
        return telling.tell_fixed(now=timezone.now() + telling.SETTLES)


def test_names_and_addresses_are_for_those_who_may_see_drivers(
    client: Client, station: Station
) -> None:
    case, incident, link = link_of(station)
    with operator_scope(station.operator):
        CaseIncident.objects.filter(pk=link.pk).update(error="550 dina@example.com unknown")
    urls = (
        f"/api/v1/cases/{case.public_id}/incidents/",
        f"/api/v1/incidents/{incident.public_id}/cases/",
    )
    seen: dict[str, list[str]] = {}
    narrow = [one for one in Permission.values if one != Permission.DRIVER_VIEW]
    for name, permissions in (("all", Permission.values), ("narrow", narrow)):
        api = api_client(station.operator, permissions)
        seen[name] = [row["address"] for url in urls for row in api.get(url).json()["results"]]
        seen[name] += [row["error"] for url in urls for row in api.get(url).json()["results"]]
    patched = api.patch(f"{urls[0]}{incident.public_id}/", {"text": "Works"}).json()
    pages = {}
    for role in (Role.TECHNICIAN, Role.SUPPORT):
        client.force_login(make_person(operator=station.operator, role=role))
        page = client.get(reverse("incident_detail", args=[incident.public_id]))
        pages[role] = page.content.decode()

    assert seen["all"] == ["dina@example.com"] * 2 + ["550 dina@example.com unknown"] * 2
    assert (seen["narrow"], patched["address"]) == ([""] * 4, "")
    assert "Dina Ek" in pages[Role.SUPPORT]
    assert "dina@example.com" in pages[Role.SUPPORT]
    assert case.public_id in pages[Role.TECHNICIAN]
    assert "Dina Ek" not in pages[Role.TECHNICIAN]
    assert "dina@example.com" not in pages[Role.TECHNICIAN]


def test_one_mail_that_breaks_stops_nobody_and_none_goes_out_inside_a_transaction(
    station: Station, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _case, incident, broken = link_of(station)
    with operator_scope(station.operator):
        following.follow_incident(
            case=make_case(station), incident=incident, address="kim@example.com"
        )
        resolve(incident=incident, reason="new fuse")
    depth = len(connection.savepoint_ids)
    depths: list[int] = []
    sent = why_not_sent

    def watched(message: Any) -> str:
        depths.append(len(connection.savepoint_ids))
        if message.to == ["dina@example.com"]:
            raise ValueError("a header with a line break")
        return sent(message)

    monkeypatch.setattr(telling, "why_not_sent", watched)

    assert tell() == 1
    assert tell() == 0  # claimed: it waits before it is tried again
    assert depths == [depth, depth]
    assert "was not told" in caplog.text
    assert [one.to for one in mail.outbox] == [["kim@example.com"]]
    assert str(mail.outbox[0].extra_headers["Message-ID"]).startswith("<case-fixed-")
    with operator_scope(station.operator):
        broken.refresh_from_db()
    assert (broken.state, broken.told_at) == ("waiting", None)
    assert broken.next_at > timezone.now() + timedelta(minutes=15)


def test_who_was_told_is_linked_again_when_it_comes_back(client: Client, station: Station) -> None:
    case, incident, link = link_of(station)
    with operator_scope(station.operator):
        with pytest.raises(RuleViolation):
            following.follow_incident(case=case, incident=incident)
        assert following.follow_many(incident=incident, cases=[case]) == []
        resolve(incident=incident, reason="new fuse")
        assert tell() == 1
        Incident.objects.filter(pk=incident.pk).update(
            **{name: getattr(make_incident(station, key="x", evse=None), name)
               for name in ("state", "resolved_at")}
        )  # fmt: skip
        incident.refresh_from_db()
        assert list(following.offered_incidents(case).filter(pk=incident.pk)) == [incident]
        again = following.follow_incident(case=case, incident=incident)
        found = following.link_of(case, incident.public_id)
    client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))
    edit = client.get(reverse("case_follow_edit", args=[case.public_id, incident.public_id]))

    assert found == again != link
    assert edit.status_code == 200
    with operator_scope(station.operator):
        kept = AuditEntry.objects.filter(verb__startswith="case.").values_list("after", "before")
        assert "dina@example.com" not in str(list(kept))


def test_a_caller_without_a_place_is_told_the_place_of_the_incident_chosen(
    client: Client, station: Station
) -> None:
    other = make_station(operator=station.operator, name="Södra 7", evses=1)
    make_incident(station)
    chosen = make_incident(other)
    with operator_scope(station.operator):
        case = make_case(station, placed=False)
    client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))
    url = reverse("case_follow", args=[case.public_id])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in ("text", "address", "language")}

    done = client.post(url, values | {"incident": chosen.public_id})

    assert done.status_code == 302
    with operator_scope(station.operator):
        text = CaseIncident.objects.get().text
    assert ("Södra 7" in text, "Norra 1" in text, "{" in text) == (True, False, False)


def test_what_support_wrote_is_kept_when_a_note_is_refused(
    client: Client, station: Station
) -> None:
    with operator_scope(station.operator):
        case = make_case(station)
    client.force_login(make_person(operator=station.operator, role=Role.SUPPORT))
    url = reverse("case_note", args=[case.public_id])

    gap = client.post(url, {"text": "A long answer for {name}", "is_shared": "on"})
    with operator_scope(station.operator):
        close_case(case=case, outcome=CaseOutcome.SOLVED)
    closed = client.post(url, {"text": "Another answer"})

    assert (gap.status_code, closed.status_code) == (200, 200)
    assert "A long answer for {name}" in gap.content.decode()
    assert gap.context["note_form"].errors
    assert "Another answer" in closed.content.decode()
