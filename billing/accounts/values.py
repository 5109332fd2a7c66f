"""Checking what is written into an account; every refusal names its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from billing.accounts.peppol import peppol_address
from core.errors import InvalidInput
from core.operators import numbers
from core.operators.values import CURRENCIES

MOST_EMAILS: Final = 10
ACCOUNT_FIELDS: Final = (
    "kind",
    "name",
    "organisation_number",
    "vat_number",
    "address",
    "address_extra",
    "postal_code",
    "city",
    "country_code",
    "language",
    "currency",
    "payment_terms_days",
    "emails",
    "peppol_address",
    "buyer_reference",
    "order_number",
    "invoice_rhythm",
    "invoice_grouping",
    "credit_limit_amount",
)


def checked_account(values: Mapping[str, Any], *, country_code: str) -> dict[str, Any]:
    """``values`` in their stored form; InvalidInput for the first that is wrong.

    ``country_code`` is that of the account where the values name none.
    """
    unknown = sorted(set(values) - set(ACCOUNT_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    found = {name: _plain(value) for name, value in values.items()}
    country = _country(found.get("country_code", country_code))
    if "country_code" in found:
        found["country_code"] = country
    for name, check in _CHECKS.items():
        if found.get(name):
            found[name] = check(country, found[name])
    if not found.get("name", "x"):
        raise InvalidInput("name_missing", _("Give the account a name."), field="name")
    return found


def _plain(value: Any) -> Any:
    return " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value


def _country(code: str) -> str:
    plain = code.upper()
    if len(plain) != 2 or not (plain.isalpha() and plain.isascii()):
        raise InvalidInput(
            "country_code", _("Write the two letters of the country, as SE."), field="country_code"
        )
    return plain


def _organisation_number(country: str, text: str) -> str:
    try:
        return numbers.organisation_number(country, text)
    except numbers.WrongNumber as error:
        raise InvalidInput(
            "organisation_number",
            _("This is no organisation number of %(country)s.") % {"country": country},
            field="organisation_number",
        ) from error


def _vat_number(country: str, text: str) -> str:
    try:
        return numbers.vat_number(country, text)
    except numbers.WrongNumber as error:
        raise InvalidInput(
            "vat_number", _("This is no valid VAT number."), field="vat_number"
        ) from error


def _currency(_country_code: str, text: str) -> str:
    code = text.upper()
    if code not in CURRENCIES:
        raise InvalidInput("currency", _("This currency is not supported."), field="currency")
    return code


def _emails(_country_code: str, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_EMAILS:
        raise InvalidInput(
            "emails", _("An account has at most 10 invoice addresses."), field="emails"
        )
    found: dict[str, str] = {}
    for one in value:
        try:
            validate_email(one)
        except ValidationError as error:
            raise InvalidInput(
                "emails",
                _("%(text)s is no e-mail address.") % {"text": str(one)[:80]},
                field="emails",
            ) from error
        found.setdefault(one.casefold(), one)
    return list(found.values())


def _peppol(_country_code: str, text: str) -> str:
    address = peppol_address(text)
    if address is None:
        raise InvalidInput(
            "peppol_address",
            _("Write a Peppol address as scheme and number: 0007:5567037485."),
            field="peppol_address",
        )
    return address


def _credit_limit(_country_code: str, amount: Decimal) -> Decimal:
    if amount < 0:
        raise InvalidInput(
            "credit_limit", _("A credit limit is not negative."), field="credit_limit_amount"
        )
    return amount


_CHECKS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "organisation_number": _organisation_number,
    "vat_number": _vat_number,
    "currency": _currency,
    "emails": _emails,
    "peppol_address": _peppol,
    "credit_limit_amount": _credit_limit,
}
