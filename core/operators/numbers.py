"""Numbers of companies and accounts: checked, and written in their usual form (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum import luhn
from stdnum.dk import cvr
from stdnum.ee import registrikood
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus
from stdnum.gb import vat as gb_vat
from stdnum.no import mva
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

_REGISTERS: Final[dict[str, tuple[Callable[[str], str], Callable[[str], str]]]] = {
    "SE": (se_orgnr.validate, se_orgnr.format),
    "NO": (no_orgnr.validate, no_orgnr.format),
    "DK": (cvr.validate, str),
    "FI": (ytunnus.validate, ytunnus.format),
    "EE": (registrikood.validate, str),
}
_OTHER_NUMBER: Final = re.compile(r"[0-9A-Z][0-9A-Z ./-]{3,30}")


class WrongNumber(ValueError):
    """The number cannot be right: a wrong length, sign or check digit."""


def organisation_number(country_code: str, text: str) -> str:
    """A company's number in the register of its country; others by shape alone."""
    text = text.strip().upper()
    if country_code not in _REGISTERS:
        if not _OTHER_NUMBER.fullmatch(text):
            raise WrongNumber(text)
        return text
    validate, write = _REGISTERS[country_code]
    return _checked(lambda: write(validate(text)))


def vat_number(country_code: str, text: str) -> str:
    """A VAT number with its country; one without country is taken as the operator's own."""
    text = text.strip().upper().replace(" ", "")
    if country_code == "NO":
        return _checked(lambda: mva.format(mva.validate(text.removesuffix("MVA") + "MVA")))
    if country_code == "GB":
        return _checked(lambda: "GB" + gb_vat.validate(text.removeprefix("GB")))
    prefixed = text if text[:2].isalpha() else f"{country_code}{text}"
    return _checked(lambda: eu_vat.validate(prefixed))


def iban(text: str) -> str:
    """An IBAN in groups of four."""
    return _checked(lambda: ibans.format(ibans.validate(text)))


def bic(text: str) -> str:
    """A BIC of 8 or 11 signs."""
    return _checked(lambda: bics.validate(text))


def bankgiro(text: str) -> str:
    """A Swedish bankgiro number, 7 or 8 digits with a check digit, as 5050-1055."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{7,8}", digits) or not luhn.is_valid(digits):
        raise WrongNumber(text)
    return f"{digits[:-4]}-{digits[-4:]}"


def _checked(call: Callable[[], str]) -> str:
    try:
        return call()
    except (ValidationError, ValueError, KeyError) as error:
        raise WrongNumber(str(error)) from error
