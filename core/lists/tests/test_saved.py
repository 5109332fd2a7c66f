"""Saved views: private or shared, one by default, and robust against what has changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.lists.models import SavedView
from core.lists.tests.conftest import make_entries
from core.lists.tests.test_views import names
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.lists.tests.pages")]


def save(client: Client, query: str = "q=0003", **data: Any) -> Any:
    values = {"do": "save-view", "name": "Third", **data}
    return client.post(f"/entries/?{query}", values, follow=True)


def stored() -> list[SavedView]:
    with across_operators("the test looks at all of them"):
        return list(SavedView.objects.order_by("id"))


def colleague_of(operator: Operator, **fields: Any) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, **fields))
    return client


def test_a_view_keeps_filters_sort_and_columns(olga: Client, operator: Operator) -> None:
    make_entries(operator, 5)

    page = save(olga, "q=CP&sort=verb&columns=verb,object_label&page=2&per_page=50")

    (view,) = stored()
    assert view.query == "q=CP&sort=verb&columns=verb%2Cobject_label&per_page=50"
    assert page.redirect_chain[-1][0] == f"/entries/?{view.query}&view={view.pk}"
    assert names(olga.get(f"/entries/?open={view.pk}", follow=True)) == names(page)


def test_a_wrong_filter_is_not_saved(olga: Client) -> None:
    page = save(olga, "actor_kind=ghost")

    assert stored() == []
    assert "A filter is wrong, so nothing was saved: actor_kind" in page.content.decode()


def test_the_same_name_changes_the_view(olga: Client) -> None:
    save(olga, "q=1")
    save(olga, "q=2", shared="on")

    assert [(v.query, v.is_shared) for v in stored()] == [("q=2", True)]


def test_private_views_are_the_owners_and_shared_ones_everybodys(
    olga: Client, operator: Operator
) -> None:
    save(olga, name="Mine")
    save(olga, name="Ours", shared="on")
    colleague, uma = colleague_of(operator), colleague_of(make_operator())
    mine, ours = stored()

    page = colleague.get("/entries/?q=nothing").content.decode()

    assert "Ours" in page
    assert "Mine" not in page
    assert "Ours" not in uma.get("/entries/?q=nothing").content.decode()
    for client, view in ((colleague, mine), (uma, mine), (uma, ours)):
        answer = client.get(f"/entries/?open={view.pk}", follow=True)
        assert "There is no such saved view" in answer.content.decode()


def test_only_the_owner_deletes_a_view_or_who_manages_people_a_shared_one(
    olga: Client, operator: Operator
) -> None:
    save(olga, name="Ours", shared="on")
    (view,) = stored()
    support = colleague_of(operator, role=Role.CONTROL_ROOM)

    support.post("/entries/", {"do": "delete-view", "view": view.pk})
    assert stored() == [view]

    colleague_of(operator, role=Role.OWNER).post(
        "/entries/", {"do": "delete-view", "view": view.pk}
    )
    assert stored() == []
    with across_operators("the test looks at all of them"):
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["saved_view.create", "saved_view.delete"]


def test_the_default_view_opens_by_itself_but_can_be_left(olga: Client, operator: Operator) -> None:
    make_entries(operator, 5)
    save(olga, default="on")

    assert names(olga.get("/entries/", follow=True)) == ["CP-0003"]
    assert len(names(olga.get("/entries/?view=0"))) > 5
    fragment = olga.get("/entries/", headers={"HX-Request": "true"})
    assert len(names(fragment)) > 5

    olga.post("/entries/?view=0", {"do": "default-view", "view": "0"})
    assert len(names(olga.get("/entries/"))) > 5


def test_names_that_a_later_version_lost_are_left_out_with_a_message(
    olga: Client, operator: Operator
) -> None:
    make_entries(operator, 5)
    save(olga)
    (view,) = stored()
    with across_operators("a view from an older version"):
        SavedView.objects.filter(pk=view.pk).update(
            query="q=0003&colour=red&actor_kind=ghost&columns=object_label,smell"
        )

    page = olga.get(f"/entries/?open={view.pk}", follow=True)

    assert names(page) == ["CP-0003"]
    text = page.content.decode()
    assert "Parts of the view Third no longer exist: colour, actor_kind, smell" in text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00"])
def test_a_view_needs_a_name(olga: Client, name: str) -> None:
    page = save(olga, name=name)

    assert stored() == []
    assert "Give the view a name" in page.content.decode()


def test_an_unknown_request_changes_nothing(olga: Client) -> None:
    page = olga.post("/entries/", {"do": "drop"}, follow=True)

    assert "the page is out of date" in page.content.decode()
