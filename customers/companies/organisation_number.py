"""Organisation numbers, checked by the rules of their country."""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from stdnum.exceptions import ValidationError as NumberError

_MODULES: Final = {
    "SE": "stdnum.se.orgnr",
    "NO": "stdnum.no.orgnr",
    "DK": "stdnum.dk.cvr",
    "FI": "stdnum.fi.ytunnus",
    "EE": "stdnum.ee.registrikood",
    "DE": "stdnum.de.vat",
    "NL": "stdnum.nl.btw",
    "PL": "stdnum.pl.nip",
}
_ANY: Final = re.compile(r"[0-9A-Z]{4,20}")


def compact(number: str, country_code: str) -> str | None:
    """The number without separators; None when the country's rule refuses it.

    A country without a rule here takes 4 to 20 letters and digits.
    """
    path = _MODULES.get(country_code)
    if path is None:
        plain = re.sub(r"[\s.\-]", "", number).upper()
        return plain if _ANY.fullmatch(plain) else None
    module: Any = _load(path)
    try:
        checked: str = module.validate(number)
    except NumberError:
        return None
    return checked


def shown(number: str, country_code: str) -> str:
    """The number with the separators of its country."""
    path = _MODULES.get(country_code)
    module: Any = _load(path) if path else None
    formatter = getattr(module, "format", None)
    return str(formatter(number)) if formatter and number else number


def _load(path: str) -> ModuleType:
    return import_module(path)


def digits_of(text: str) -> str:
    """A typed number as it is stored: without separators."""
    return re.sub(r"[\s.\-]", "", text).upper()
