"""Findings in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from stations.sessions.findings import TEXTS
from stations.sessions.words import explain


def test_doubtful_findings_come_first_with_their_parameters() -> None:
    with translation.override("en"):
        notes = explain(
            [
                {"code": "start_repeated", "severity": "info", "params": {"count": "3"}},
                {"code": "start_missing", "severity": "doubtful", "params": {}},
            ]
        )

    assert [(n.code, n.is_doubtful) for n in notes] == [
        ("start_missing", True),
        ("start_repeated", False),
    ]
    assert notes[1].text == "The start was reported 3 times."


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_a_finding_without_its_parameters_still_says_something(code: str) -> None:
    (note,) = explain([{"code": code}])

    assert note.text


def test_a_code_of_tomorrow_explains_itself() -> None:
    (note,) = explain([{"code": "quantum_leap", "severity": "doubtful"}])

    assert (note.text, note.is_doubtful) == ("quantum_leap", True)


def test_instants_are_told_in_the_zone_of_the_site() -> None:
    finding = {"code": "silent", "params": {"at": "2026-11-22T03:26:47.593175+00:00"}}

    with translation.override("en"):
        (note,) = explain([finding], ZoneInfo("Europe/Stockholm"))

    assert note.text == "Nothing was heard of the session since 2026-11-22 04:26:47."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "The register rolled over from 9,999,999.5 to 12 Wh."),
        ("sv", "Mätaren slog runt från 9\N{NO-BREAK SPACE}999\N{NO-BREAK SPACE}999,5 till 12 Wh."),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, expected: str) -> None:
    finding = {"code": "register_rollover", "params": {"before": "9999999.5", "after": "12"}}

    with translation.override(language):
        (note,) = explain([finding])

    assert note.text == expected


@pytest.mark.parametrize("odd", ["2026-02-31T00:00:00Z", "yesterday", "2026-01-01T00:00:00", ""])
def test_an_odd_instant_is_told_as_it_was_stored(odd: str) -> None:
    with translation.override("en"):
        (note,) = explain([{"code": "silent", "params": {"at": odd}}])

    assert note.text == f"Nothing was heard of the session since {odd}."


@pytest.mark.parametrize("odd", ["many", "NaN", "Infinity", ""])
def test_an_odd_number_is_told_as_it_was_stored(odd: str) -> None:
    with translation.override("en"):
        (note,) = explain([{"code": "start_repeated", "params": {"count": odd}}])

    assert note.text == f"The start was reported {odd} times."
