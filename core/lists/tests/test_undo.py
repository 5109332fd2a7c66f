"""What was just done is taken back with the button beside its message."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.lists.models import ListPreference, SavedView
from core.lists.tests.conftest import make_entries
from core.tenancy.scopes import across_operators

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.lists.tests.pages")]


def undo(client: Client, page: Any) -> Any:
    """Press the button that a page shows."""
    (form,) = re.findall(r"<form[^>]* data-undo>.*?</form>", page.content.decode(), re.DOTALL)
    address = unescape(re.search(r'action="([^"]+)"', form)[1])  # type: ignore[index]  # it is there
    values: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        values.setdefault(name, []).append(unescape(value))
    return client.post(address, values)


def test_columns_are_as_they_were_before(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)
    olga.post("/entries/", {"do": "columns", "column": ["verb", "at"], "place_at": "1"})
    page = olga.get("/entries/")
    again = olga.get("/entries/")

    undo(olga, page)

    assert "data-undo" not in again.content.decode()
    with across_operators("the test looks at all of them"):
        assert ListPreference.objects.get().columns == []
    olga.get("/entries/")
    olga.post("/entries/", {"do": "columns", "column": ["verb", "at"], "place_at": "1"})
    olga.get("/entries/")
    olga.post("/entries/", {"do": "columns", "reset": "1"})
    undo(olga, olga.get("/entries/"))
    with across_operators("the test looks at all of them"):
        assert ListPreference.objects.get().columns == ["at", "verb"]


def test_a_deleted_view_comes_back_as_it_was(olga: Client, operator: Operator) -> None:
    values = {"do": "save-view", "name": "Mine <b>", "shared": "1", "default": "1"}
    olga.post("/entries/?q=CP", values)
    with across_operators("the test looks at all of them"):
        view = SavedView.objects.get()
    olga.get("/entries/")
    olga.post("/entries/", {"do": "delete-view", "view": view.pk})
    with across_operators("the test looks at all of them"):
        assert not SavedView.objects.exists()

    undo(olga, olga.get("/entries/?view=0"))

    with across_operators("the test looks at all of them"):
        back = SavedView.objects.get()
        assert ListPreference.objects.get().default_view_id == back.pk
    assert (back.name, back.query, back.is_shared) == ("Mine <b>", "q=CP", True)
