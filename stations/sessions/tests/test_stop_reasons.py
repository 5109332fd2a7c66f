"""Stop reasons in words."""

from __future__ import annotations

from django.utils import translation

from stations.ocpp.reading.vocabulary import STOP_REASONS
from stations.sessions.stop_reasons import WORDS, in_words


def test_every_reason_that_is_read_has_words_and_no_other() -> None:
    assert set(WORDS) == set(STOP_REASONS.values())


def test_a_reason_is_told_in_the_language_of_the_page() -> None:
    with translation.override("sv"):
        assert in_words("EVDisconnected") == "Bilen kopplades ur"


def test_an_unknown_reason_keeps_its_spelling() -> None:
    assert in_words("Cosmic <b>ray</b>") == "Cosmic <b>ray</b>"
