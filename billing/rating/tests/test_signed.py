"""Signed values: kept as sent, verified, billed, and compared with the readings (billing 38)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from billing.rating.signed import read_signed, signed_energy_wh, signed_findings

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = (
    KEY.public_key()
    .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    .hex()
)


def record(end: str = "58.685", status: str = "G", flags: str = "") -> str:
    """A begin and an end reading, signed; the space in the payload must survive."""
    readings = [
        {"TM": "2026-11-02T10:00:00,000+0000 S", "TX": "B", "RV": 57.584, "RI": "1-b:1.8.0",
         "RU": "kWh", "EF": "", "ST": "G"},
        {"TM": "2026-11-02T11:00:00,000+0000 S", "TX": "E", "RV": "END", "RI": "1-b:1.8.0",
         "RU": "kWh", "EF": flags, "ST": status},
    ]  # fmt: skip
    payload = {"FV": "1.0", "GI": "G", "GS": "1", "PG": "T1", "MS": "7", "IS": True, "RD": readings}
    text = json.dumps(payload).replace('"END"', end)
    signature = KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256())).hex()
    return f"OCMF|{text}|" + json.dumps({"SA": "ECDSA-secp256r1-SHA256", "SD": signature})


def test_signed_energy_is_the_difference_of_its_readings() -> None:
    read = read_signed(record(), PUBLIC)

    assert read.is_valid is True
    assert read.error == ""
    assert signed_energy_wh([read]) == Decimal("1101.000")
    assert signed_findings([read], Decimal(1101)) == ()


def test_one_changed_digit_breaks_the_signature() -> None:
    changed = record().replace("58.685", "58.686")

    read = read_signed(changed, PUBLIC)

    assert (read.is_valid, read.data) == (False, changed)
    assert [one.code for one in signed_findings([read], Decimal(1102))] == ["signed_value_invalid"]


def test_the_key_of_the_meter_counts_before_the_one_that_came() -> None:
    known = ec.generate_private_key(ec.SECP256R1()).public_key()
    trusted = known.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    ).hex()

    forged = read_signed(record(), PUBLIC, trusted_key=trusted)
    unsent = read_signed(record(), trusted_key=PUBLIC)

    assert (forged.is_valid, forged.public_key) == (False, trusted)
    assert (unsent.is_valid, unsent.public_key) == (True, PUBLIC)


def test_readings_that_differ_are_looked_at() -> None:
    codes = [one.code for one in signed_findings([read_signed(record(), PUBLIC)], Decimal(1200))]

    assert codes == ["signed_value_differs"]


@pytest.mark.parametrize(("status", "flags"), [("M", ""), ("G", "E")])
def test_what_the_meter_calls_unusable_is_not_billed(status: str, flags: str) -> None:
    read = read_signed(record(status=status, flags=flags), PUBLIC)

    assert "signed_value_unusable" in [one.code for one in signed_findings([read], Decimal(1101))]


@pytest.mark.parametrize("data", ["", "OCMF|", "OCMF|{}|{}", "nonsense", "OCMF|[1]|2"])
def test_garbage_is_told_and_never_raises(data: str) -> None:
    read = read_signed(data, PUBLIC)

    assert read.error != ""
    assert signed_energy_wh([read]) is None
    assert [one.severity for one in signed_findings([read], Decimal(1))] == ["info"]
