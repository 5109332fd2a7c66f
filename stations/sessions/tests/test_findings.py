"""Findings say what was odd, in words that translate."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from stations.ocpp.reading.notes import Note
from stations.sessions.findings import TEXTS, Finding, explain, found, plain_number, settle
from stations.sessions.tests.stories import at


def test_finding_takes_its_severity_from_the_table() -> None:
    assert found("end_missing").is_doubtful
    assert not found("clock_drift", seconds=timedelta(hours=1)).is_doubtful
    assert found("register_outlier", "doubtful", count=1).is_doubtful


def test_parameters_become_plain_text() -> None:
    finding = found("readings_gap", to_at=at(60), from_at=at(0))

    assert finding.params == (
        ("from_at", "2026-05-04T08:00:00+00:00"),
        ("to_at", "2026-05-04T09:00:00+00:00"),
    )
    assert "between 2026-05-04T08:00:00+00:00 and" in explain(finding)


def test_unknown_code_is_kept_as_information() -> None:
    finding = found("note_of_a_later_release")

    assert (finding.severity, explain(finding)) == ("info", "note_of_a_later_release")


def test_missing_parameters_do_not_break_the_sentence() -> None:
    assert explain(Finding("superseded", "info")) == TEXTS["superseded"].text


def test_settled_findings_have_no_repeats_and_doubts_come_first() -> None:
    settled = settle([found("phases_summed"), found("end_missing"), found("phases_summed")])

    assert [one.code for one in settled] == ["end_missing", "phases_summed"]


def test_stored_shape() -> None:
    assert found("unit_jump", count=2).as_dict() == {
        "code": "unit_jump",
        "severity": "doubtful",
        "params": {"count": "2"},
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [("7420", "7420"), ("7420.500", "7420.5"), ("1E+3", "1000"), ("0.00", "0"), ("-0", "0")],
)
def test_plain_numbers(number: str, text: str) -> None:
    assert plain_number(Decimal(number)) == text


def test_every_text_is_a_sentence_with_named_places() -> None:
    for known in TEXTS.values():
        assert known.text.endswith(".")
        assert re.findall(r"%(?!\([a-z_]+\)s)", known.text) == []


def test_notes_of_readers_on_sessions_have_words() -> None:
    assert {str(note) for note in Note} - set(TEXTS) <= {"unknown_status"}
