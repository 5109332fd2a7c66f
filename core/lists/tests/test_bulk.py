"""Bulk actions: what was confirmed is what is done, once, row by row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.lists import bulk
from core.lists.models import BulkRow, BulkRun
from core.lists.tests.conftest import make_entries
from core.lists.tests.pages import APPLIED
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.lists.tests.pages")]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    APPLIED.clear()


def ids(*labels: str) -> list[int]:
    with across_operators("the test looks at all of them"):
        return [AuditEntry.objects.get(object_label=label).pk for label in labels]


def begin(client: Client, query: str = "", **data: Any) -> str:
    answer = client.post(f"/entries/?{query}", {"bulk": "note", **data})
    return str(answer["Location"])


def outcomes() -> list[tuple[str, str, str]]:
    with across_operators("the test looks at all of them"):
        rows = BulkRow.objects.order_by("position")
        return [(row.label, row.outcome, row.message) for row in rows]


def listed(page: Any) -> list[str]:
    return re.findall(r"<li>(edit CP-\d+)</li>", page.content.decode())


def test_the_page_lists_exactly_what_is_affected_and_asks_why(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 5)

    address = begin(olga, id=ids("CP-0001", "CP-0003"))
    page = olga.get(address)

    assert listed(page) == ["edit CP-0003", "edit CP-0001"]
    assert b"Nothing can undo this." in page.content
    refused = olga.post(address, {})
    assert refused.status_code == 200
    assert APPLIED == []


def test_what_was_confirmed_is_what_is_done(olga: Client, operator: Operator) -> None:
    make_entries(operator, 3)
    address = begin(olga, "q=CP", scope="matching")
    make_entries(operator, 1, object_label="CP-LATER")

    olga.post(address, {"reason": "because"})
    olga.post(address, {"reason": "twice"})

    assert sorted(APPLIED) == [(f"CP-000{n}", "because") for n in range(3)]
    assert {outcome for _label, outcome, _message in outcomes()} == {"done"}
    assert "3 of 3 finished" in olga.get(address).content.decode()


def test_one_row_that_is_refused_or_gone_or_fails_stops_no_other(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 4)
    address = begin(olga, "sort=object_label", scope="page")
    with across_operators("the test changes what is there"):
        BulkRow.objects.filter(label__endswith="0003").update(object_id=10**9)

    olga.post(address, {"reason": "refuse CP-0001, break CP-0002"})

    assert [(outcome, message) for _label, outcome, message in outcomes()] == [
        ("done", ""),
        ("refused", "Not this one."),
        ("failed", "An error of ours; it has been logged."),
        ("gone", ""),
    ]
    page = olga.get(f"{address}?outcome=refused").content.decode()
    assert "Not this one." in page
    assert "edit CP-0000" not in page


def test_only_the_rows_of_the_page_when_the_page_is_meant(olga: Client, operator: Operator) -> None:
    make_entries(operator, 60)

    page = olga.get(begin(olga, "page=3&sort=object_label", scope="page"))

    assert listed(page) == [f"edit CP-{n:04}" for n in range(50, 60)]


def test_many_rows_are_left_to_the_worker_who_acts_for_the_person(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, bulk.AT_ONCE + 5)
    address = begin(olga, scope="matching")
    olga.post(address, {"reason": "night"})
    assert APPLIED == []
    assert "The rest is done in the background" in olga.get(address).content.decode()

    with across_operators("as the task does"):
        done = bulk.execute_waiting()
        again = bulk.execute_waiting()

    assert (done, again) == (bulk.AT_ONCE + 5, 0)
    assert len(APPLIED) == bulk.AT_ONCE + 5
    assert "105 of 105 finished" in olga.get(address).content.decode()


def test_who_lost_the_right_meanwhile_changes_nothing(olga: Client, operator: Operator) -> None:
    make_entries(operator, bulk.AT_ONCE + 1)
    olga.post(begin(olga, scope="matching"), {"reason": "night"})
    with across_operators("olga becomes a viewer"):
        BulkRun.objects.get().user.memberships.update(role=Role.VIEWER)
        bulk.execute_waiting()

    assert APPLIED == []
    assert {(o, m) for _label, o, m in outcomes()} == {("refused", "Your role may not do this.")}


def test_nothing_chosen_and_unknown_actions_are_said_so(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)

    nothing = olga.post("/entries/", {"bulk": "note"}, follow=True)
    unknown = olga.post("/entries/", {"bulk": "explode", "scope": "matching"}, follow=True)
    wrong = olga.post("/entries/?actor_kind=ghost", {"bulk": "note", "scope": "matching"})

    assert b"Choose at least one row first." in nothing.content
    assert b"Your role may not do this." in unknown.content
    assert wrong["Location"] == "/entries/?actor_kind=ghost"
    with across_operators("the test looks at all of them"):
        assert not BulkRun.objects.exists()


def test_others_neither_see_nor_confirm_nor_choose_foreign_rows(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 2)
    address = begin(olga, id=ids("CP-0001"))
    uma, colleague = Client(), Client()
    uma.force_login(make_person(operator=make_operator()))
    colleague.force_login(make_person(operator=operator))

    for client in (uma, colleague):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert uma.post("/entries/", {"bulk": "note", "id": ids("CP-0001")})["Location"] == "/entries/"
    assert APPLIED == []


def test_without_the_permission_there_is_no_button(olga: Client, operator: Operator) -> None:
    make_entries(operator, 1)
    page = olga.get("/entries/").content.decode()

    assert 'value="note"' in page
    assert 'value="forbidden"' not in page
    assert begin(olga, bulk="forbidden", scope="matching") == "/entries/"
