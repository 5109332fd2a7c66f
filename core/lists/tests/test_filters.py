"""Widgets of filters."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.lists.filters import EitherSelect


@pytest.mark.parametrize(
    ("value", "chosen"), [(None, "unknown"), (True, "true"), (False, "false"), ("odd", "unknown")]
)
def test_a_yes_or_no_filter_offers_all_rows_by_that_name(value: object, chosen: str) -> None:
    with translation.override("sv"):
        shown = EitherSelect().render("held", value)

    assert f'<option value="{chosen}" selected>' in shown
    assert [word for word in ("Alla", "Ja", "Nej", "Okänd") if f">{word}<" in shown] == [
        "Alla",
        "Ja",
        "Nej",
    ]
