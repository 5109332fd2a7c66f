"""Which model a station is, and which firmware a quirk means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.hardware.catalogue.matching import (
    ModelFacts,
    QuirkFacts,
    best_model,
    firmware_matches,
    is_firmware_pattern,
    quirks_for,
    version_key,
)


@pytest.mark.parametrize(
    ("pattern", "version", "expected"),
    [
        ("", "1.2.3", True),
        ("", "", True),
        ("1.2.*", "1.2.3", True),
        ("1.2.*", "1.20.3", False),
        ("1.2.*, 1.4.*", "1.4.0", True),
        (">=1.2 <1.5", "1.4.9", True),
        (">=1.2 <1.5", "1.5", False),
        (">=1.2 <1.5", "1.10", False),
        (">=1.9", "1.10", True),
        ("=1.2", "1.2.0", True),
        ("<1.2", "1.2rc1", True),
        (">=1.0", "", False),
        (">= 1.0", "v1.1", False),
    ],
)
def test_firmware_patterns(pattern: str, version: str, expected: bool) -> None:
    assert is_firmware_pattern(pattern)
    assert firmware_matches(pattern, version) is expected


@given(st.lists(st.integers(0, 99), min_size=1, max_size=4), st.integers(0, 3))
def test_a_higher_number_is_a_higher_version(numbers: list[int], at: int) -> None:
    higher = list(numbers)
    higher[at % len(numbers)] += 1
    one, other = (".".join(map(str, n)) for n in (numbers, higher))

    assert version_key(one) < version_key(other)
    assert version_key(one) == version_key(one + ".0")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_answered(pattern: str, version: str) -> None:
    firmware_matches(pattern, version)
    is_firmware_pattern(pattern)


def test_the_closest_model_of_the_vendor_is_taken() -> None:
    models = [
        ModelFacts(1, "Boreal", "BP 150*"),
        ModelFacts(2, "Boreal", "BP 150 Classic"),
        ModelFacts(3, "Boreal", "*"),
        ModelFacts(4, "Other", "BP 150"),
    ]

    assert best_model(models, "boreal ", "bp 150 classic") == 2
    assert best_model(models, "Boreal", "BP 150 Pro") == 1
    assert best_model(models, "Boreal", "X") == 3
    assert best_model(models, "Nobody", "BP 150") is None
    assert best_model(models, "Boreal", "") is None


def test_a_quirk_for_named_firmware_stands_over_one_for_any() -> None:
    rows = [QuirkFacts("phases", 1), QuirkFacts("phases", 2, ">=2.0")]

    assert quirks_for(rows, "1.0") == {"phases": 1}
    assert quirks_for(rows, "2.1") == {"phases": 2}
