"""Registers and transaction ids as 1.6 writes them into starts, stops and meter values."""

from __future__ import annotations

from decimal import Decimal

from stations.ocpp.reading.members import Members
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.numbers import INTEGER_LIMIT

_ID_LENGTH = 36


def read_meter(members: Members, name: str) -> Decimal | None:
    """meterStart or meterStop in Wh, as sent, negative ones too."""
    meter_wh = members.decimal(name)
    if meter_wh is None:
        members.notes.append(Note.METER_MISSING)
    elif meter_wh < 0:
        members.notes.append(Note.METER_NEGATIVE)
    return meter_wh


def read_transaction(members: Members) -> str | None:
    """The transaction id as text; None when not sent. Ids that no CSMS gives are noted."""
    value = members.data.get("transactionId")
    if value is None or value == "":
        return None
    if type(value) is int and abs(value) <= INTEGER_LIMIT:
        if value <= 0:
            members.notes.append(Note.TRANSACTION_NOT_POSITIVE)
        return str(value)
    text = members.text("transactionId", _ID_LENGTH)
    if text is None:
        return None
    number = _whole(text)
    if number is None:
        return text
    if number <= 0:
        members.notes.append(Note.TRANSACTION_NOT_POSITIVE)
    return str(number)


def _whole(text: str) -> int | None:
    """The id as a whole number: ``"12"``, ``12.0`` and ``-1`` are ids too."""
    digits = text.strip().removesuffix(".0")
    if digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit():
        return int(digits)
    return None
