"""The tariff model (pure): OCPI 2.2.1/2.3.0 tariffs with our own fields under ``extras``.

``parse_tariff`` reads a document and refuses a bad one with TariffError(code, message, at);
``dump_tariff`` writes it again. The format is in docs/tariffs.md.
"""

from __future__ import annotations

import hashlib
import json

from billing.tariffs.dump import dump_tariff
from billing.tariffs.parse import parse_tariff
from billing.tariffs.reading import TariffError
from billing.tariffs.terms import (
    COMPONENT_TYPES,
    DEFAULT_IDLE,
    DEFAULT_MINIMUM,
    WEEKDAYS,
    Averaging,
    ClockWindow,
    ComponentType,
    DatedPrice,
    DisplayText,
    Element,
    Extras,
    IdleTerms,
    MinimumBillable,
    PriceComponent,
    PriceLimit,
    ReservationKind,
    Restrictions,
    SpotTerms,
    Tariff,
    TariffType,
    TaxIncluded,
    Weekday,
)

__all__ = [
    "COMPONENT_TYPES",
    "DEFAULT_IDLE",
    "DEFAULT_MINIMUM",
    "WEEKDAYS",
    "Averaging",
    "ClockWindow",
    "ComponentType",
    "DatedPrice",
    "DisplayText",
    "Element",
    "Extras",
    "IdleTerms",
    "MinimumBillable",
    "PriceComponent",
    "PriceLimit",
    "ReservationKind",
    "Restrictions",
    "SpotTerms",
    "Tariff",
    "TariffError",
    "TariffType",
    "TaxIncluded",
    "Weekday",
    "canonical_json",
    "content_hash",
    "dump_tariff",
    "parse_tariff",
]


def canonical_json(tariff: Tariff) -> str:
    """One text per tariff: sorted names, no spaces, numbers as they are dumped."""
    document = dump_tariff(tariff)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(tariff: Tariff) -> str:
    """SHA-256 of the canonical form, as hexadecimal text."""
    return hashlib.sha256(canonical_json(tariff).encode()).hexdigest()
