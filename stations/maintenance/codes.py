"""The door for codes on connectors: an upper floor knows them (``CONNECTOR_CODES``)."""

from __future__ import annotations

import re
from typing import Final, Protocol

from core.plugins import plugged
from stations.hardware.models import Evse, Station
from stations.hardware.selectors import find_station

_LAST: Final = re.compile(r"([^/?#]+)/?(?:[?#].*)?$")


class CodeSource(Protocol):
    """Who knows what the codes on connectors stand for."""

    def evse_of(self, code: str) -> int | None:
        """The key of the EVSE in scope that a code stands on; None for an unknown code."""


class TestCardSource(Protocol):
    """Who knows a card that costs nothing, to prove that a station charges (``TEST_CARDS``)."""

    def start_parameters(self, evse: Evse) -> dict[str, object] | None:
        """What ``remote_start`` takes for a test at an EVSE; None where no such card is there."""


def station_named(text: str) -> tuple[Station | None, Evse | None]:
    """The station in scope that a scanned code or address, an EVSE id, or the name or id of a
    station stands for; its EVSE where the text names one."""
    match = _LAST.search(text.strip())
    word = match[1].strip()[:100] if match else ""
    if not word:
        return None, None
    for source in plugged("CONNECTOR_CODES"):
        pk = source.evse_of(word.lower())
        if pk is not None:
            return _of(Evse.objects.filter(pk=pk).select_related("station").first())
    evse = Evse.objects.filter(public_id__iexact=word).select_related("station").first()
    if evse is not None:
        return _of(evse)
    station = find_station(word) or Station.objects.filter(name__iexact=word).first()
    return station, None


def _of(evse: Evse | None) -> tuple[Station | None, Evse | None]:
    return (evse.station, evse) if evse is not None else (None, None)
