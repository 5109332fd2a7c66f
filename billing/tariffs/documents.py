"""Tariff documents: what may be stored, and refusals as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.tariffs.model import Tariff as PureTariff
from billing.tariffs.model import TariffError, content_hash, dump_tariff, parse_tariff
from billing.tariffs.models import Tariff
from core.errors import InvalidInput

MOST_BYTES: Final = 200_000

REFUSALS: Final[dict[str, str | Promise]] = {
    "unknown_currency": gettext_lazy("This is no currency of ISO 4217."),
    "wrong_version": gettext_lazy("Only tariffs of OCPI 2.2.1 and 2.3.0 can be read."),
    "mixed_versions": gettext_lazy("Members of OCPI 2.2.1 and 2.3.0 are mixed."),
    "not_a_tariff": gettext_lazy("This is a whole OCPI response; its data is the tariff."),
    "not_an_object": gettext_lazy("A JSON object is expected here."),
    "not_a_list": gettext_lazy("A list is expected here."),
    "missing": gettext_lazy("Something that is needed is missing here."),
    "unknown_field": gettext_lazy("This member is not known, and could change a price."),
    "unknown_value": gettext_lazy("This word is not one of those that can stand here."),
    "bad_text": gettext_lazy("A text is expected here, or it is too long."),
    "bad_number": gettext_lazy("This is no number that can stand here."),
    "bad_flag": gettext_lazy("True or false is expected here."),
    "bad_clock": gettext_lazy("A time of day as 22:00 is expected here."),
    "bad_date": gettext_lazy("A date as 2026-06-15 is expected here."),
    "bad_time": gettext_lazy("A time as 2026-06-15T08:00:00Z is expected here."),
    "too_small": gettext_lazy("The number is too small."),
    "too_many": gettext_lazy("There are too many rules."),
    "negative_price": gettext_lazy("The price is below zero."),
    "duplicate_component": gettext_lazy("The rule has two prices of one kind."),
    "impossible_restriction": gettext_lazy("This condition can never hold."),
    "impossible_limit": gettext_lazy("The least price is above the highest."),
    "two_defaults": gettext_lazy(
        "Two prices of one kind hold always; the second could never count."
    ),
    "ends_before_start": gettext_lazy("The period ends before it starts."),
}


def parsed(document: Mapping[str, Any]) -> PureTariff:
    """The document as the engine takes it; InvalidInput names the place at fault."""
    try:
        return parse_tariff(document)
    except TariffError as error:
        raise InvalidInput(error.code, refusal(error), field="document") from error


def refusal(error: TariffError) -> str:
    """A refusal in the reader's language, with the place."""
    text = str(REFUSALS.get(error.code, error.message))
    return _("%(text)s (at %(place)s)") % {"text": text, "place": error.at} if error.at else text


def checked(
    document: Mapping[str, Any], tariff: Tariff, *, may_be_negative: bool
) -> dict[str, Any]:
    """The document in its stored form; refuses another currency or VAT basis than the tariff's,
    negative prices without the right to them, and what is too large to be a tariff."""
    _refuse_basis(document, tariff)
    pure = parsed({**document, **identity(tariff)})
    if pure.extras.allow_negative and not may_be_negative:
        raise InvalidInput(
            "negative_price",
            _("A price below zero needs the right to set negative prices."),
            field="document",
        )
    stored: dict[str, Any] = dump_tariff(pure)
    if len(json.dumps(stored)) > MOST_BYTES:
        raise InvalidInput("too_many", str(REFUSALS["too_many"]), field="document")
    return stored


def _refuse_basis(document: Mapping[str, Any], tariff: Tariff) -> None:
    for name, value in identity(tariff).items():
        given = document.get(name)
        if name in ("currency", "tax_included") and given not in (None, value):
            raise InvalidInput(
                f"other_{name}",
                _("The tariff has %(name)s %(value)s; make another tariff for %(given)s.")
                % {"name": name, "value": value, "given": str(given)[:20]},
                field="document",
            )


def identity(tariff: Tariff) -> dict[str, Any]:
    """What a document says of its tariff, whatever was entered."""
    return {
        "id": tariff.public_id,
        "country_code": tariff.operator.country_code,
        "party_id": tariff.operator.party_id,
        "currency": tariff.currency,
        "tax_included": "YES" if tariff.is_tax_included else "NO",
    }


def digest_of(stored: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of a stored document."""
    return content_hash(parse_tariff(stored))
