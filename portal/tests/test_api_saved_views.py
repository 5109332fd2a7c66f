"""Saved views by the API: one's own, shared ones, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.lists.models import SavedView
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
URL = "/api/v1/saved-views/"
BODY = {"list": "stations", "name": "Norr", "query": "q=Norr", "is_shared": True}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


def person(operator: Operator, role: Role) -> Client:
    client = Client()
    client.force_login(make_person(operator=operator, role=role))
    return client


def post(client: Client, **changes: Any) -> Any:
    return client.post(URL, {**BODY, **changes}, content_type="application/json")


def names(client: Any, query: str = "") -> list[str]:
    return [one["name"] for one in client.get(URL + query).json()["results"]]


def test_views_are_saved_shared_and_removed_by_whom_they_belong_to(operator: Operator) -> None:
    olga, vera = person(operator, Role.CONTROL_ROOM), person(operator, Role.VIEWER)
    shared = post(olga)
    post(olga, name="Mine", is_shared=False)
    url = f"{URL}{shared.json()['id']}/"

    assert shared.status_code == 201
    assert names(olga) == ["Mine", "Norr"]
    assert names(vera) == names(api_client(operator)) == ["Norr"]
    assert names(olga, "?list=sites") == []
    assert names(person(make_operator(), Role.OWNER)) == []
    assert vera.delete(url).status_code == 409
    assert olga.delete(url).status_code == 204
    assert names(olga) == ["Mine"]


def test_what_a_list_does_not_understand_or_a_role_does_not_see_is_refused(
    operator: Operator,
) -> None:
    vera = person(operator, Role.VIEWER)

    wrong = post(vera, query="moon=full")
    unknown = post(vera, list="moons")
    hidden = post(vera, list="members", query="")
    token = api_client(operator).post(URL, BODY)

    statuses = [answer.status_code for answer in (wrong, unknown, hidden, token)]
    assert statuses == [422, 422, 422, 403]
    with operator_scope(operator):
        assert not SavedView.objects.exists()
