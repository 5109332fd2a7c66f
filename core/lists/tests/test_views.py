"""List pages: filters, sort, pages, fragments, guards, and a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.lists.tests.conftest import FIRST_AT, make_entries
from tests.factories.core import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.lists.tests.pages")]
HTMX = {"HX-Request": "true"}


def names(response: Any) -> list[str]:
    return re.findall(r'class="title" href="[^"]+">([^<]+)<', response.content.decode())


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_default_order_and_first_page(olga: Client, operator: Operator) -> None:
    make_entries(operator, 30)

    response = olga.get("/entries/")

    assert response.status_code == 200
    assert names(response) == [f"CP-{n:04}" for n in range(29, 4, -1)]
    assert "30 found" in text_of(response)


def test_pages_never_overlap_although_all_rows_are_equal(olga: Client, operator: Operator) -> None:
    make_entries(operator, 60, at=FIRST_AT)

    pages = [names(olga.get(f"/entries/?page={n}&sort=verb")) for n in (1, 2, 3)]

    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({name for page in pages for name in page}) == 60


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("99", 3), ("x", 1), ("-1", 1), ("2", 2)])
def test_a_page_that_is_not_there_becomes_one_that_is(
    olga: Client, operator: Operator, asked: str, shown: int
) -> None:
    make_entries(operator, 60)

    response = olga.get("/entries/", {"page": asked})

    assert f'aria-current="page">{shown}<' in response.content.decode()


def test_sorting_says_so_to_screen_readers(olga: Client, operator: Operator) -> None:
    make_entries(operator, 3)

    response = olga.get("/entries/?sort=object_label&q=CP")

    assert names(response) == ["CP-0000", "CP-0001", "CP-0002"]
    assert text_of(response).count('aria-sort="ascending"') == 1
    assert "?q=CP&amp;sort=-object_label" in text_of(response)


def test_an_unknown_sort_column_is_ignored(olga: Client, operator: Operator) -> None:
    make_entries(operator, 2)

    assert names(olga.get("/entries/?sort=password,-;drop")) == ["CP-0001", "CP-0000"]


def test_every_word_of_a_search_must_match(olga: Client, operator: Operator) -> None:
    make_entries(operator, 12)

    assert names(olga.get("/entries/", {"q": "edit 0007"})) == ["CP-0007"]
    assert names(olga.get("/entries/", {"q": "edit\x00 0007"})) in ([], ["CP-0007"])


def test_filters_become_chips_that_can_be_taken_off(olga: Client, operator: Operator) -> None:
    make_entries(operator, 48)

    response = olga.get(
        "/entries/?actor_kind=person&verb=edit&verb=close&at_after=2026-11-02&q=CP&page=2"
    )

    shown = text_of(response)
    assert "Actor: Person" in shown
    assert "Verb: Changed, Closed" in shown
    assert "Time: 2026-11-02 – …" in shown
    assert 'href="?actor_kind=person&amp;verb=edit&amp;verb=close&amp;q=CP"' in shown
    assert "Clear all" in shown


def test_a_wrong_filter_shows_its_error_and_no_rows(olga: Client, operator: Operator) -> None:
    make_entries(operator, 3)

    response = olga.get("/entries/?actor_kind=ghost&q=CP")

    assert response.status_code == 200
    assert names(response) == []
    assert "Select a valid choice" in text_of(response)
    assert "A filter is wrong" in text_of(response)
    assert 'value="CP"' in text_of(response)


def test_empty_and_no_match_read_differently(olga: Client, operator: Operator) -> None:
    assert "No entries yet" in text_of(olga.get("/entries/"))

    make_entries(operator, 1)

    assert "Nothing matches" in text_of(olga.get("/entries/?q=zzz"))


def test_htmx_gets_the_fragment_and_history_the_page(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)

    fragment = olga.get("/entries/", headers=HTMX)
    page = olga.get("/entries/", headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert 'hx-swap-oob="innerHTML:#list-count"' in fragment.content.decode()
    assert names(fragment) == names(page) == ["CP-0000"]
    assert "<html" in page.content.decode()
    assert "hx-swap-oob" not in page.content.decode()
    assert "HX-Request" in fragment["Vary"]


def test_a_capped_list_says_that_there_is_more(olga: Client, operator: Operator) -> None:
    make_entries(operator, 40)

    response = olga.get("/capped/?page=9")

    assert "More than 30 found" in text_of(response)
    assert len(names(response)) == 5


def test_buttons_without_permission_are_not_shown(olga: Client) -> None:
    assert "Forbidden fruit" not in text_of(olga.get("/entries/"))


def test_others_see_nothing(client: Client, operator: Operator) -> None:
    make_entries(operator, 3)
    assert client.get("/entries/").status_code == 302

    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    assert client.get("/entries/").status_code == 403

    client.force_login(make_person(operator=make_operator()))
    assert names(client.get("/entries/")) == []


def test_the_number_of_queries_does_not_grow(
    olga: Client, operator: Operator, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    make_entries(operator, 200)
    olga.get("/entries/")

    with django_assert_max_num_queries(8):
        olga.get("/entries/?per_page=200&q=CP")


def test_hostile_text_is_escaped(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1, object_label="<script>alert(1)</script>")

    response = olga.get("/entries/", {"q": '"><img src=x>'})
    page = olga.get("/entries/").content.decode()

    assert "<img src=x>" not in response.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_select_of_all_rows_is_no_chip(olga: Client, operator: Operator) -> None:
    make_entries(operator, 2)

    every = olga.get("/entries/?why=unknown")
    none = olga.get("/entries/?why=true")

    assert len(names(every)) == 2
    assert "Clear all" not in text_of(every)
    assert "Reason given: Yes" in text_of(none)
    assert names(none) == []
