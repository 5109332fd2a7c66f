"""The tariff inside a CDR: the pinned document in the form of a version of OCPI (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from billing.rating.models import RatedSession
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator

_PLACES: Final = Decimal("0.0001")


def tariff_for(rated: RatedSession, version: str) -> dict[str, Any]:
    """The document that priced the session, without our own fields."""
    return document_of(rated.tariff_version, rated.operator, version)


def document_of(
    row: TariffVersion, operator: Operator, version: str, more: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The document of a version for partners and readers, without our own fields; ``more``:
    elements after its own, on the document's basis of tax."""
    document = {
        name: value for name, value in row.document.items() if name not in ("extras", "version")
    }
    document |= {
        "country_code": operator.country_code,
        "party_id": operator.party_id,
        "id": f"{row.tariff.public_id}-{row.number}"[:36],
        "last_updated": _moment(row.published_at or row.created_at),
    }
    document["elements"] = [*(document.get("elements") or ()), *more]
    if not document["elements"]:
        document["elements"] = [{"price_components": [_FREE]}]
    return document if version == "2.3.0" else _as_2_2_1(document)


_FREE: Final = {"type": "FLAT", "price": Decimal(0), "step_size": 1}
"""A spot price has no element; OCPI demands one."""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _as_2_2_1(document: Mapping[str, Any]) -> dict[str, Any]:
    """2.2.1 has prices without VAT alone, and other names in its limits."""
    is_included = document.get("tax_included") == "YES"
    changed = {
        name: value
        for name, value in document.items()
        if name not in ("tax_included", "preauthorize_amount")
    }
    for name in ("min_price", "max_price"):
        limit = changed.pop(name, None)
        if limit:
            changed[name] = _limit(limit)
    changed["elements"] = [
        dict(element)
        | {
            "price_components": [
                _component(one, is_included) for one in element["price_components"]
            ]
        }
        for element in document["elements"]
    ]
    return changed


def _limit(limit: Mapping[str, Any]) -> dict[str, Any]:
    before, after = limit.get("before_taxes"), limit.get("after_taxes")
    found = {"excl_vat": before if before is not None else after}
    return found if after is None else found | {"incl_vat": after}


def _component(component: Mapping[str, Any], is_included: bool) -> dict[str, Any]:
    vat = component.get("vat")
    if not is_included or not vat:
        return dict(component)
    net = Decimal(str(component["price"])) / (1 + Decimal(str(vat)) / 100)
    return dict(component) | {"price": net.quantize(_PLACES)}
