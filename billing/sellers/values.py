"""Checking what is written into a seller; every refusal names its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from stdnum import luhn

from billing.accounts.peppol import peppol_address
from core.errors import InvalidInput
from core.operators import numbers

SELLER_FIELDS: Final = (
    "name",
    "is_host",
    "organisation_number",
    "vat_number",
    "is_vat_registered",
    "has_f_tax",
    "registered_office",
    "address",
    "postal_code",
    "city",
    "country_code",
    "email",
    "phone",
    "website",
    "bankgiro",
    "plusgiro",
    "iban",
    "bic",
    "swish",
    "peppol_address",
    "colour",
    "terms_days",
    "late_interest_percent",
    "fee_by_terms",
)


def checked_seller(values: Mapping[str, Any], *, country_code: str) -> dict[str, Any]:
    """``values`` in their stored form; InvalidInput for the first that is wrong.

    ``country_code`` is that of the seller where the values name none.
    """
    unknown = sorted(set(values) - set(SELLER_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    found = {name: _plain(value) for name, value in values.items()}
    country = str(found.get("country_code") or country_code).upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise InvalidInput(
            "country_code", _("Write the two letters of the country, as SE."), field="country_code"
        )
    if "country_code" in found:
        found["country_code"] = country
    for name, check in _CHECKS.items():
        if found.get(name):
            found[name] = check(country, found[name])
    if not found.get("name", "x"):
        raise InvalidInput("name_missing", _("Give the seller its legal name."), field="name")
    return found


def plusgiro(text: str) -> str:
    """A Swedish plusgiro number, 2 to 8 digits with a check digit, as 28 65 43-4."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{2,8}", digits) or not luhn.is_valid(digits):
        raise numbers.WrongNumber(text)
    body = digits[:-1]
    head = len(body) % 2
    pairs = ([body[:head]] if head else []) + re.findall(r"\d\d", body[head:])
    return f"{' '.join(pairs)}-{digits[-1]}"


def swish_number(text: str) -> str:
    """A Swish number of a company: ten digits that begin with 123."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"123\d{7}", digits):
        raise numbers.WrongNumber(text)
    return f"{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}"


def _plain(value: Any) -> Any:
    return " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value


def _wrong(name: str) -> str:
    sentences = {
        "organisation_number": _("This is no organisation number of the country."),
        "vat_number": _("This is no valid VAT number."),
        "bankgiro": _("This is no bankgiro number."),
        "plusgiro": _("This is no plusgiro number."),
        "iban": _("This is no valid IBAN."),
        "bic": _("This is no valid BIC."),
        "swish": _("A company's Swish number has ten digits and begins with 123."),
    }
    return sentences[name]


def _number(name: str, check: Callable[[str, str], str]) -> Callable[[str, Any], str]:
    def checked(country: str, text: Any) -> str:
        try:
            return check(country, str(text))
        except numbers.WrongNumber as error:
            raise InvalidInput(f"wrong_{name}", _wrong(name), field=name) from error

    return checked


def _peppol(_country: str, text: Any) -> str:
    address = peppol_address(str(text))
    if address is None:
        raise InvalidInput(
            "peppol_address",
            _("Write a Peppol address as scheme and number: 0007:5567037485."),
            field="peppol_address",
        )
    return address


def _colour(_country: str, text: Any) -> str:
    colour = str(text).lower()
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise InvalidInput("colour", _("Write a colour as #1a4d8f."), field="colour")
    return colour


_CHECKS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "organisation_number": _number("organisation_number", numbers.organisation_number),
    "vat_number": _number("vat_number", numbers.vat_number),
    "bankgiro": _number("bankgiro", lambda _c, text: numbers.bankgiro(text)),
    "plusgiro": _number("plusgiro", lambda _c, text: plusgiro(text)),
    "iban": _number("iban", lambda _c, text: numbers.iban(text)),
    "bic": _number("bic", lambda _c, text: numbers.bic(text)),
    "swish": _number("swish", lambda _c, text: swish_number(text)),
    "peppol_address": _peppol,
    "colour": _colour,
}
