"""Widgets of filters."""

from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html
from django.utils import translation

from core.lists.filters import EitherSelect, ManySelect


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


def test_a_long_select_is_the_same_html_as_a_template_makes() -> None:
    choices = [("", "All"), ("a<b", '"Kaj" & <b>'), (7, "Seven")]
    attrs = {"id": "id_site", "required": True}

    for value in (None, "a<b", 7):
        plain = forms.Select(choices=choices).render("site", value, attrs)
        long = ManySelect(choices=choices).render("site", value, attrs)
        assert parse_html(long) == parse_html(plain)
    assert "<b>" not in ManySelect(choices=choices).render("site", None)
