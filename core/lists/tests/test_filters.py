"""Widgets of filters."""

from __future__ import annotations

import pytest

from core.lists.filters import EitherSelect


@pytest.mark.parametrize(
    ("value", "chosen"), [(None, "unknown"), (True, "true"), (False, "false"), ("odd", "unknown")]
)
def test_a_yes_or_no_filter_offers_all_rows_by_that_name(value: object, chosen: str) -> None:
    (_group, options, _index), *_ = EitherSelect().optgroups("held", [str(value).lower()])
    shown = EitherSelect().render("held", value)

    assert options[0]["value"] == "unknown"
    assert str(options[0]["label"]) == "All"
    assert f'<option value="{chosen}" selected>' in shown
