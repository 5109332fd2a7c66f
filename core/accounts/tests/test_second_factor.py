"""Roles that need a second factor reach nothing else until it is set up."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
NEEDED = "/me/second-factor/"


@pytest.fixture
def operator() -> Operator:
    return make_operator(second_factor_roles=["control_room"])


def test_only_the_set_up_is_reachable_until_it_is_done(client: Client, operator: Operator) -> None:
    olga = make_person(operator=operator, role=Role.CONTROL_ROOM)
    client.force_login(olga)

    page = client.get("/stations/")
    changed = client.post("/sites/new/", {"name": "x"})
    api = client.get("/api/v1/stations")
    live = client.get("/live/ticket/?topic=network")
    part = client.get("/home/tiles/", headers={"HX-Request": "true"})

    assert (page.status_code, page["Location"]) == (302, NEEDED)
    assert (changed.status_code, changed["Location"]) == (302, NEEDED)
    assert (api.status_code, live.status_code) == (403, 403)
    assert "second factor" in api.content.decode()
    assert part["HX-Redirect"] == NEEDED
    told = client.get(NEEDED).content.decode()
    assert "/accounts/2fa/totp/activate/" in told
    assert client.get("/accounts/2fa/totp/activate/").get("Location", "") != NEEDED
    assert client.post("/me/language/", {"language": "sv"}).status_code == 302
    Authenticator.objects.create(user=olga, type=Authenticator.Type.TOTP, data={})
    assert client.get("/stations/").status_code == 200
    assert client.get("/api/v1/stations").status_code == 200
    Authenticator.objects.update(type=Authenticator.Type.RECOVERY_CODES)
    assert client.get("/stations/")["Location"] == NEEDED


def test_other_roles_and_tokens_of_the_api_go_on(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    assert client.get("/stations/").status_code == 200
    assert api_client(operator).get("/api/v1/stations").status_code == 200


def test_the_setting_holds_where_the_operator_chose_nothing(
    client: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR_ROLES = ["viewer"]
    client.force_login(make_person(operator=make_operator(), role=Role.VIEWER))
    assert client.get("/stations/")["Location"] == NEEDED

    client.force_login(make_person(operator=make_operator(second_factor_roles=[]), role="viewer"))
    assert client.get("/stations/").status_code == 200


def test_owners_choose_the_roles(client: Client) -> None:
    operator = make_operator()
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    client.post("/members/second-factor/", {"roles": ["support", "viewer"], "reason": "policy"})
    bad = api_client(operator).put("/api/v1/second-factor", {"roles": ["king"]})
    good = api_client(operator).put("/api/v1/second-factor", {"roles": ["viewer"]})

    assert (bad.status_code, good.json()) == (422, {"roles": ["viewer"]})
    with across_operators("the test looks at all of them"):
        entries = [
            (e.before, e.after)
            for e in AuditEntry.objects.filter(verb="operator.second_factor_roles").order_by("pk")
        ]
    assert entries == [
        ({"roles": []}, {"roles": ["support", "viewer"]}),
        ({"roles": ["support", "viewer"]}, {"roles": ["viewer"]}),
    ]
