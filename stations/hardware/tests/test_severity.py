"""Which state is the worst."""

from __future__ import annotations

import pytest

from stations.hardware.choices import ConnectorStatus
from stations.hardware.severity import WORST_FIRST, marker, worst


def test_every_status_has_a_place() -> None:
    assert set(WORST_FIRST) == set(ConnectorStatus.values)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "unknown"),
        (["available", "charging"], "charging"),
        (["charging", "faulted", "unavailable"], "faulted"),
        (["available", "unavailable"], "unavailable"),
        (["available", "a-word-of-tomorrow"], "a-word-of-tomorrow"),
    ],
)
def test_the_worst_of_several_counts(statuses: list[str], expected: str) -> None:
    assert worst(statuses) == expected


@pytest.mark.parametrize(
    ("statuses", "offline", "expected"),
    [
        (["available"], 0, "available"),
        (["available"], 1, "offline"),
        (["faulted", "available"], 1, "faulted"),
        ([], 0, "unknown"),
    ],
)
def test_a_marker_shows_faults_before_lost_connections(
    statuses: list[str], offline: int, expected: str
) -> None:
    assert marker(statuses, offline_stations=offline) == expected
