"""Meter values of 1.6 and 2.x as readings; what is omitted takes the protocol's default."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import Any

from stations.ocpp.reading.instants import read_instant
from stations.ocpp.reading.members import Members, as_list
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.numbers import read_decimal
from stations.ocpp.reading.texts import raw_text
from stations.ocpp.reading.vocabulary import MEASURANDS, PHASES, UNITS
from stations.sessions.facts import DEFAULT_MEASURAND, Reading, Sample

RAW_LENGTH = 64
SIGNED_LENGTH = 20_000
KEY_LENGTH = 2_500
_NAME_LENGTH = 64
_LARGEST_MULTIPLIER = 12


def read_readings(value: Any, zone: tzinfo, notes: list[str]) -> tuple[Reading, ...]:
    """Every meter value of a list that has samples, in the order sent."""
    readings = []
    for item in as_list(value, notes):
        if type(item) is not dict:
            notes.append(Note.MEMBER_FORM)
            continue
        samples = _samples(item.get("sampledValue"), notes)
        if not samples:
            notes.append(Note.NO_SAMPLES)
            continue
        instant = read_instant(item.get("timestamp"), zone, notes)
        readings.append(Reading(at_raw=instant.raw, at=instant.at, samples=samples))
    return tuple(readings)


def _samples(value: Any, notes: list[str]) -> tuple[Sample, ...]:
    samples = []
    for item in as_list(value, notes):
        if type(item) is dict:
            samples.append(_sample(item, notes))
        else:
            notes.append(Note.MEMBER_FORM)
    return tuple(samples)


def _sample(item: dict[str, Any], notes: list[str]) -> Sample:
    raw = item.get("value")
    signed = item.get("format") == "SignedData" or bool(item.get("signedMeterValue"))
    unit, multiplier = _unit(item, notes)
    signed_data, public_key = _signed_value(item, notes) if signed else ("", "")
    return Sample(
        raw=raw_text(raw, RAW_LENGTH),
        value=_value(raw, item, multiplier, notes),
        measurand=_name(item.get("measurand"), MEASURANDS, Note.UNKNOWN_MEASURAND, notes)
        or DEFAULT_MEASURAND,
        phase=_name(item.get("phase"), PHASES, Note.MEMBER_FORM, notes),
        location=_word(item.get("location"), notes) or "Outlet",
        unit=unit,
        multiplier=multiplier,
        context=_word(item.get("context"), notes) or "Sample.Periodic",
        signed=signed,
        signed_data=signed_data,
        public_key=public_key,
    )


def _signed_value(item: dict[str, Any], notes: list[str]) -> tuple[str, str]:
    """The signed value and its key exactly as sent: a signature is over the very characters.

    Nothing is cut: what is too long to keep, or holds what the database cannot, is left out.
    """
    described = item.get("signedMeterValue")
    if type(described) is dict:
        notes.append(Note.SIGNED_DATA)
        values = (described.get("signedMeterData"), described.get("publicKey"))
    else:
        values = (item.get("value"), None)
    data, key = (
        value if isinstance(value, str) and len(value) <= limit and "\x00" not in value else ""
        for value, limit in zip(values, (SIGNED_LENGTH, KEY_LENGTH), strict=True)
    )
    return data, key


def _value(raw: Any, item: dict[str, Any], multiplier: int, notes: list[str]) -> Decimal | None:
    if item.get("format") == "SignedData":
        notes.append(Note.SIGNED_DATA)
        return None
    if abs(multiplier) > _LARGEST_MULTIPLIER:
        notes.append(Note.NUMBER_OUT_OF_RANGE)
        return None
    return read_decimal(raw, notes)


def _unit(item: dict[str, Any], notes: list[str]) -> tuple[str | None, int]:
    """Unit as OCPP spells it (None when not sent) and multiplier."""
    described = item.get("unitOfMeasure")
    if described is None:
        return _name(item.get("unit"), UNITS, Note.UNKNOWN_UNIT, notes), 0
    if type(described) is str:
        return _name(described, UNITS, Note.UNKNOWN_UNIT, notes), 0
    members = Members(described, notes)
    unit = _name(members.data.get("unit"), UNITS, Note.UNKNOWN_UNIT, notes)
    return unit, members.integer("multiplier") or 0


def _name(value: Any, known: dict[str, str], note: Note, notes: list[str]) -> str | None:
    """A name in OCPP's spelling whatever its case; unknown names are kept and noted."""
    if value is None or value == "":
        return None
    if type(value) is str:
        spelled = known.get(value) or known.get(value.strip().lower())
        if spelled is not None:
            return spelled
    notes.append(note)
    return raw_text(value, _NAME_LENGTH) or None


def _word(value: Any, notes: list[str]) -> str | None:
    if value is None:
        return None
    if type(value) is str:
        return (
            value
            if len(value) <= _NAME_LENGTH and value.isprintable()
            else (raw_text(value, _NAME_LENGTH))
        )
    notes.append(Note.MEMBER_FORM)
    return None
