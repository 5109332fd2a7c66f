"""Checking what an operator enters about itself; every refusal names its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from core.operators import numbers
from core.ui.zone_names import zone_names

OPERATOR_FIELDS: Final = ("name", "time_zone", "currency", "language")
SETUP_FIELDS: Final = (
    "legal_name",
    "organisation_number",
    "vat_number",
    "address",
    "postal_code",
    "city",
    "bankgiro",
    "iban",
    "bic",
    "sender_name",
    "sender_email",
    "reply_to",
    "languages",
)
FIELDS: Final = OPERATOR_FIELDS + SETUP_FIELDS
CURRENCIES: Final = ("SEK", "NOK", "DKK", "EUR", "ISK", "GBP", "CHF", "PLN", "CZK")
_WRONG: Final[dict[str, str | Promise]] = {
    "organisation_number": gettext_lazy("This is no organisation number of the country."),
    "vat_number": gettext_lazy("This is no valid VAT number."),
    "bankgiro": gettext_lazy("This is no bankgiro number."),
    "iban": gettext_lazy("This is no valid IBAN."),
    "bic": gettext_lazy("This is no valid BIC."),
}


def checked(values: Mapping[str, Any], *, country_code: str) -> dict[str, Any]:
    """The values in their usual form; InvalidInput for the first that is wrong."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise InvalidInput(
            "unknown_field",
            _("There is no such field: %(names)s") % {"names": ", ".join(sorted(unknown))},
        )
    return {name: _value(name, value, country_code) for name, value in values.items()}


def _value(name: str, value: Any, country_code: str) -> Any:
    if name == "languages":
        return _languages(value)
    text = " ".join(str(value).replace("\x00", "").split())
    if name in OPERATOR_FIELDS:
        return _operator_value(name, text)
    if not text:
        return ""
    by_country: dict[str, Callable[[str, str], str]] = {
        "organisation_number": numbers.organisation_number,
        "vat_number": numbers.vat_number,
    }
    plain: dict[str, Callable[[str], str]] = {
        "bankgiro": numbers.bankgiro,
        "iban": numbers.iban,
        "bic": numbers.bic,
    }
    try:
        if name in by_country:
            return by_country[name](country_code, text)
        if name in plain:
            return plain[name](text)
    except numbers.WrongNumber as error:
        raise InvalidInput(f"wrong_{name}", str(_WRONG[name]), field=name) from error
    if name in ("sender_email", "reply_to"):
        return _email(name, text)
    return text


def _operator_value(name: str, text: str) -> str:
    if name == "name" and not text:
        raise InvalidInput("name_missing", _("Give the operator a name."), field=name)
    if name == "time_zone" and text not in zone_names():
        raise InvalidInput("time_zone", _("This is no IANA time zone."), field=name)
    if name == "currency" and text not in CURRENCIES:
        raise InvalidInput("currency", _("This currency is not supported."), field=name)
    if name == "language" and text not in dict(settings.LANGUAGES):
        raise InvalidInput("language", _("There is no such language."), field=name)
    return text


def _email(name: str, text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidInput("email", _("This is no e-mail address."), field=name) from error
    return text


def _languages(value: Any) -> list[str]:
    known = [code for code, _name in settings.LANGUAGES]
    if not isinstance(value, list | tuple) or any(code not in known for code in value):
        raise InvalidInput("languages", _("There is no such language."), field="languages")
    return [code for code in known if code in value]
