"""Texts as trigrams: what Python computes is what the database keeps."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.search.match import rarest
from core.search.trigrams import fold, trigrams


def test_every_run_of_three_is_kept_once_and_none_crosses_lines() -> None:
    assert trigrams("ABCABC") == ["abc", "bca", "cab"]
    assert trigrams("abc\ndef") == ["abc", "def"]
    assert trigrams("ab") == []


def test_swedish_capitals_fold_like_others() -> None:
    assert fold("ÅKERÖ SE*ABC") == "åkerö se*abc"


@given(text=st.text(max_size=40), start=st.integers(0, 40), length=st.integers(0, 40))
def test_any_part_of_a_text_has_only_trigrams_of_the_text(
    text: str, start: int, length: int
) -> None:
    part = text[start : start + length]

    assert set(trigrams(part)) <= set(trigrams(text))


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]),
        max_size=30,
    )
)
def test_the_database_computes_the_same(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(%s), search_trigrams(search_fold(%s))", [text, text])
        folded, grams = cursor.fetchone()

    assert folded == fold(text)
    assert sorted(grams) == trigrams(text)


def test_runs_that_few_texts_have_are_looked_for() -> None:
    sample = ["se_0001 04000000aa", "se_0002 0400000bbb"]

    assert rarest(["000", "040", "0aa", "aa1"], sample) == ["0aa", "aa1"]
    assert rarest(["000", "040"], []) == ["000", "040"]
    assert rarest(["000"], sample) == ["000"]
