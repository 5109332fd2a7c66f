"""Template tags and the frame of pages."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory


def render(text: str, **context: Any) -> str:
    return " ".join(Template(text).render(Context(context)).split())


class SiteForm(forms.Form):
    """A field with help, a check box."""

    name = forms.CharField(label="Name", help_text="As on the sign")
    is_open = forms.BooleanField(label="Open")


def test_a_field_links_help_and_error() -> None:
    form = SiteForm({"name": ""})
    form.is_valid()

    shown = render("{% field form.name %}", form=form)

    assert 'aria-describedby="id_name_help id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_name_error"' in shown
    assert 'for="id_name"' in shown


def test_a_field_without_error_is_not_called_invalid() -> None:
    assert "aria-invalid" not in render("{% field form.name %}", form=SiteForm())


def test_a_dialog_names_object_and_consequence_and_asks_why() -> None:
    shown = render(
        '{% confirm "r" "/go/" "Restart" "Restart CP-1?" "Two sessions end." danger=True '
        'ask_reason=True command="reset" %}',
        csrf_token="x",
    )

    assert 'command="show-modal" commandfor="dialog-r"' in shown
    assert "Restart CP-1?" in shown
    assert "Two sessions end." in shown
    assert '<input type="hidden" name="command" value="reset">' in shown
    assert 'name="reason" required' in shown
    assert "btn-danger" in shown
    assert 'name="danger"' not in shown


def test_a_button_that_cannot_be_used_says_why_and_has_no_form() -> None:
    shown = render('{% confirm "r" "/go/" "Restart" "t" "c" disabled="It is offline" %}')

    assert "It is offline" in shown
    assert "<form" not in shown


def test_a_page_that_is_not_installed_has_no_link() -> None:
    assert render('{% safe_url "no_such_page" %}') == ""


def test_the_query_changes_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/?q=a%26b&page=3&f=1&f=2")

    shown = render("{% with_query page=None sort='-at' %}", request=request)

    assert shown == "?q=a%26b&amp;f=1&amp;f=2&amp;sort=-at"


def test_blocks_escape_their_titles() -> None:
    shown = render("{% panel title=name %}<p>in</p>{% endpanel %}", name="<b>")

    assert "&lt;b&gt;" in shown
    assert "<p>in</p>" in shown


def test_a_meter_stays_within_its_bar() -> None:
    assert 'width="100.0"' in render('{% meter 12 10 "too much" %}')
    assert 'width="0.0"' in render('{% meter 12 0 "no limit" %}')


@pytest.mark.parametrize(
    ("name", "letters"), [("Olga Öberg", "OÖ"), ("olga.berg@example.com", "OB"), ("x", "X")]
)
def test_initials(name: str, letters: str) -> None:
    assert render("{{ name|initials }}", name=name) == letters
