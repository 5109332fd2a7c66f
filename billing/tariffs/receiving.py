"""Taking OCPI JSON in from a file, a text or a call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.tariffs.documents import MOST_BYTES, REFUSALS, parsed
from billing.tariffs.model import dump_tariff
from core.errors import InvalidInput


def received(text: str | bytes) -> dict[str, Any]:
    """The tariff of a JSON text as OCPI 2.3.0, without the identity and times it had elsewhere.

    Refuses what is no JSON (with line and column), no tariff, or of another version, and names the
    place. A whole OCPI response is opened.
    """
    return adopted(_read(text))


def adopted(value: Any) -> dict[str, Any]:
    """The same for JSON that is read already."""
    if isinstance(value, Mapping) and "status_code" in value:
        value = value.get("data")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    document = dump_tariff(parsed(value))
    if document.get("tax_included") == "N/A":
        document["tax_included"] = "NO"
    for name in ("id", "country_code", "party_id", "last_updated"):
        document.pop(name, None)
    return document


def _read(text: str | bytes) -> Any:
    if len(text) > MOST_BYTES:
        raise InvalidInput("too_many", str(REFUSALS["too_many"]), field="text")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise InvalidInput(
            "bad_json",
            _("This is no JSON: line %(line)s, column %(column)s.") % place,
            field="text",
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput("bad_json", _("This is no JSON."), field="text") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
