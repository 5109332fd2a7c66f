"""Rows of the OCPP journal as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.safestring import SafeString

from stations.hardware.models import Station
from stations.ocpp.journal import Shown, shown
from stations.ocpp.models import FrameJournal
from stations.ocpp.tables import frame_url, outcome_html


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One exchange with its station and readable texts."""

    frame: FrameJournal
    station: Station | None
    request: Shown | None
    answer: Shown | None

    @property
    def took(self) -> timedelta | None:
        """From call to answer."""
        if self.frame.answered_at is None:
            return None
        return max(self.frame.answered_at - self.frame.received_at, timedelta())

    @property
    def took_ms(self) -> str:
        """The same in whole milliseconds."""
        return "" if self.took is None else f"{self.took.total_seconds() * 1000:.0f}"

    @property
    def url(self) -> str:
        """The page of the exchange."""
        return frame_url(self.frame)

    @property
    def outcome(self) -> SafeString:
        """Colour, icon and word."""
        return outcome_html(self.frame)

    @property
    def as_list(self) -> list[FrameRow]:
        """Itself alone, for the template of many."""
        return [self]

    @property
    def is_trouble(self) -> bool:
        """Whether it went wrong: an error, no answer, an unreadable frame."""
        return self.frame.outcome in ("error", "none", "bad")


def frame_rows(frames: Iterable[FrameJournal]) -> list[FrameRow]:
    """Rows with their stations; one query for all stations."""
    found = list(frames)
    stations = Station.objects.in_bulk({frame.station_id for frame in found})
    return [
        FrameRow(f, stations.get(f.station_id), shown(f.request), shown(f.answer)) for f in found
    ]
