"""History of a station: statuses as intervals for the timeline, and connections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, QuerySet

from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Station

MAX_ENTRIES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Span:
    """One connector was in ``status`` over [start, end)."""

    status: str
    start: datetime
    end: datetime
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The spans of one connector, oldest first."""

    evse_number: int
    connector_number: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One status as it was reported: connector, status, error, when it reached us."""

    evse_number: int
    connector_number: int
    status: str
    error_code: str
    at: datetime


def status_entries(station: Station) -> QuerySet[StatusJournal]:
    """The status journal of a station, newest first."""
    return StatusJournal.objects.filter(
        station_id=station.pk, operator_id=station.operator_id
    ).order_by("-received_at", "-id")


def connection_entries(station: Station) -> QuerySet[ConnectionJournal]:
    """The connection journal of a station, newest first."""
    return ConnectionJournal.objects.filter(
        station_id=station.pk, operator_id=station.operator_id
    ).order_by("-received_at", "-id")


def timeline(station: Station, start: datetime, end: datetime) -> list[Lane]:
    """One lane per connector over [start, end), with the status in force at the start."""
    journal = status_entries(station)
    rows = journal.filter(received_at__gte=start, received_at__lt=end)
    fields = ("evse_number", "connector_number", "status", "error_code", "received_at")
    entries = [Entry(*row) for row in rows.values_list(*fields)[:MAX_ENTRIES]]
    before = (
        journal.filter(received_at__lt=start)
        .order_by()
        .values("evse_number", "connector_number")
        .annotate(last=Max("received_at"))
        .values_list("last", flat=True)
    )
    earlier = journal.filter(received_at__in=list(before)).values_list(*fields)
    entries.extend(Entry(*row) for row in earlier)
    return lanes(entries, start, end)


def lanes(entries: Iterable[Entry], start: datetime, end: datetime) -> list[Lane]:
    """Spans between reports, cut to [start, end); equal neighbours are joined."""
    by_connector: dict[tuple[int, int], list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: e.at):
        by_connector.setdefault((entry.evse_number, entry.connector_number), []).append(entry)
    return [
        Lane(evse, connector, tuple(_spans(rows, start, end)))
        for (evse, connector), rows in sorted(by_connector.items())
    ]


def _spans(rows: Sequence[Entry], start: datetime, end: datetime) -> list[Span]:
    spans: list[Span] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        begins, ends = max(row.at, start), min(following.at if following else end, end)
        if begins >= ends:
            continue
        last = spans[-1] if spans else None
        if last and (last.status, last.error_code) == (row.status, row.error_code):
            spans[-1] = Span(last.status, last.start, ends, last.error_code)
        else:
            spans.append(Span(row.status, begins, ends, row.error_code))
    return spans
