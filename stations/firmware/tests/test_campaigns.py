"""Campaigns over real rows: who is asked, what they tell, halts, and what people decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.models import Operator
from core.notifications.events import Search
from core.tenancy.scopes import operator_scope
from stations.firmware import campaigns, images, notices, selectors, working
from stations.firmware.campaigns import Plan
from stations.firmware.images import NewImage
from stations.firmware.models import Campaign, CampaignStation, FirmwareImage
from stations.hardware.models import Connector, Station, StationLink
from stations.models import Command, StationEvent
from tests.factories.core import make_operator, make_person
from tests.factories.firmware import make_campaign, make_image
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> FirmwareImage:
    return make_image(make_operator())


def station_of(image: FirmwareImage, **fields: Any) -> Station:
    """A connected station of the model with version 1.0."""
    made: Station = make_station(operator=image.operator, firmware_version="1.0", **fields)
    with operator_scope(image.operator):
        Station.objects.filter(pk=made.pk).update(hardware_model=image.hardware_model)
        StationLink.objects.update_or_create(
            station=made, defaults={"is_connected": True, "ocpp_version": "1.6", "bridge": "b"}
        )
        Connector.objects.filter(evse__station=made).update(status="available")
    return made


def begin(image: FirmwareImage, **plan: Any) -> Campaign:
    values = {"canary_count": 1, "wave_size": 2, "pause_minutes": 0} | plan
    return campaigns.start_campaign(
        image=image, name="Winter", plan=Plan(**values), reason="Fixes a fault"
    )


def turn(minutes: int = 0) -> None:
    now = timezone.now() + timedelta(minutes=minutes)
    working.follow_due(now=now)
    working.judge_due(now=now)
    working.send_due(now=now)


def tell(station: Station, word: str) -> None:
    StationEvent.objects.create(
        operator=station.operator, station=station, received_at=timezone.now(), kind="firmware",
        name=word,
    )  # fmt: skip


def restart(station: Station, version: str) -> None:
    Station.objects.filter(pk=station.pk).update(firmware_version=version)
    StationLink.objects.filter(station=station).update(booted_at=timezone.now())


def states(campaign: Campaign) -> list[tuple[str, str]]:
    return list(
        CampaignStation.objects.filter(campaign=campaign)
        .order_by("wave", "pk")
        .values_list("state", "why")
    )


def state_of(campaign: Campaign) -> str:
    campaign.refresh_from_db()
    return campaign.state


def test_the_canary_then_a_wave_until_all_started_with_the_version(image: FirmwareImage) -> None:
    stations = [station_of(image, name=name) for name in ("a", "b", "c")]
    with operator_scope(image.operator):
        campaign = begin(image)

        turn()
        first = states(campaign)
        command = Command.objects.get()
        tell(stations[0], "Downloading")
        tell(stations[0], "Installed")
        turn()
        told = states(campaign)
        restart(stations[0], "2.0")
        turn()
        turn()
        second = states(campaign)
        for station in stations[1:]:
            restart(station, "2.0")
        turn()

        assert first == [("sent", ""), ("waiting", ""), ("waiting", "")]
        assert (command.action, command.payload["location"]) == ("UpdateFirmware", image.url)
        assert told[0] == ("installing", "")
        assert second == [("installed", ""), ("sent", ""), ("sent", "")]
        assert states(campaign) == [("installed", "")] * 3
        assert state_of(campaign) == "done"
        verbs = AuditEntry.objects.filter(object_type="stations.campaign")
        assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
            "campaign.start", "campaign.done",
        ]  # fmt: skip


def test_more_updates_than_a_turn_takes_are_all_followed(
    image: FirmwareImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stations = [station_of(image, name=name) for name in ("a", "b")]
    with operator_scope(image.operator):
        campaign = begin(image, canary_count=2)
        turn()
        for station in stations:
            tell(station, "Downloading")
        monkeypatch.setattr(working, "A_TURN", 1)

        for _n in range(64):
            working.follow_due(now=timezone.now())

        assert states(campaign) == [("downloading", "")] * 2


def test_a_failed_canary_halts_until_a_person_goes_on(image: FirmwareImage) -> None:
    stations = [station_of(image, name=name) for name in ("a", "b")]
    with operator_scope(image.operator):
        campaign = begin(image)
        turn()
        tell(stations[0], "DownloadFailed")

        turn()
        turn()

        assert states(campaign) == [("failed", ""), ("waiting", "")]
        assert state_of(campaign) == "halted"
        now = timezone.now()
        search = Search(image.operator, now - timedelta(hours=1), now, timedelta(0))
        assert [one.params["name"] for one in notices.find_halted(search)] == ["Winter"]
        with pytest.raises(InvalidInput):
            campaigns.resume_campaign(campaign=campaign, reason=" ")
        assert campaigns.retry_failed(campaign=campaign, reason="Power was off") == 1
        campaigns.resume_campaign(campaign=campaign, reason="Power is back")
        turn()
        assert states(campaign) == [("sent", ""), ("waiting", "")]
        campaigns.cancel_campaign(campaign=campaign, reason="Another version came")
        assert states(campaign) == [("sent", ""), ("skipped", "cancelled")]
        with pytest.raises(RuleViolation):
            campaigns.resume_campaign(campaign=campaign, reason="x")
        # What was asked last never left: it waits for nothing any more.
        Command.objects.update(state="expired")
        turn()
        assert states(campaign) == [("skipped", "cancelled")] * 2


def test_withdrawn_firmware_is_not_tried_again(image: FirmwareImage) -> None:
    campaign = make_campaign(station_of(image), image, state="done")
    with operator_scope(image.operator):
        CampaignStation.objects.update(state="failed", ended_at=timezone.now())
        images.withdraw_image(image=image, reason="Faulty")

        with pytest.raises(RuleViolation, match="withdrawn"):
            campaigns.retry_failed(campaign=campaign, reason="Once more")

        assert states(campaign) == [("failed", "")]
        assert state_of(campaign) == "done"


def test_nothing_is_sent_to_a_station_in_use_and_a_wave_does_not_wait_for_ever(
    image: FirmwareImage,
) -> None:
    plugged, charging = station_of(image, name="a"), station_of(image, name="b")
    make_session(station=charging, state="active")
    with operator_scope(image.operator):
        Connector.objects.filter(evse__station=plugged).update(status="preparing")
        campaign = begin(image, canary_count=2, wait_hours=2)

        for _n in range(3):
            turn()
        assert states(campaign) == [("waiting", "plugged"), ("waiting", "session")]
        assert not Command.objects.exists()
        turn(minutes=121)

        assert states(campaign) == [("skipped", "too_long")] * 2


def test_who_takes_no_part_is_left_out_with_the_reason(image: FirmwareImage) -> None:
    station_of(image, name="a")
    station_of(image, name="b", hands_off=True)
    done = station_of(image, name="c")
    never_seen = make_station(operator=image.operator, name="d", firmware_version="1.0")
    with operator_scope(image.operator):
        Station.objects.filter(pk=done.pk).update(firmware_version="2.0")
        Station.objects.filter(pk=never_seen.pk).update(hardware_model=image.hardware_model)
        StationLink.objects.filter(station=never_seen).delete()

        chosen = campaigns.choose(image, Plan())
        only_new = campaigns.choose(image, Plan(from_firmware=">=2"))

        assert [(c.station.name, c.why) for c in chosen] == [
            ("a", ""), ("b", "hands_off"), ("c", "has_version"), ("d", "no_version"),
        ]  # fmt: skip
        assert [c.station.name for c in only_new] == ["c"]
        with pytest.raises(RuleViolation, match="No station"):
            begin(image, from_firmware=">=2")
        assert not Campaign.objects.exists()


def test_more_stations_than_a_campaign_takes_are_refused_and_not_cut(
    image: FirmwareImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_STATIONS", 1)
    station_of(image)
    with operator_scope(image.operator):
        assert len(campaigns.choose(image, Plan())) == 1
    station_of(image)
    with operator_scope(image.operator), pytest.raises(RuleViolation) as refused:
        campaigns.choose(image, Plan())

    assert refused.value.code == "too_many_stations"


def test_a_station_that_tells_nothing_more_runs_out_of_time(image: FirmwareImage) -> None:
    station_of(image)
    with operator_scope(image.operator):
        campaign = begin(image, patience_minutes=30)
        turn()

        turn(minutes=31)

        assert states(campaign) == [("timed_out", "no_answer")]
        assert state_of(campaign) == "halted"


def test_an_uploaded_file_is_served_to_the_station_of_the_update_alone(
    client: Client, image: FirmwareImage
) -> None:
    operator: Operator = image.operator
    station_of(image)
    with operator_scope(operator):
        told = NewImage(version="3.0")
        made = images.add_image(
            operator=operator, hardware_model=image.hardware_model, told=told,
            upload=SimpleUploadedFile("fw.bin", b"firmware"),
        )  # fmt: skip
        begin(made)
        turn()
        payload = Command.objects.get().payload
    path = payload["location"].partition("//")[2].partition("/")[2]

    answer: Any = client.get(f"/{path}")
    wrong = client.get(f"/{path.replace('firmware/', 'firmware/x')}")

    assert b"".join(answer.streaming_content) == b"firmware"
    assert wrong.status_code == 404
    for change in (
        {"state": "failed", "ended_at": timezone.now()},
        {"state": "sent", "ended_at": None, "due_at": timezone.now()},
    ):  # fmt: skip
        with operator_scope(operator):
            CampaignStation.objects.update(**change)
        assert client.get(f"/{path}").status_code == 404


def test_a_file_that_is_another_than_stated_is_refused(image: FirmwareImage) -> None:
    told = NewImage(version="3.0", sha256="0" * 64)
    with operator_scope(image.operator):
        for fault in (
            {"told": told, "upload": SimpleUploadedFile("fw.bin", b"firmware")},
            {"told": NewImage(version="3.0")},
            {"told": NewImage(version="3.0", url="file:///etc/passwd")},
            {"told": NewImage(version="3.0", url="https://v.example/3", signature="QUJD")},
        ):
            with pytest.raises(InvalidInput):
                images.add_image(
                    operator=image.operator,
                    hardware_model=image.hardware_model,
                    **fault,
                )

        assert FirmwareImage.objects.count() == 1


def test_one_version_of_a_model_is_wanted_and_the_inventory_says_who_runs_another(
    image: FirmwareImage,
) -> None:
    station_of(image)
    with operator_scope(image.operator):
        images.want_image(image=image, reason="Newest")

        rows = selectors.inventory(today=timezone.localdate())

        assert [(r.version, r.stations, r.wanted, r.standing) for r in rows] == [
            ("1.0", 1, "2.0", "other")
        ]


def test_a_campaign_is_confirmed_with_its_stations_before_it_begins(
    client: Client, image: FirmwareImage
) -> None:
    station_of(image, name="Norra 1")
    client.force_login(make_person(operator=image.operator, role=Role.CONTROL_ROOM))
    given = {
        "name": "Winter", "image": image.public_id, "canary_count": 1, "wave_size": 5,
        "pause_minutes": 0, "most_failures": 1, "patience_minutes": 60, "wait_hours": 24,
        "reason": "Fixes",
    }  # fmt: skip
    url = reverse("campaign_create")

    page = client.post(url, given)
    stale = client.post(url, given | {"confirmed": "1", "seen": "other"})
    with operator_scope(image.operator):
        before = Campaign.objects.count()
    done = client.post(url, given | {"confirmed": "1", "seen": page.context["seen"]})

    assert "Norra 1" in page.content.decode()
    assert "changed meanwhile" in stale.content.decode()
    assert before == 0
    assert done.status_code == 302
    assert client.get(done["Location"]).status_code == 200
    # It lies at the vendor: there is no file here to hand out.
    assert client.get(reverse("firmware_content", args=[image.public_id])).status_code == 404
