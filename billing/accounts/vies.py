"""Asking a register of VAT numbers: the interface, and the EU's VIES over HTTP.

``VAT_REGISTER`` names the register. VIES is the Commission's REST service; its members' own
registers are often out of reach, which is no answer about the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT_S: Final = 8.0
MOST_BYTES: Final = 100_000
COVERED: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
    }
)  # fmt: skip
"""Prefixes that VIES knows."""


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """What the register says of a number: valid, invalid or (``is_valid`` None) nothing."""

    is_valid: bool | None
    name: str = ""
    address: str = ""
    reference: str = ""
    error: str = ""


class VatRegister(Protocol):
    """Whoever knows which VAT numbers are in use."""

    def check(self, vat_number: str, *, asked_by: str = "") -> VatAnswer:
        """The answer about a number with its country; ``asked_by`` is the operator's own."""
        ...


class Vies:
    """The EU's VIES (REST). Never raises for what the network or the service does."""

    def check(self, vat_number: str, *, asked_by: str = "") -> VatAnswer:
        """Asks once, within eight seconds."""
        body = {"countryCode": vat_number[:2], "vatNumber": vat_number[2:]}
        if asked_by[:2] in COVERED:
            body |= {
                "requesterMemberStateCode": asked_by[:2],
                "requesterNumber": asked_by[2:],
            }
        try:
            with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
                answer = client.post(settings.VIES_URL, json=body)
            told = answer.json() if len(answer.content) <= MOST_BYTES else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return VatAnswer(None, error=type(error).__name__)
        return _read(answer.status_code, told)


def _read(status: int, told: Any) -> VatAnswer:
    if status != httpx.codes.OK or not isinstance(told, dict):
        return VatAnswer(None, error=f"HTTP {status}")
    failures = told.get("errorWrappers") or [{}]
    failure = failures[0].get("error") if isinstance(failures[0], dict) else None
    if failure or not isinstance(told.get("valid"), bool):
        return VatAnswer(None, error=str(failure or told.get("userError") or "no verdict")[:200])
    return VatAnswer(
        told["valid"],
        name=_text(told.get("name"), 200),
        address=_text(told.get("address"), 400),
        reference=_text(told.get("requestIdentifier"), 80),
    )


def _text(value: object, most: int) -> str:
    """VIES writes --- for what a country keeps to itself."""
    text = " ".join(str(value or "").split())
    return "" if text == "---" else text[:most]


def register() -> VatRegister:
    """The register that the installation names."""
    return _register(str(settings.VAT_REGISTER))


@cache
def _register(path: str) -> VatRegister:
    found: VatRegister = import_string(path)()
    return found
