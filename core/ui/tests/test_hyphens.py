"""Long words of Swedish menus break at the joint of a compound, and nowhere else."""

from __future__ import annotations

import pytest

from core.ui.hyphens import SOFT, with_soft_hyphens


@pytest.mark.parametrize(
    "told",
    ["Fakturerings-konton", "Granskningskö", "Mina bokförings-rapporter", "Återbetalningar",
     "Specifikation", "Billing accounts", "Priser", ""],
)  # fmt: skip
def test_words_break_where_they_are_joined(told: str) -> None:
    plain = told.replace("-", "")

    shown = with_soft_hyphens(plain)

    assert shown.replace(SOFT, "") == plain
    if "-" in told:
        assert shown == told.replace("-", SOFT)
    if told in {"Specifikation", "Billing accounts", "Priser", ""}:
        assert shown == plain
