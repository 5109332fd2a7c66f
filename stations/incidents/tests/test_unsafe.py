"""What must not wait: safety faults, EVSEs left out of service, late facts, proofs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.commands.models import Command
from stations.hardware.models import Connector
from stations.incidents import reading_on
from stations.incidents.models import Incident
from stations.incidents.remedies import proving, running
from stations.incidents.remedies.guards import Limits, Surroundings, starting_guard
from stations.incidents.remedies.restoring import put_back
from stations.incidents.remedy_models import RemedyRun, RemedySetting, RemedyStep
from stations.incidents.tests.test_detecting import say
from stations.incidents.tests.test_remedies import CALM, NOW, healing, said, sent, turn
from stations.uptime.tests.journals import told
from tests.factories.core import make_operator
from tests.factories.incidents import make_incident
from tests.factories.stations import make_session, make_site, make_station

_WHY = "tests look at everything"


def test_the_guards_let_safety_through_and_keep_an_unsafe_station_asleep() -> None:
    busy = Surroundings(**CALM | {"is_site_busy": True, "last_run_at": NOW - timedelta(minutes=1)})

    assert starting_guard(busy, Limits(), NOW, "safety") == ""
    assert starting_guard(busy, Limits(), NOW, "transient") == "site_busy"
    assert starting_guard(busy, Limits(mode="off"), NOW, "safety") == "off"
    for action in ("soft_reset", "hard_reset", "unlock", "availability_on"):
        assert said(action, has_safety_fault=True) == "safety"
    assert said("trigger_status", has_safety_fault=True) == ""


@pytest.mark.django_db
def test_a_safety_fault_waits_for_no_other_run_and_no_rest() -> None:
    operator = make_operator()
    with across_operators(_WHY):
        RemedySetting.objects.create(operator=operator, mode="on")
    site = make_site(operator=operator)
    other, unsafe = (make_station(site=site, evses=2) for _n in range(2))
    now = timezone.now()

    with across_operators(_WHY):
        say(other, "faulted", now, error_code="InternalError")
        turn(now)
        say(unsafe, "faulted", now, error_code="GroundFailure")
        told(other, now, "faulted", evse=2, code="GroundFailure")
        Connector.objects.filter(evse__station=other, evse__number=2).update(
            status="faulted", status_received_at=now, error_code="GroundFailure"
        )
        turn(now + timedelta(seconds=3))
        asked = set(Command.objects.values_list("station", "action"))
        runs = RemedyRun.objects.filter(site=site, state="running", fault_class="safety").count()
        # The other run goes on, and restarts nothing at a station with a safety fault.
        Command.objects.update(state="answered", answer_status="Accepted")
        for minute in (2, 3):
            turn(now + timedelta(minutes=minute))
        told_off = RemedyRun.objects.get(fault_class="transient")
        resets = Command.objects.filter(command="reset").count()

    assert asked == {
        (other.pk, "TriggerMessage"), (unsafe.pk, "ChangeAvailability"),
        (other.pk, "ChangeAvailability"),
    }  # fmt: skip
    assert runs == 2
    assert (told_off.state, resets) == ("stopped", 0)


@pytest.mark.django_db
def test_what_an_ended_run_left_out_of_service_is_put_back_once_and_not_against_people() -> None:
    station = healing()
    now = timezone.now()
    with across_operators(_WHY):
        say(station, "unavailable", now - timedelta(hours=1))
        incident = make_incident(station, kind="unavailable")
        run = RemedyRun.objects.create(
            operator=station.operator, public_id="rem_off", incident=incident, site=station.site,
            station=station, evse=incident.evse, fault_class="unavailable",
            steps=[{"action": "availability_off", "wait_s": 30}],
        )  # fmt: skip
        off = Command.objects.create(
            operator=station.operator, station=station, public_id="cmd_off",
            command="change_availability", action="ChangeAvailability", origin="system",
            parameters={"operative": False, "evse": 1}, state="answered",
            answer_status="Accepted", expires_at=now,
        )  # fmt: skip
        RemedyStep.objects.create(
            operator=station.operator, run=run, number=1, action="availability_off",
            state="asked", command_ref=off.public_id,
        )  # fmt: skip
        assert put_back(now=now) == 0  # it goes on by itself
        running.finish(run, "stopped", "gone", now)
        RemedySetting.objects.update(mode="off")
        assert [put_back(now=now + timedelta(seconds=one)) for one in (1, 60)] == [1, 0]
        assert sent()[1:] == [("ChangeAvailability", {"connectorId": 1, "type": "Operative"})]
        # It was lost: asked again, and again. Then the station took it, and nothing is owed.
        assert [put_back(now=now + timedelta(minutes=one)) for one in (6, 12, 17)] == [1, 0, 1]
        Command.objects.filter(pk__gt=off.pk).update(state="answered", answer_status="Accepted")
        assert put_back(now=now + timedelta(minutes=40)) == 0
        # Somebody took it out since then.
        Command.objects.filter(pk__gt=off.pk).update(parameters={"operative": False, "evse": 1})
        assert put_back(now=now + timedelta(minutes=60)) == 0


@pytest.mark.django_db
def test_a_row_that_becomes_visible_late_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    station = make_station()
    now = timezone.now()

    def at(oldest: int, until: int) -> None:
        monkeypatch.setattr(reading_on, "_transactions", lambda: (oldest, until))

    with across_operators(_WHY):
        at(6, 6)
        marks = reading_on.marks_after({})
        marks["read"] = marks["next"]
        told(station, now - timedelta(hours=2), "faulted")
        # The transaction of the row was under way: its number may be below the mark.
        at(5, 9)
        assert reading_on.marks_after(marks) == marks
        assert reading_on.with_news(now - timedelta(minutes=1), marks) == {station.pk}
        at(6, 9)
        moved = reading_on.marks_after(marks)
        assert (moved["read"], moved["until"]) == (marks["next"], 9)
        assert reading_on.with_news(now - timedelta(minutes=1), moved) == {station.pk}
        at(9, 9)
        done = reading_on.marks_after(moved)
        assert reading_on.with_news(now - timedelta(minutes=1), done) == set()


@pytest.mark.django_db
def test_incidents_that_nobody_charged_at_since_keep_no_proof_back() -> None:
    station = make_station(evses=2)
    now = timezone.now()
    with across_operators(_WHY):
        first, second = station.evses.order_by("number")
        ago = now - timedelta(hours=2)
        rows = [
            Incident(
                operator=station.operator, site=station.site, station=station, public_id=f"i{n}",
                evse=second if n < 201 else first, kind="faulted", dedup_key=f"k{n}",
                severity="p2", state="resolved", resolution="remedy", restored_at=ago,
                first_symptom_at=now - timedelta(hours=3), resolved_at=ago,
            )
            for n in range(202)
        ]  # fmt: skip
        Incident.objects.bulk_create(rows)
        make_session(
            station=station, evse_number=1, evse=first, state="ended", energy_wh=5000,
            started_at=now - timedelta(hours=1),
        )  # fmt: skip
        assert proving.prove(now=now) == 1
        assert Incident.objects.get(proven_at__isnull=False).public_id == "i201"
