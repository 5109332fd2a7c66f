"""Status entries as spans of a timeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tenancy.scopes import operator_scope
from stations.hardware.history import Entry, Span, lanes, timeline
from stations.hardware.journal_models import StatusJournal
from tests.factories.stations import make_station

START = datetime(2026, 5, 1, tzinfo=UTC)
END = START + timedelta(days=1)


def entry(hours: float, status: str, connector: int = 1, error: str = "") -> Entry:
    return Entry(connector, 1, status, error, START + timedelta(hours=hours))


def test_spans_begin_with_the_status_in_force_and_end_with_the_period() -> None:
    found = lanes([entry(-5, "available"), entry(3, "charging"), entry(30, "faulted")], START, END)

    assert found[0].spans == (
        Span("available", START, START + timedelta(hours=3)),
        Span("charging", START + timedelta(hours=3), END),
    )


def test_equal_neighbours_are_joined_and_connectors_kept_apart() -> None:
    found = lanes(
        [entry(1, "charging"), entry(2, "charging"), entry(1, "faulted", 2, "GroundFailure")],
        START,
        END,
    )

    assert [lane.evse_number for lane in found] == [1, 2]
    assert found[0].spans == (Span("charging", START + timedelta(hours=1), END),)
    assert found[1].spans[0].error_code == "GroundFailure"


STATUSES = st.sampled_from(["available", "charging", "faulted"])


@given(st.lists(st.tuples(st.floats(-48, 48), STATUSES), max_size=30))
def test_spans_never_overlap_and_stay_inside(rows: list[tuple[float, str]]) -> None:
    for lane in lanes([entry(hours, status) for hours, status in rows], START, END):
        edges = [edge for span in lane.spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(START <= edge <= END for edge in edges)
        assert all(span.start < span.end for span in lane.spans)


@pytest.mark.django_db
def test_the_timeline_reads_the_journal_of_the_station_alone() -> None:
    station, other = make_station(), make_station()
    StatusJournal.objects.bulk_create(
        StatusJournal(
            id=n,
            received_at=at,
            operator_id=one.operator_id,
            station_id=one.pk,
            evse_number=1,
            connector_number=1,
            status=status,
            status_raw=status,
        )
        for n, (one, at, status) in enumerate(
            [
                (station, START - timedelta(days=3), "faulted"),
                (station, START - timedelta(days=2), "available"),
                (station, START + timedelta(hours=1), "charging"),
                (other, START + timedelta(hours=1), "unavailable"),
            ]
        )
    )

    with operator_scope(station.operator):
        (lane,) = timeline(station, START, END)

    assert [span.status for span in lane.spans] == ["available", "charging"]
