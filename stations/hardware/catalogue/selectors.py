"""Reading the catalogue, and where the quirks of a station come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from stations.hardware.catalogue.matching import firmware_matches
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.models import Station
from stations.hardware.quirk_words import in_words


@dataclass(frozen=True, slots=True)
class ExplainedQuirk:
    """One quirk of a station: in words, whether it holds, and where it comes from."""

    name: str
    text: str
    holds: bool
    from_station: bool
    firmware: str = ""
    note: str = ""


def hardware_models() -> QuerySet[Any]:
    """All models of the operator in scope with ``station_count`` and ``quirk_count``."""
    queryset: QuerySet[Any] = HardwareModel.objects.annotate(
        station_count=Count("stations", filter=Q(stations__retired_on=None), distinct=True),
        quirk_count=Count("quirks", distinct=True),
    ).order_by("vendor", "model", "id")
    return queryset


def explained_quirks(station: Station) -> list[ExplainedQuirk]:
    """Every quirk of a station with its source; its own ones stand before those of its model."""
    own = [
        ExplainedQuirk(name, in_words(name, value), value not in (None, False), True)
        for name, value in station.quirks.items()
    ]
    return own + [
        ExplainedQuirk(
            row.name,
            in_words(row.name, row.value),
            row.name not in station.quirks,
            False,
            row.firmware,
            row.note,
        )
        for row in _of_model(station)
    ]


def _of_model(station: Station) -> list[ModelQuirk]:
    if station.hardware_model_id is None:
        return []
    rows = ModelQuirk.objects.filter(hardware_model_id=station.hardware_model_id)
    return [
        row
        for row in rows.order_by("name", "id")
        if firmware_matches(row.firmware, station.firmware_version)
    ]
