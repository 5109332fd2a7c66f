"""Commands become the right messages, and the messages keep to the schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.outbound import COMMANDS, CommandParameterError, build, commands_of
from stations.ocpp.outbound.tests.cases import CASES
from stations.ocpp.outbound.tests.charging_cases import PROFILE
from stations.ocpp.reading.tests.support import JSON


@pytest.mark.parametrize(("version", "command", "parameters", "action", "payload"), CASES)
def test_command_becomes_the_message(
    version: str, command: str, parameters: dict[str, Any], action: str, payload: dict[str, Any]
) -> None:
    assert build(command, parameters, version) == (action, payload)


def test_every_command_has_a_case_in_every_version_but_2_1() -> None:
    seen = {(version, command) for version, command, *_ in CASES}

    assert {command for _, command in seen} == set(COMMANDS)


def test_profile_of_2_0_1_is_a_list_of_schedules_with_ids() -> None:
    _, payload = build("set_charging_profile", {"evse": 1, "profile": PROFILE}, "2.0.1")

    profile = payload["chargingProfile"]
    assert profile["id"] == 5
    assert [schedule["id"] for schedule in profile["chargingSchedule"]] == [5]


def test_profile_in_the_form_of_ocpp_is_passed_on() -> None:
    _, made = build("set_charging_profile", {"evse": 1, "profile": PROFILE}, "2.0.1")

    _, passed = build(
        "set_charging_profile", {"evse": 1, "profile": made["chargingProfile"]}, "2.0.1"
    )

    assert passed == made


@pytest.mark.parametrize(
    ("version", "command", "parameters", "field", "code"),
    [
        ("1.6", "explode", {}, "", "unknown_command"),
        ("1.6", "get_base_report", {"request_id": 1}, "", "version"),
        ("1.6", "reset", {}, "type", "required"),
        ("1.6", "reset", {"type": None}, "type", "required"),
        ("1.6", "reset", {"type": "gently"}, "type", "choice"),
        ("1.6", "reset", {"type": 5}, "type", "choice"),
        ("1.6", "reset", {"type": "soft", "evse": 1}, "evse", "version"),
        ("1.6", "reset", {"type": "soft", "when": "now"}, "when", "unknown"),
        ("1.6", "unlock_connector", {"evse": "one"}, "evse", "type"),
        ("1.6", "unlock_connector", {"evse": True}, "evse", "type"),
        ("1.6", "remote_stop", {"transaction": "T-1"}, "transaction", "type"),
        ("1.6", "remote_start", {"id_token": "x" * 21}, "idTag", "schema"),
        ("1.6", "remote_start", {"id_token": "a\x00b"}, "id_token", "type"),
        ("2.0.1", "remote_start", {"id_token": "A"}, "remote_start_id", "required"),
        ("1.6", "trigger_message", {"message": "transaction_event"}, "message", "choice"),
        ("2.0.1", "get_configuration", {}, "keys", "required"),
        ("2.0.1", "get_configuration", {"keys": ["NoDot"]}, "keys", "type"),
        ("2.0.1", "get_configuration", {"keys": [5]}, "keys", "type"),
        ("1.6", "set_configuration", {"value": "x"}, "key", "required"),
        ("2.0.1", "set_configuration", {"items": [5]}, "items", "type"),
        ("1.6", "reserve_now", {"reservation_id": 1, "id_token": "A"}, "expires_at", "required"),
        (
            "1.6",
            "update_firmware",
            {"url": "x", "retrieve_at": "2026-03-01T12:00:00"},
            "retrieve_at",
            "type",
        ),
        (
            "1.6",
            "update_firmware",
            {"url": "x", "retrieve_at": datetime(2026, 3, 1)},  # noqa: DTZ001 - refused
            "retrieve_at",
            "type",
        ),
        ("2.0.1", "get_log", {"url": "x"}, "request_id", "required"),
        ("1.6", "set_charging_profile", {"profile": 5}, "profile", "type"),
        ("1.6", "set_charging_profile", {"profile": {"id": 1}}, "purpose", "required"),
        (
            "1.6",
            "set_charging_profile",
            {"profile": PROFILE | {"purpose": "external"}},
            "purpose",
            "choice",
        ),
        ("1.6", "set_charging_profile", {"profile": PROFILE | {"periods": [1]}}, "periods", "type"),
        ("1.6", "send_local_list", {"version": 1, "entries": ["A"]}, "entries", "type"),
    ],
)
def test_bad_parameter_is_named(
    version: str, command: str, parameters: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(CommandParameterError) as caught:
        build(command, parameters, version)

    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.message


def test_table_names_every_command_with_its_consequence() -> None:
    for name, command in COMMANDS.items():
        assert command.name == name
        assert bool(command.consequence) == command.is_dangerous
        assert all(bool(p.choices) == (p.kind == "choice") for p in command.parameters)
    assert "get_base_report" not in {command.name for command in commands_of("1.6")}
    assert len(commands_of("2.0.1")) == len(COMMANDS)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(COMMANDS)),
    st.sampled_from(["1.6", "2.0.1", "2.1"]),
    st.data(),
)
def test_any_parameters_give_a_valid_message_or_a_clear_error(
    command: str, version: str, data: st.DataObject
) -> None:
    names = [parameter.name for parameter in COMMANDS[command].parameters] or ["none"]
    parameters = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=8))

    error: CommandParameterError | None = None
    action = ""
    payload: dict[str, Any] = {}
    try:
        action, payload = build(command, parameters, version)
    except CommandParameterError as caught:
        error = caught

    assert bool(action) if error is None else bool(error.message)
    assert None not in payload.values()


@pytest.mark.parametrize(
    ("version", "command", "parameters", "field"),
    [
        ("1.6", "change_availability", {"operative": "perhaps"}, "operative"),
        ("2.0.1", "get_configuration", {"keys": 5}, "keys"),
        ("2.0.1", "get_configuration", {"keys": [{"component": "A"}]}, "keys"),
        ("1.6", "set_charging_profile", {"profile": PROFILE | {"transaction": "T"}}, "transaction"),
        (
            "1.6",
            "set_charging_profile",
            {"profile": PROFILE | {"periods": [{"start_s": 0, "limit": "x"}]}},
            "limit",
        ),
    ],
)
def test_value_of_the_wrong_kind_is_named(
    version: str, command: str, parameters: dict[str, Any], field: str
) -> None:
    with pytest.raises(CommandParameterError) as caught:
        build(command, parameters, version)

    assert (caught.value.field, caught.value.code) == (field, "type")


def test_profile_of_a_transaction_names_it_in_the_form_of_the_version() -> None:
    profile = PROFILE | {"purpose": "tx", "transaction": "12"}

    _, older = build("set_charging_profile", {"evse": 1, "profile": profile}, "1.6")
    _, newer = build("set_charging_profile", {"evse": 1, "profile": profile}, "2.0.1")

    assert older["csChargingProfiles"]["transactionId"] == 12
    assert newer["chargingProfile"]["transactionId"] == "12"


def test_variable_in_the_form_of_ocpp_is_passed_on() -> None:
    key = {"component": {"name": "A"}, "variable": {"name": "B"}, "surplus": 1}

    _, payload = build("get_configuration", {"keys": [key]}, "2.0.1")

    assert payload == {"getVariableData": [{"component": {"name": "A"}, "variable": {"name": "B"}}]}
