"""Signed meter values (OCMF): kept as sent, verified, and compared with what is billed."""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyocmf import OCMF, MeterReadingReason, MeterStatus, PyOCMFError

from billing.rating.result import PriceFinding

TOLERANCE_WH: Final = Decimal(10)
"""Signed and plain readings may differ by what rounding to hundredths of a kWh explains."""

_FACTORS: Final = {"kWh": Decimal(1000), "Wh": Decimal(1), "MWh": Decimal(1_000_000)}


@dataclass(frozen=True, slots=True)
class SignedReading:
    """One reading of a signed value. ``register_wh`` None: no energy register, or no value."""

    reason: str
    register_wh: Decimal | None
    is_usable: bool


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A signed value, as sent. ``is_valid`` None: no key is known, or it cannot be checked."""

    data: str
    public_key: str
    is_valid: bool | None
    readings: tuple[SignedReading, ...]
    error: str = ""


def read_signed(data: str, public_key: str = "", *, trusted_key: str = "") -> SignedRecord:
    """What a signed value says, and whether its signature holds; never raises for its content.

    ``trusted_key``, the one known of the meter, counts before any that came with the value: whoever
    forges a value can send a key that fits.

    The signature is over the very characters of the payload: ``data`` is not written anew.
    """
    public_key = trusted_key or public_key
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # records off the standard that are accepted in use
            record = OCMF.from_string(_text(data))
            is_valid = _verify(record, public_key)
            readings = tuple(_readings(record))
    except (PyOCMFError, ValueError, TypeError, KeyError, IndexError) as error:
        return SignedRecord(data, public_key, None, (), str(error)[:300])
    return SignedRecord(data, public_key, is_valid, readings)


def _text(data: str) -> str:
    """OCMF as text; 2.x stations send it in Base64."""
    if data.startswith("OCMF|"):
        return data
    try:
        decoded = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return data
    return decoded if decoded.startswith("OCMF|") else data


def _verify(record: OCMF, public_key: str) -> bool | None:
    if not public_key and not record.embedded_public_key:
        return None
    try:
        return bool(record.verify_signature(public_key or None))
    except PyOCMFError:
        return False


def _readings(record: OCMF) -> Iterable[SignedReading]:
    for one in record.payload.RD:
        factor = _FACTORS.get(str(getattr(one.RU, "value", one.RU)))
        value = None if one.RV is None or factor is None else Decimal(str(one.RV)) * factor
        reason = str(getattr(one.TX, "value", one.TX) or "")
        is_usable = one.ST == MeterStatus.OK and "E" not in (one.EF or "")
        yield SignedReading(reason, value, is_usable)


_BEGIN: Final = MeterReadingReason.BEGIN.value
_ENDS: Final = frozenset({"E", "L", "R", "A", "P"})


def signed_energy_wh(records: Sequence[SignedRecord]) -> Decimal | None:
    """Energy from the begin to the last end reading; None without such a pair."""
    readings = [one for record in records for one in record.readings]
    begins = [r.register_wh for r in readings if r.reason == _BEGIN and r.register_wh is not None]
    ends = [r.register_wh for r in readings if r.reason in _ENDS and r.register_wh is not None]
    return ends[-1] - begins[0] if begins and ends else None


def signed_findings(
    records: Sequence[SignedRecord], energy_wh: Decimal | None
) -> tuple[PriceFinding, ...]:
    """What the signed values say against billing ``energy_wh``."""
    found: list[PriceFinding] = []
    if any(record.is_valid is False for record in records):
        found.append(PriceFinding("signed_value_invalid", "doubtful"))
    ends = [one for record in records for one in record.readings if one.reason]
    if any(not one.is_usable for one in ends if one.reason == _BEGIN or one.reason in _ENDS):
        found.append(PriceFinding("signed_value_unusable", "doubtful"))
    if any(record.error for record in records):
        found.append(PriceFinding("signed_value_unreadable", "info"))
    elif records and all(record.is_valid is None for record in records):
        found.append(PriceFinding("signed_value_unchecked", "info"))
    signed = signed_energy_wh(records)
    if signed is not None and energy_wh is not None and abs(signed - energy_wh) > TOLERANCE_WH:
        params = (("signed", str(signed.normalize())), ("wh", str(energy_wh.normalize())))
        found.append(PriceFinding("signed_value_differs", "doubtful", params))
    return tuple(found)
