"""Columns of choice: kept for a person, in the address, in the files."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.lists.models import ListPreference
from core.lists.tests.conftest import make_entries
from core.tenancy.scopes import across_operators
from tests.factories.core import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.lists.tests.pages")]


def heads(response: Any) -> list[str]:
    return re.findall(r'<td[^>]* data-label="([^"]+)"', response.content.decode())


def first_line(response: Any) -> list[str]:
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return next(csv.reader(io.StringIO(body)))


def choose(client: Client, *keys: str, **places: int) -> Any:
    data: dict[str, Any] = {"do": "columns", "column": list(keys)}
    return client.post("/entries/?q=CP", data | {f"place_{k}": n for k, n in places.items()})


def test_chosen_columns_are_kept_in_their_order_for_the_person_alone(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 1)

    moved = choose(olga, "object_label", "verb", verb=1, object_label=2)

    assert moved["Location"] == "/entries/?q=CP"
    assert heads(olga.get("/entries/")) == ["Verb", "Object"]
    colleague = Client()
    colleague.force_login(make_person(operator=operator))
    assert heads(colleague.get("/entries/")) == ["Object", "Verb", "Time"]


def test_the_address_wins_over_what_is_kept(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)
    choose(olga, "verb")

    assert heads(olga.get("/entries/?columns=at,object_label")) == ["Time", "Object"]
    assert heads(olga.get("/entries/?columns=password,;drop")) == ["Verb"]
    assert heads(olga.get("/entries/?columns=all")) == ["Object", "Verb", "Time"]


def test_a_column_of_the_files_alone_can_be_shown_and_sorted(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 1, reason="=cmd")

    page = olga.get("/entries/?columns=object_label,reason&sort=reason")

    assert heads(page) == ["Object", "Reason"]
    assert b"=cmd" in page.content
    assert b'aria-sort="ascending"' in page.content


def test_files_hold_the_chosen_columns(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)
    choose(olga, "verb", "object_label", verb=1, object_label=2)

    assert first_line(olga.get("/entries/?format=csv")) == ["verb", "object_label"]
    everything = first_line(olga.get("/entries/?format=csv&columns=all"))
    assert everything == ["at", "object_label", "verb", "reason"]


def test_nothing_chosen_is_refused_and_reset_forgets(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)
    choose(olga, "verb")

    olga.post("/entries/", {"do": "columns"})
    assert heads(olga.get("/entries/")) == ["Verb"]

    olga.post("/entries/", {"do": "columns", "reset": "1"})
    assert heads(olga.get("/entries/")) == ["Object", "Verb", "Time"]
    with across_operators("the test looks at all of them"):
        assert ListPreference.objects.get().columns == []
