"""What real stations send: each row of the catalogue of wire quirks that concerns reading."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from stations.ocpp.reading import read
from stations.ocpp.reading.device_shapes import DeviceReport
from stations.ocpp.reading.shapes import AuthorizeRequest, Boot, StatusReport
from stations.ocpp.reading.tests.support import (
    EVENT,
    NOW,
    START,
    arrival,
    event,
    fact,
    meter_values,
    session,
    start,
    stop,
)
from stations.ocpp.wire.errors import refusal_of
from stations.ocpp.wire.frames import parse
from stations.ocpp.wire.messages import Call, Malformed
from stations.ocpp.wire.validators import OK, Violation, verdict


def is_invalid(version: str, action: str, payload: Any) -> bool:
    return isinstance(verdict(version, action, payload), Violation)


def test_truncated_or_invalid_json() -> None:
    message = parse(b'[2,"5","StartTransaction",{"connectorId":1,')

    assert isinstance(message, Malformed)
    assert message.text.startswith('[2,"5"')


def test_message_id_not_a_string() -> None:
    assert parse(b'[2,5,"Heartbeat",{}]') == Call(5, "Heartbeat", {})


def test_same_start_or_stop_again_with_new_id() -> None:
    first = parse(b'[2,"1","StopTransaction",{"transactionId":7,"meterStop":5,"timestamp":"t"}]')
    again = parse(b'[2,"2","StopTransaction",{"meterStop":5,"timestamp":"t","transactionId":7}]')

    assert isinstance(first, Call)
    assert isinstance(again, Call)
    assert (
        fact("1.6", "StopTransaction", first.payload).key
        == fact("1.6", "StopTransaction", again.payload).key
    )


def test_error_code_in_1_6() -> None:
    truncated = parse(b'[2,"1","Reset",')

    assert isinstance(truncated, Malformed)
    unknown = verdict("1.6", "Reset", {"type": "Gently"})
    assert isinstance(unknown, Violation)
    assert unknown.code == "FormationViolation"
    refusal = refusal_of(truncated, "1.6")
    assert refusal is not None
    assert refusal.code == "FormationViolation"


@pytest.mark.parametrize("transaction", [-1, 0, -99, "-1", "0"])
def test_transaction_id_minus_one_zero_negative(transaction: Any) -> None:
    read_stop = stop(transactionId=transaction)

    assert read_stop.transaction == str(transaction)
    assert "transaction_not_positive" in read_stop.notes


@pytest.mark.parametrize("transaction", [7, "7", 7.0, " 7 "])
def test_transaction_id_in_other_forms_is_the_same_id(transaction: Any) -> None:
    assert stop(transactionId=transaction).transaction == "7"


def test_transaction_id_beyond_the_integer_range_is_kept() -> None:
    assert stop(transactionId=2**40).transaction == str(2**40)


def test_meter_stop_minus_one_is_never_refused() -> None:
    read_stop = stop(meterStop=-1)

    assert read_stop.meter_wh == Decimal(-1)
    assert read_stop.notes == ("meter_negative",)


def test_meter_values_for_an_ended_id_are_read_like_any() -> None:
    assert meter_values([{"value": "1"}], transactionId=-1).readings


def test_unit_missing_is_told_apart_from_wh() -> None:
    assert meter_values([{"value": "1"}]).readings[0].samples[0].unit is None
    assert meter_values([{"value": "1", "unit": "Wh"}]).readings[0].samples[0].unit == "Wh"


def test_omitted_measurand_context_and_location_take_the_defaults() -> None:
    sample = meter_values([{"value": "1"}]).readings[0].samples[0]

    assert sample.measurand == "Energy.Active.Import.Register"
    assert (sample.context, sample.location, sample.phase) == ("Sample.Periodic", "Outlet", None)


@pytest.mark.parametrize("phase", ["L1", "L1-N", "N", "L3-L1"])
def test_only_phase_values_keep_their_phase(phase: str) -> None:
    read_values = meter_values([{"value": "1", "phase": phase}])

    assert read_values.readings[0].samples[0].phase == phase
    assert read_values.notes == ()


def test_unknown_measurand_is_stored_with_the_valid_ones() -> None:
    samples = [{"value": "1"}, {"value": "2", "measurand": "Voltage.Strange"}]

    read_values = meter_values(samples)

    assert is_invalid(
        "1.6",
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"timestamp": "t", "sampledValue": samples}]},
    )
    assert [s.measurand for s in read_values.readings[0].samples] == [
        "Energy.Active.Import.Register",
        "Voltage.Strange",
    ]
    assert read_values.notes == ("unknown_measurand",)


def test_unit_hz_is_read() -> None:
    read_values = meter_values([{"value": "50.01", "measurand": "Frequency", "unit": "Hz"}])

    assert read_values.readings[0].samples[0].unit == "Hz"
    assert read_values.notes == ()


def test_error_code_error_is_kept() -> None:
    payload = {"connectorId": 1, "errorCode": "Error", "status": "Faulted"}

    report = read("StatusNotification", payload, arrival())

    assert is_invalid("1.6", "StatusNotification", payload)
    assert isinstance(report, StatusReport)
    assert (report.status, report.error_code) == ("faulted", "Error")


def test_number_instead_of_text_is_a_value() -> None:
    read_values = meter_values([{"value": 1234.5}])

    assert read_values.readings[0].samples[0].value == Decimal("1234.5")
    assert read_values.readings[0].samples[0].raw == "1234.5"


@pytest.mark.parametrize("value", ["NaN", "nan", "Infinity", "-inf", "", "abc", None, True, [], {}])
def test_nan_is_kept_as_text_without_value(value: Any) -> None:
    read_values = meter_values([{"value": value}, {"value": "5"}])

    assert [s.value for s in read_values.readings[0].samples] == [None, Decimal(5)]
    assert read_values.notes == ("not_a_number",)


@pytest.mark.parametrize("samples", [[], None, "x", 5, [5]])
def test_empty_sample_lists_are_answered(samples: Any) -> None:
    read_values = meter_values(samples)

    assert read_values.readings == ()
    assert "no_samples" in read_values.notes


@pytest.mark.parametrize("value", [None, [], {}, "x"])
def test_meter_values_without_meter_value_are_answered(value: Any) -> None:
    read_values = fact("1.6", "MeterValues", {"connectorId": 1, "meterValue": value})

    assert read_values.readings == ()
    assert "no_samples" in read_values.notes


def test_long_serial_model_firmware_are_cut() -> None:
    payload = {
        "chargePointVendor": "v" * 300,
        "chargePointModel": "m" * 30,
        "chargePointSerialNumber": "s" * 40,
        "firmwareVersion": "f" * 60,
    }

    boot = read("BootNotification", payload, arrival())

    assert is_invalid("1.6", "BootNotification", payload)
    assert isinstance(boot, Boot)
    assert boot.vendor == "v" * 100
    assert (boot.model, boot.serial_number) == ("m" * 30, "s" * 40)
    assert boot.firmware_version == "f" * 60
    assert boot.notes == ("text_cut",)


def test_extra_properties_are_ignored() -> None:
    payload = {"idTag": "A", "connectorId": 1}

    authorize = read("Authorize", payload, arrival())

    assert is_invalid("1.6", "Authorize", payload)
    assert isinstance(authorize, AuthorizeRequest)
    assert (authorize.token.value, authorize.notes) == ("A", ())


def test_timestamp_without_zone_is_in_the_zone_of_the_station() -> None:
    winter = start(timestamp="2026-03-01T12:59:58")
    summer = start(timestamp="2026-07-01T12:59:58.5")

    assert winter.at == datetime(2026, 3, 1, 11, 59, 58, tzinfo=UTC)
    assert summer.at == datetime(2026, 7, 1, 10, 59, 58, 500_000, tzinfo=UTC)
    assert winter.notes == summer.notes == ("time_without_zone",)


@pytest.mark.parametrize("offset", ["+03", "+03:00", "+0300"])
def test_plus_03_offset(offset: str) -> None:
    assert start(timestamp=f"2026-03-01T14:59:58{offset}").at == datetime(
        2026, 3, 1, 11, 59, 58, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "timestamp",
    ["1970-01-01T00:00:12Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00"],
)
def test_1970_and_0001_leave_the_arrival_and_keep_the_raw_text(timestamp: str) -> None:
    read_start = start(timestamp=timestamp)

    assert (read_start.at, read_start.at_raw) == (None, timestamp)
    assert read_start.arrived_at == NOW
    assert "time_implausible" in read_start.notes


@pytest.mark.parametrize("timestamp", ["yesterday", "", "2026-13-01T00:00:00Z", 12, [], True])
def test_the_library_does_not_check_date_time_at_all(timestamp: Any) -> None:
    assert start(timestamp=timestamp).at is None


def test_the_schema_lets_any_text_pass_as_time() -> None:
    assert verdict("1.6", "StartTransaction", START | {"timestamp": "yesterday"}) is OK


@pytest.mark.parametrize("tag", ["VID:aabbccddee", "04a1b2c3", "ÅÄÖ-1", "a b"])
def test_tag_case_colon_hex_only_are_kept_as_sent(tag: str) -> None:
    assert start(idTag=tag).id_token == tag


def test_empty_id_tag_of_a_start_is_empty_and_of_a_stop_is_none() -> None:
    message = session("1.6", "StartTransaction", START | {"idTag": ""})

    assert message.fact.id_token == ""
    assert message.token is not None
    assert message.fact.notes == ("empty_id_token",)
    assert stop(idTag="").id_token is None


def test_2_0_1_evse_without_connector_id() -> None:
    read_event = event(evse={"id": 2})

    assert (read_event.evse, read_event.connector, read_event.notes) == (2, None, ())


def test_2_0_1_seq_no_missing_and_offline() -> None:
    read_event = event(seqNo=None, offline=True)

    assert (read_event.seq_no, read_event.offline) == (None, True)
    assert read_event.notes == ("sequence_missing",)


def test_client_a_updated_events_have_no_evse_and_remote_start_has_no_token() -> None:
    updated = event(eventType="Updated", evse=None, idToken=None)
    started = event(idToken=None, transactionInfo={"transactionId": "T", "remoteStartId": 5})

    assert (updated.kind, updated.evse, updated.notes) == ("update", None, ())
    assert (started.id_token, started.remote_start, started.notes) == (None, 5, ())


def test_client_b_sequence_number_zero_in_every_event_still_has_distinct_keys() -> None:
    first = event(eventType="Updated", timestamp="2026-03-01T11:00:00Z")
    second = event(eventType="Updated", timestamp="2026-03-01T11:01:00Z")

    assert first.seq_no == second.seq_no == 0
    assert first.key != second.key


def test_client_b_empty_report_data() -> None:
    payload = {
        "requestId": 1,
        "generatedAt": "2026-03-01T11:00:00Z",
        "seqNo": 0,
        "reportData": [],
    }

    report = read("NotifyReport", payload, arrival("2.0.1"))

    assert is_invalid("2.0.1", "NotifyReport", payload)
    assert isinstance(report, DeviceReport)
    assert (report.variables, report.is_last) == ((), True)


def test_client_c_ended_without_evse_reason_and_meter_value() -> None:
    payload = {name: EVENT[name] for name in EVENT if name not in ("evse", "idToken")}

    ended = fact("2.0.1", "TransactionEvent", payload | {"eventType": "Ended"})

    assert (ended.kind, ended.reason, ended.readings, ended.evse) == ("stop", "Local", (), None)
    assert ended.notes == ()


def test_unknown_stop_reason_is_kept() -> None:
    read_stop = stop(reason="Teleported")

    assert (read_stop.reason, read_stop.notes) == ("Teleported", ("unknown_reason",))


def test_unknown_event_type_is_an_update() -> None:
    read_event = event(eventType="Paused")

    assert (read_event.kind, read_event.notes) == ("update", ("unknown_event_type",))


def test_signed_data_is_no_number() -> None:
    sample = meter_values([{"value": "30820108", "format": "SignedData"}]).readings[0].samples[0]

    assert (sample.value, sample.signed, sample.raw) == (None, True, "30820108")


def test_names_in_other_case_are_known() -> None:
    sample = (
        meter_values([{"value": "1", "measurand": "energy.active.import.register", "unit": "kwh"}])
        .readings[0]
        .samples[0]
    )

    assert (sample.measurand, sample.unit) == ("Energy.Active.Import.Register", "kWh")


def test_hundred_thousand_samples_are_read() -> None:
    read_values = meter_values([{"value": "1"}] * 100_000)

    assert len(read_values.readings[0].samples) == 100_000
    assert read_values.notes == ()
