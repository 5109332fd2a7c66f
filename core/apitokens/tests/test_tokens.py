"""API tokens by page and by API: made, shown once, limited, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.accounts.apitokens import find_api_token
from core.accounts.models import ApiToken, Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_api_token, make_operator, make_person
from tests.factories.stations import make_site

pytestmark = pytest.mark.django_db
VALUES = {"name": "Nightly", "permissions": ["network.view", "audit.view"], "lifetime": "30"}


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def owner(client: Client, operator: Operator) -> Client:
    client.force_login(make_person(operator=operator, role=Role.OWNER, email="olga@example.com"))
    return client


def tokens(name: str = "Nightly") -> list[ApiToken]:
    with across_operators("the test looks at all of them"):
        return list(ApiToken.objects.filter(name=name).order_by("pk"))


def audit() -> list[tuple[str, str]]:
    with across_operators("the test looks at all of them"):
        return list(AuditEntry.objects.order_by("pk").values_list("verb", "reason"))


def test_a_token_is_shown_once_and_works(owner: Client) -> None:
    page = owner.post("/api-tokens/new/", VALUES)

    (token,) = tokens()
    secret = page.content.decode().split('data-copy="cnp_')[1].split('"')[0]
    assert page.headers["Cache-Control"].count("no-store") == 1
    assert find_api_token("cnp_" + secret) == token
    assert token.permissions == ["audit.view", "network.view"]
    assert token.expires_at is not None
    assert abs(token.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    detail = owner.get(f"/api-tokens/{token.pk}/").content.decode()
    assert secret not in detail
    assert token.prefix in detail
    assert audit() == [("api_token.create", "")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"permissions": []}, "This field is required"),
        ({"permissions": ["fly"]}, "Select a valid choice"),
        ({"lifetime": "day"}, "Say which day"),
        ({"lifetime": "day", "expires_on": "2020-01-01"}, "This instant has passed"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_a_wrong_form_makes_nothing(owner: Client, changes: dict[str, object], words: str) -> None:
    page = owner.post("/api-tokens/new/", VALUES | changes)

    assert words in page.content.decode()
    assert tokens() == []
    assert audit() == []


def test_a_token_is_revoked_with_a_reason_and_once(owner: Client, operator: Operator) -> None:
    token, secret = make_api_token(operator=operator, name="Nightly")
    path = f"/api-tokens/{token.pk}/revoke/"

    assert b"This field is required" in owner.post(path, {}).content
    assert find_api_token(secret) is not None
    owner.post(path, {"reason": "leaked"})
    again = owner.post(path, {"reason": "again"})

    assert find_api_token(secret) is None
    assert b"has been revoked already" in again.content
    assert audit()[1:] == [("api_token.revoke", "leaked")]
    assert b"Revoked" in owner.get("/api-tokens/?state=revoked").content


def test_the_api_makes_lists_and_revokes(operator: Operator) -> None:
    client = api_client(operator)
    body = {"name": "Nightly", "permissions": ["network.view"], "reason": "report"}

    made = client.post("/api/v1/api-tokens/", body)
    number = made.json()["id"]
    listed = client.get("/api/v1/api-tokens/?q=Nightly").json()["results"]
    revoked = client.post(f"/api/v1/api-tokens/{number}/revoke/", {"reason": "done"})
    again = client.post(f"/api/v1/api-tokens/{number}/revoke/", {"reason": "done"})

    assert made.status_code == 201
    assert "secret" not in listed[0]
    assert (listed[0]["state"], listed[0]["prefix"]) == ("active", made.json()["secret"][:12])
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert (again.status_code, again.json()["code"]) == (409, "token_revoked")
    assert audit()[1:] == [("api_token.create", "report"), ("api_token.revoke", "done")]


def test_nobody_gives_more_than_they_have(operator: Operator) -> None:
    client = api_client(operator, permissions=["api.manage", "network.view"])
    body = {"name": "Nightly", "permissions": ["network.view", "command.raw"]}

    answer = client.post("/api/v1/api-tokens/", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_own")
    assert answer.json()["errors"][0]["pointer"] == "/permissions"
    assert "command.raw" in answer.json()["detail"]
    assert tokens() == []


def test_a_token_of_another_operator_is_not_there(owner: Client) -> None:
    foreign, secret = make_api_token(operator=make_operator(), name="Nightly")

    assert owner.get(f"/api-tokens/{foreign.pk}/").status_code == 404
    assert owner.post(f"/api-tokens/{foreign.pk}/revoke/", {"reason": "x"}).status_code == 404
    assert find_api_token(secret) is not None


def test_a_token_is_limited_to_sites_by_page_and_by_api(owner: Client, operator: Operator) -> None:
    near, far = make_site(operator=operator, name="Near"), make_site(operator=operator, name="Far")
    foreign = make_site(operator=make_operator())
    form = VALUES | {"permissions": ["network.view"], "is_limited": "on", "sites": [near.pk]}
    body = {"name": "API", "permissions": ["network.view"], "is_limited": True}
    client = api_client(operator)

    owner.post("/api-tokens/new/", form)
    made = client.post("/api/v1/api-tokens/", body | {"sites": [near.public_id]})

    (token,) = tokens()
    assert token.is_limited
    assert "Near" in owner.get(f"/api-tokens/{token.pk}/").content.decode()
    assert (made.status_code, made.json()["sites"]) == (201, "Near")
    reader = APIClient()
    reader.credentials(HTTP_AUTHORIZATION=f"Bearer {made.json()['secret']}")
    listed = reader.get("/api/v1/sites/").json()["results"]
    assert [site["id"] for site in listed] == [near.public_id]
    assert reader.get(f"/api/v1/sites/{far.public_id}/").status_code == 404
    for wrong, pointer in (
        ({"sites": []}, "/sites"),
        ({"sites": [foreign.public_id]}, "/sites"),
        ({"sites": [near.public_id], "is_limited": False}, "/sites"),
        ({"sites": [near.public_id], "permissions": ["audit.view"]}, "/permissions"),
    ):
        answer = client.post("/api/v1/api-tokens/", body | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    page = owner.post("/api-tokens/new/", form | {"permissions": ["audit.view"]})
    assert "concerns the whole operator" in page.content.decode()
    assert len(tokens()) == len(tokens("API")) == 1
