"""From a wish to a command row: checks, offline rules, what is left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.audit.models import ActorKind, AuditEntry
from core.audit.services import Actor
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import operator_scope
from stations.commands.models import Command, CommandState
from stations.hardware.models import Station
from stations.ocpp.models import ChargingProfile, Reservation
from stations.ocpp.sending import Request, request_command, request_raw, send_to_many
from tests.factories.core import make_operator
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
OLGA = Actor(ActorKind.PERSON, "olga", 1)
PROGRAM = Actor(ActorKind.API_TOKEN, "program", 2)
SYSTEM = Actor(ActorKind.SYSTEM, "system")


def order(station: Station, command: str, by: Actor = PROGRAM, **options: Any) -> Command:
    with operator_scope(station.operator):
        return request_command(station=station, command=command, by=by, **options)


def raw(station: Station, action: str, payload: dict[str, Any], **options: Any) -> Command:
    with operator_scope(station.operator):
        return request_raw(station=station, action=action, payload=payload, by=PROGRAM, **options)


def test_a_command_is_built_in_the_version_of_the_connection() -> None:
    old, new = make_station(), make_station(ocpp_version="2.0.1")

    first = order(old, "reset", parameters={"type": "soft"})
    second = order(new, "Reset", parameters={"type": "soft"})

    assert (first.action, first.payload, first.ocpp_version) == ("Reset", {"type": "Soft"}, "1.6")
    assert (second.payload, second.ocpp_version) == ({"type": "OnIdle"}, "2.0.1")
    assert first.state == CommandState.QUEUED
    assert first.bridge == "bridge1"


def test_the_bridge_is_told_after_the_commit(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda *args, **kwargs: sent.append((args, kwargs))
    )

    with django_capture_on_commit_callbacks(execute=True):
        command = order(make_station(), "reset", parameters={"type": "hard"})
        assert sent == []

    ((name,), options) = sent[0]
    assert name == "stations.ocpp.bridge.tasks.deliver"
    assert options["args"] == [command.pk]
    assert options["queue"] == "bridge.bridge1"
    assert options["expires"] == command.expires_at


def test_a_broker_that_is_down_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", down)

    with django_capture_on_commit_callbacks(execute=True):
        command = order(make_station(), "reset", parameters={"type": "hard"})

    assert command.state == CommandState.QUEUED


def test_a_station_that_is_away_refuses_or_waits_if_asked_but_never_starts() -> None:
    station = make_station(is_connected=False)

    refused = order(station, "reset", parameters={"type": "soft"})
    waiting = order(station, "reset", parameters={"type": "soft"}, queue_if_offline=True)
    start = order(
        station, "remote_start", parameters={"id_token": "A", "evse": 1}, queue_if_offline=True
    )
    raw_start = raw(station, "RemoteStartTransaction", {"idTag": "A"}, queue_if_offline=True)

    assert (refused.state, refused.error_code) == (CommandState.REFUSED_OFFLINE, "offline")
    assert refused.finished_at is not None
    assert waiting.state == CommandState.QUEUED
    assert waiting.expires_at - waiting.created_at == timedelta(hours=24)
    assert (start.state, start.error_code) == (CommandState.REFUSED_OFFLINE, "start_not_queued")
    assert raw_start.error_code == "start_not_queued"


def test_a_station_that_never_connected_has_no_version_to_queue_for() -> None:
    station = make_station(is_connected=False, ocpp_version="")

    refused = order(station, "reset", parameters={"type": "soft"})
    waiting = order(station, "reset", parameters={"type": "soft"}, queue_if_offline=True)

    assert refused.error_code == "offline"
    assert waiting.error_code == "version_unknown"
    with pytest.raises(InvalidInput, match="no such command"):
        order(station, "dance")


@pytest.mark.parametrize(
    ("command", "parameters", "code"),
    [
        ("dance", {}, "unknown_command"),
        ("reset", {"type": "sideways"}, "choice"),
        ("reset", {}, "required"),
        ("reset", {"type": "soft", "colour": "red"}, "unknown"),
        ("get_base_report", {}, "version"),
        ("remote_start", {"id_token": "X" * 21}, "schema"),
    ],
)
def test_bad_commands_are_named_and_leave_nothing(
    command: str, parameters: dict[str, Any], code: str
) -> None:
    station = make_station()

    with pytest.raises(InvalidInput) as refused:
        order(station, command, parameters=parameters)

    assert refused.value.code == code
    with operator_scope(station.operator):
        assert not Command.objects.exists()


def test_a_raw_message_is_checked_against_its_schema_alone() -> None:
    station = make_station()

    sent = raw(station, "UnlockConnector", {"connectorId": 99})

    assert sent.payload == {"connectorId": 99}
    with pytest.raises(InvalidInput) as wrong:
        raw(station, "UnlockConnector", {"connectorId": "x"})
    assert wrong.value.code == "schema"
    with pytest.raises(InvalidInput):
        raw(station, "BootNotification", {"chargePointVendor": "a", "chargePointModel": "b"})


def test_people_say_why_for_dangerous_commands_programs_need_not() -> None:
    station = make_station()

    with pytest.raises(InvalidInput) as silent:
        order(station, "reset", by=OLGA, parameters={"type": "hard"}, reason="  ")
    said = order(station, "reset", by=OLGA, parameters={"type": "hard"}, reason="Hangs")
    program = order(station, "reset", parameters={"type": "hard"})

    assert silent.value.field == "reason"
    assert said.reason == "Hangs"
    assert program.state == CommandState.QUEUED
    with operator_scope(station.operator):
        entry = AuditEntry.objects.filter(verb="command.send").order_by("id").first()
    assert entry is not None
    assert (entry.actor_label, entry.reason) == ("olga", "Hangs")
    assert entry.object_id == str(station.pk)


def test_hands_off_and_retired_stations_refuse() -> None:
    station = make_station(hands_off=True)

    with pytest.raises(RuleViolation) as ours:
        order(station, "reset", by=SYSTEM, parameters={"type": "soft"})
    assert ours.value.code == "hands_off"
    assert order(station, "reset", parameters={"type": "soft"}).state == CommandState.QUEUED

    station.retired_on = station.created_at.date()
    with pytest.raises(RuleViolation) as gone:
        order(station, "reset", parameters={"type": "soft"})
    assert gone.value.code == "station_retired"


def test_many_stations_are_asked_together_and_one_refusal_stops_no_other() -> None:
    operator = make_operator()
    new = make_station(operator=operator, ocpp_version="2.0.1")
    old = make_station(operator=operator)
    away = make_station(operator=operator, ocpp_version="2.0.1", is_connected=False)

    with operator_scope(operator):
        batch = send_to_many([old, new, away], Request(command="get_base_report"), by=PROGRAM)

    assert [c.station_id for c in batch.commands] == [new.pk, away.pk]
    assert {c.batch_id for c in batch.commands} == {batch.id}
    assert [(s.pk, r.code) for s, r in batch.refusals] == [(old.pk, "version")]
    assert 0 < batch.commands[0].payload["requestId"] < 2**31


def test_secrets_stay_out_of_parameters_audit_and_pages() -> None:
    station = make_station()

    command = order(
        station,
        "set_configuration",
        parameters={"key": "AuthorizationKey", "value": "abcdef0123456789abcdef"},
    )

    assert command.payload["value"] == "abcdef0123456789abcdef"  # until the bridge has sent it
    assert command.parameters["value"] == "***"
    with operator_scope(station.operator):
        entry = AuditEntry.objects.get(verb="command.send")
    assert "abcdef" not in str(entry.after)


def test_reserve_now_leaves_a_reservation_with_a_number_of_its_own() -> None:
    station = make_station()
    parameters = {"id_token": "A", "evse": 1, "expires_at": "2030-01-01T00:00:00Z"}

    first = order(station, "reserve_now", parameters=parameters)
    second = order(station, "reserve_now", parameters=parameters)
    raw(
        station,
        "ReserveNow",
        {"connectorId": 9, "expiryDate": "yesterday", "idTag": "B", "reservationId": 7},
    )

    assert [first.payload["reservationId"], second.payload["reservationId"]] == [1, 2]
    with operator_scope(station.operator):
        rows = Reservation.objects.order_by("number").values_list(
            "number", "evse_number", "id_token", "state"
        )
        assert list(rows) == [
            (1, 1, "A", "requested"),
            (2, 1, "A", "requested"),
            (7, 9, "B", "requested"),
        ]


def test_a_stored_profile_is_sent_under_its_number_in_either_version() -> None:
    operator = make_operator()
    old = make_station(operator=operator)
    new = make_station(operator=operator, ocpp_version="2.0.1")
    schedule = {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}],
    }
    with operator_scope(operator):
        ChargingProfile.objects.create(
            operator=operator,
            number=158,
            profile={
                "chargingProfileId": 158,
                "stackLevel": 0,
                "chargingProfilePurpose": "ChargePointMaxProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": schedule,
            },
        )

    first = order(old, "set_charging_profile", parameters={"profile_id": 158, "evse": 0})
    second = order(new, "set_charging_profile", parameters={"profile_id": 158, "evse": 0})

    assert first.payload["csChargingProfiles"]["chargingProfileId"] == 158
    sent = second.payload["chargingProfile"]
    assert (sent["id"], sent["chargingProfilePurpose"]) == (158, "ChargingStationMaxProfile")
    assert sent["chargingSchedule"] == [{"id": 1, **schedule}]
    with pytest.raises(InvalidInput, match="no stored profile"):
        order(old, "set_charging_profile", parameters={"profile_id": 1})
