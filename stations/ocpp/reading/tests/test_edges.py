"""Rare forms that one reader or another must survive."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stations.ocpp.reading.digest import fact_key
from stations.ocpp.reading.instants import read_instant
from stations.ocpp.reading.tests.support import STOCKHOLM, event, fact, meter_values, stop
from stations.ocpp.reading.texts import raw_text
from stations.sessions.facts import Sample


def first_sample(**members: object) -> Sample:
    return meter_values([{"value": "1"} | members]).readings[0].samples[0]


def test_key_of_numbers_beyond_64_bits_and_broken_text() -> None:
    assert fact_key("CS1", "A", {"n": 10**30}) == fact_key("CS1", "A", {"n": 10**30})
    assert fact_key("CS1", "A", {"n": 10**30}) != fact_key("CS1", "A", {"n": 10**30 + 1})
    assert len(fact_key("CS1", "A", "\ud800")) == 32


@pytest.mark.parametrize("offset", ["+15:59", "-12:00", " +01", "+ 01:00"])
def test_offsets_that_only_the_patient_parser_reads(offset: str) -> None:
    at = read_instant(f"2026-03-01 12:00:00{offset}", STOCKHOLM, []).at

    assert at is not None


@pytest.mark.parametrize("offset", [" +16:00", " +01:60", " -99"])
def test_offsets_that_do_not_exist(offset: str) -> None:
    assert read_instant(f"2026-03-01 12:00:00{offset}", STOCKHOLM, []).at is None


def test_raw_text_of_a_number_too_long_to_write() -> None:
    assert raw_text(10**5000, 20) == ""


def test_unit_of_2_x_in_other_forms() -> None:
    assert first_sample(unitOfMeasure="kWh").unit == "kWh"
    assert first_sample(unitOfMeasure={"multiplier": 3}).multiplier == 3
    assert first_sample(unitOfMeasure=[]).unit is None
    assert first_sample(unit="").unit is None
    assert first_sample(unit="furlong").unit == "furlong"


def test_multiplier_beyond_reason_leaves_no_value() -> None:
    sample = first_sample(unitOfMeasure={"unit": "Wh", "multiplier": 300})

    assert (sample.value, sample.multiplier) == (None, 300)


def test_words_in_other_forms() -> None:
    sample = first_sample(context=5, location="Cab\x00le", phase=[])

    assert (sample.context, sample.location, sample.phase) == ("Sample.Periodic", "Cable", "[]")
    assert first_sample(phase="").phase is None


def test_meter_values_that_are_no_objects_are_skipped() -> None:
    values = [5, {"sampledValue": {"value": "7"}, "timestamp": None}]

    found = fact("1.6", "MeterValues", {"transactionId": 7, "meterValue": values})

    assert [r.samples[0].value for r in found.readings] == [Decimal(7)]
    assert found.notes == ("connector_missing", "member_form", "time_missing")


def test_evse_as_a_bare_number() -> None:
    found = event(evse=3)

    assert (found.evse, found.connector, found.notes) == (3, None, ("member_form",))


def test_event_without_transaction_is_kept_by_its_evse() -> None:
    found = event(transactionInfo=None)

    assert (found.transaction, found.evse) == (None, 1)
    assert found.notes == ("transaction_missing",)


def test_meter_values_of_an_evse_without_samples() -> None:
    found = fact("2.0.1", "MeterValues", {"evseId": 0})

    assert (found.evse, found.readings, found.notes) == (0, (), ("no_samples",))


@pytest.mark.parametrize(("sent", "kept"), [("T-1", "T-1"), ("--5", "--5"), ("-5", "-5")])
def test_transaction_id_of_text_is_kept(sent: str, kept: str) -> None:
    assert stop(transactionId=sent).transaction == kept


def test_transaction_id_that_is_no_text_at_all() -> None:
    found = stop(transactionId=[])

    assert (found.transaction, found.meter_wh) == (None, Decimal(5000))
    assert found.notes == ("member_form", "transaction_missing")
