"""Remedies: the guards, dry runs, steps until one helps, and the proof by a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.tenancy.scopes import across_operators
from stations.commands.models import Command
from stations.hardware.models import Station
from stations.incidents import detecting
from stations.incidents.models import Incident
from stations.incidents.remedies import proving, running
from stations.incidents.remedies.facts import surroundings
from stations.incidents.remedies.guards import (
    MAY_START,
    Limits,
    Surroundings,
    guard,
    starting_guard,
)
from stations.incidents.remedies.judging import got_worse
from stations.incidents.remedies.playbooks import ACTIONS, DEFAULTS
from stations.incidents.remedy_models import Playbook, RemedyRun, RemedySetting
from stations.incidents.tests.test_detecting import say
from stations.incidents.tests.test_life import signed_in
from tests.factories.core import make_operator
from tests.factories.incidents import make_incident, make_run
from tests.factories.stations import make_session, make_site, make_station

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
_WHY = "tests look at everything"
CALM: dict[str, Any] = {
    "is_connected": True, "hands_off": False, "sessions": frozenset(),
    "statuses": ((1, "faulted"), (2, "available")), "authorised": frozenset(), "restarts": (),
    "last_run_at": None, "hour": 12,
}  # fmt: skip


def said(action: str, fault: str = "transient", evse: int = 1, **facts: Any) -> str:
    limits = facts.pop("limits", Limits())
    return guard(ACTIONS[action], fault, evse, Surroundings(**CALM | facts), limits, NOW)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"sessions": frozenset({2})}, "session"),
        ({"sessions": frozenset({0})}, "session"),
        ({"statuses": ((1, "faulted"), (2, "preparing"))}, "plugged"),
        ({"authorised": frozenset({2})}, "plugged"),
        ({"is_connected": False}, "offline"),
        ({"hands_off": True}, "hands_off"),
        ({"is_maintained": True}, "maintenance"),
        ({"limits": Limits(mode="off")}, "off"),
        ({"limits": Limits(from_hour=22, until_hour=6)}, "hours"),
        ({"limits": Limits(from_hour=22, until_hour=6), "hour": 23}, ""),
        ({"restarts": [NOW - timedelta(hours=h) for h in (1, 2)]}, "too_many_6h"),
        ({"restarts": [NOW - timedelta(hours=h) for h in (7, 8, 9)]}, "too_many_day"),
        ({"fault": "safety"}, "safety"),
    ],
)
def test_a_restart_is_refused_for_a_reason(facts: dict[str, Any], reason: str) -> None:
    assert said("soft_reset", **facts) == reason


def test_other_actions_reach_less_far() -> None:
    other: dict[str, Any] = {"sessions": frozenset({2})}
    own: dict[str, Any] = {"sessions": frozenset({1})}

    assert (said("unlock", **other), said("unlock", **own)) == ("", "session")
    assert said("trigger_status", **own) == ""
    assert said("out_of_service", fault="safety", **own) == ""
    assert starting_guard(
        Surroundings(**CALM | {"last_run_at": NOW - timedelta(minutes=14)}), Limits(), NOW
    ) == "cool_down"  # fmt: skip
    assert (
        starting_guard(Surroundings(**CALM | {"is_site_busy": True}), Limits(), NOW) == "site_busy"
    )


numbers = st.frozensets(st.integers(0, 3), max_size=3)
statuses = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from([*sorted(MAY_START), "faulted", "available"]))
)


@given(
    st.sampled_from(sorted(ACTIONS)), st.sampled_from(sorted(DEFAULTS)), numbers, statuses, numbers
)
def test_no_restart_ever_with_a_session_or_a_car_that_may_start(
    name: str,
    fault: str,
    sessions: frozenset[int],
    told: list[tuple[int, str]],
    cards: frozenset[int],
) -> None:
    busy = sessions or cards or any(status in MAY_START for _evse, status in told)

    reason = said(name, fault, sessions=sessions, statuses=tuple(told), authorised=cards)

    assert not (ACTIONS[name].is_restart and busy and reason == "")
    assert not (fault == "safety" and name != "out_of_service" and reason == "")


def test_worse_is_more_down_or_gone() -> None:
    before = {"connected": True, "statuses": {"1/1": "faulted", "2/1": "available"}}

    assert not got_worse(before, before)
    assert got_worse(before, before | {"connected": False})
    assert got_worse(before, before | {"statuses": {"1/1": "faulted", "2/1": "faulted"}})


def turn(now: datetime) -> None:
    detecting.detect_state(now=now)
    running.start_due(now=now)
    running.advance_due(now=now)


def healing(mode: str = "on") -> Station:
    operator = make_operator()
    with across_operators(_WHY):
        RemedySetting.objects.create(operator=operator, mode=mode)
    return make_station(operator=operator, evses=2)


def sent() -> list[tuple[str, dict[str, Any]]]:
    return list(Command.objects.order_by("pk").values_list("action", "payload"))


@pytest.mark.django_db
def test_steps_follow_each_other_until_one_helps_and_a_session_proves_it() -> None:
    station = healing()
    now = timezone.now()
    with across_operators(_WHY):
        for _n in range(3):
            Incident.objects.create(
                operator=station.operator, site=station.site, public_id=f"inc_{_n}",
                kind="faulted", dedup_key=f"old{_n}", severity="p2", state="resolved",
                resolution="person", first_symptom_at=now - timedelta(days=2),
                restored_at=now - timedelta(days=2, hours=-3), resolved_at=now,
            )  # fmt: skip
        say(station, "faulted", now, error_code="InternalError")
        turn(now)
        assert sent() == [
            ("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
        ]
        Command.objects.update(state="answered", answer_status="Accepted")
        turn(now + timedelta(seconds=30))
        session = make_session(station=station, evse=station.evses.get(number=2), evse_number=2)
        turn(now + timedelta(seconds=61))
        assert len(sent()) == 1
        run = RemedyRun.objects.get()
        assert (run.waits_for, run.state) == ("session", "running")
        type(session).objects.update(state="ended")
        turn(now + timedelta(seconds=100))
        assert sent()[1:] == [("Reset", {"type": "Soft"})]
        say(station, "available", now + timedelta(seconds=160))
        turn(now + timedelta(seconds=161))

        incident = Incident.objects.get(kind="faulted", resolution="remedy")
        run.refresh_from_db()
        assert (run.state, run.helped_by, run.usual_s) == ("succeeded", "soft_reset", 10_800)
        assert run.saved_s == 10_800 - 161
        assert list(run.tried.values_list("action", "state")) == [
            ("trigger_status", "no_help"), ("soft_reset", "helped"),
        ]  # fmt: skip
        make_session(
            station=station, state="ended", energy_wh=5000, started_at=now + timedelta(minutes=9)
        )
        assert proving.prove(now=now + timedelta(hours=1)) == 1
        incident.refresh_from_db()
    assert incident.proven_at == now + timedelta(hours=1)


@pytest.mark.django_db
def test_sessions_without_energy_after_a_remedy_open_the_incident_again() -> None:
    station = healing()
    now = timezone.now()
    with across_operators(_WHY):
        say(station, "faulted", now, error_code="InternalError")
        turn(now)
        say(station, "available", now + timedelta(seconds=9))
        turn(now + timedelta(seconds=10))
        for minute in (1, 5):
            make_session(
                station=station, state="ended", energy_wh=0,
                started_at=now + timedelta(minutes=minute),
            )  # fmt: skip
        proving.prove(now=now + timedelta(minutes=10))
        incident = Incident.objects.get()

    assert (incident.state, incident.reopened) == ("open", 1)


@pytest.mark.django_db
def test_a_safety_fault_is_taken_out_of_service_and_left_to_people() -> None:
    station = healing()
    now = timezone.now()
    with across_operators(_WHY):
        say(station, "faulted", now, error_code="GroundFailure")
        turn(now)
        assert sent() == [("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})]
        Command.objects.update(state="answered", answer_status="Accepted")
        say(station, "unavailable", now + timedelta(seconds=5))
        for minute in (2, 3, 400):
            turn(now + timedelta(minutes=minute))
        run = RemedyRun.objects.get()
        kinds = set(Incident.objects.filter(state="open").values_list("kind", flat=True))

    assert (len(sent_all()), run.state, run.why) == (1, "failed", "needs_person")
    assert kinds == {"safety"}


def sent_all() -> list[Any]:
    with across_operators(_WHY):
        return sent()


@pytest.mark.django_db
def test_a_dry_run_writes_down_and_sends_nothing_and_a_site_heals_one_at_a_time() -> None:
    dry = healing("dry_run")
    operator = make_operator()
    with across_operators(_WHY):
        RemedySetting.objects.create(operator=operator, mode="on")
    site = make_site(operator=operator)
    both = [make_station(site=site) for _n in range(2)]
    now = timezone.now()
    with across_operators(_WHY):
        for station in (dry, *both):
            say(station, "faulted", now, error_code="InternalError")
        turn(now)
        run = RemedyRun.objects.get(station=dry)
        assert not Command.objects.filter(station=dry).exists()
        assert list(run.tried.values_list("action", "state")) == [
            ("trigger_status", "would"), ("soft_reset", "would"), ("hard_reset", "would"),
        ]  # fmt: skip
        assert (run.is_dry, run.why) == (True, "dry_run")
        assert RemedyRun.objects.filter(site=site).count() == 1


@pytest.mark.django_db
def test_a_driver_who_was_let_start_from_afar_is_not_disturbed() -> None:
    station = make_station()
    now = timezone.now()
    with across_operators(_WHY):
        Command.objects.create(
            operator=station.operator, station=station, public_id="cmd_far",
            command="remote_start", action="RemoteStartTransaction", parameters={"evse": 2},
            expires_at=now,
        )  # fmt: skip
        facts = [surroundings(station, at) for at in (now, now + timedelta(minutes=3))]

    assert [one.authorised for one in facts] == [{2}, frozenset()]


@pytest.mark.django_db
def test_the_switch_and_the_pages() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    make_run(make_incident(station))
    olga, _person = signed_in("control_room", operator)
    tore, _person = signed_in("technician", operator)
    limits = {"mode": "on", "most_per_six_hours": 1, "most_per_day": 2, "cool_down_s": 60}

    refused = tore.post("/healing/setting/", limits | {"reason": "x"}).status_code
    half = olga.post("/healing/setting/", limits | {"reason": "x", "from_hour": 22})
    olga.post("/healing/setting/", limits | {"reason": "Trusted"})
    unsafe = olga.post(
        "/healing/playbook/?class=safety", {"steps": "soft_reset 60", "reason": "x"}
    ).content.decode()
    olga.post(
        "/healing/playbook/?class=reader",
        {"steps": "clear_cache 30\n\nsoft_reset 90", "is_enabled": "on", "reason": "x"},
    )
    room = tore.get("/control-room/").content.decode()
    page = tore.get("/healing/").content.decode()

    assert refused == 403
    assert "Give both hours" in half.content.decode()
    assert "nothing is restarted" in unsafe
    assert station.name in room
    assert "A remedy ended: it works again" in room
    assert "clear the card cache" in page
    with across_operators(_WHY):
        setting, book = RemedySetting.objects.get(), Playbook.objects.get()
    assert (setting.mode, setting.most_per_day, book.fault_class) == ("on", 2, "reader")
    assert [one["wait_s"] for one in book.steps] == [30, 90]
