"""REST of id tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.tenancy.scopes import operator_scope
from customers.tokens.models import IdToken
from tests.factories.api import api_client
from tests.factories.core import make_operator
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def client(operator: Operator) -> APIClient:
    return api_client(operator)


def put(client: APIClient, uid: str, body: dict[str, Any]) -> Any:
    return client.put(f"/api/v1/tokens/{quote(uid, safe='')}/", body)


def test_a_token_is_put_changed_and_deleted(operator: Operator, client: APIClient) -> None:
    made = put(client, "04:a2:b3:c4", {"status": "Accepted", "label": "Van"})
    changed = put(client, "04A2B3C4", {"status": "blocked", "reason": "lost"})

    assert (made.status_code, changed.status_code) == (201, 200)
    body = changed.json()
    assert (body["uid"], body["uid_decimal"], body["uid_reversed"]) == (
        "04A2B3C4",
        str(0x04A2B3C4),
        "C4B3A204",
    )
    assert (body["status"], body["ocpp_status"], body["label"]) == ("blocked", "Blocked", "Van")
    assert client.delete("/api/v1/tokens/04a2b3c4").status_code == 204
    assert client.delete("/api/v1/tokens/04a2b3c4").status_code == 404
    with operator_scope(operator):
        assert not IdToken.objects.exists()
        verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["token.create", "token.change", "token.delete"]


@pytest.mark.parametrize("word", ["Accepted", "Blocked", "Expired", "Invalid"])
def test_every_status_word_of_ocpp_is_what_stations_are_answered(
    client: APIClient, word: str
) -> None:
    assert put(client, "T-1", {"status": word}).json()["ocpp_status"] == word
    assert put(client, "T-1", {"status": "Accepted"}).json()["ocpp_status"] == "Accepted"


def test_an_expiry_in_the_past_is_valid_data(client: APIClient) -> None:
    past = (timezone.now() - timedelta(days=400)).isoformat()
    future = (timezone.now() + timedelta(days=1)).isoformat()

    assert put(client, "T-1", {"expires_at": past}).json()["ocpp_status"] == "Expired"
    assert put(client, "T-2", {"status": "Expired", "expires_at": past}).status_code == 201
    assert put(client, "T-3", {"status": "Expired", "expires_at": future}).status_code == 422


@pytest.mark.parametrize("uid", ["VID:001122334455", "a/b", "å ö", "#1?", "50%"])
def test_any_printable_uid_works_percent_encoded(client: APIClient, uid: str) -> None:
    assert put(client, uid, {}).status_code == 201
    assert client.get(f"/api/v1/tokens/{quote(uid, safe='')}").json()["uid"] == uid


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "sleepy"}, "status"),
        ({"kind": "tattoo"}, "kind"),
        ({"expires_at": "yesterday"}, "expires_at"),
        ({"max_concurrent_sessions": -1}, "max_concurrent_sessions"),
        ({"allowed_sites": ["site_x"]}, "allowed_sites"),
        ({"label": "x" * 101}, "label"),
        ({"label": "a\x00"}, "label"),
    ],
)
def test_bad_values_are_named(
    operator: Operator, client: APIClient, body: dict[str, Any], field: str
) -> None:
    answer = put(client, "T-1", body)

    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    with operator_scope(operator):
        assert not IdToken.objects.exists()


def test_a_uid_that_is_too_long_or_empty_is_refused(client: APIClient) -> None:
    assert put(client, "x" * 37, {}).status_code == 422
    assert put(client, " ", {}).status_code == 422


def test_sites_of_a_token_are_the_operators_own(operator: Operator, client: APIClient) -> None:
    own, foreign = make_site(operator=operator), make_site()

    assert put(client, "T-1", {"allowed_sites": [foreign.public_id]}).status_code == 422
    body = put(client, "T-1", {"allowed_sites": [own.public_id]}).json()
    assert body["allowed_sites"] == [own.public_id]
    assert put(client, "T-1", {"label": "x"}).json()["allowed_sites"] == [own.public_id]
    assert put(client, "T-1", {"allowed_sites": []}).json()["allowed_sites"] == []


def test_a_search_finds_a_card_in_every_form(client: APIClient) -> None:
    put(client, "04A2B3C4", {"printed_number": "778899"})
    put(client, "OTHER", {})

    for text in ("04:a2:b3:c4", str(0x04A2B3C4), "C4B3A204", "778899"):
        found = client.get("/api/v1/tokens/", {"q": text}).json()["results"]
        assert [t["uid"] for t in found] == ["04A2B3C4"], text


def test_a_list_is_made_by_post(client: APIClient) -> None:
    assert client.post("/api/v1/tokens/", {"uid": "T-1"}).status_code == 201
    assert client.post("/api/v1/tokens/", {"uid": "t-1", "label": "x"}).status_code == 200
    assert client.patch("/api/v1/tokens/T-2", {"label": "x"}).status_code == 404
