"""Members: what owners change, and what stays impossible."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_limited_member, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def owner(client: Client, operator: Operator) -> User:
    person = make_person(operator=operator, role=Role.OWNER, name="Nora", email="nora@example.com")
    client.force_login(person)
    return person


def membership(person: User) -> Membership:
    with across_operators("the test looks at all of them"):
        found: Membership = person.memberships.get()
    return found


def entries() -> list[AuditEntry]:
    with across_operators("the test looks at all of them"):
        return list(AuditEntry.objects.order_by("pk"))


def page(client: Client, url: str, **query: Any) -> str:
    return client.get(url, query).content.decode()


@pytest.mark.usefixtures("owner")
def test_the_list_tells_role_sites_and_second_factor(client: Client, operator: Operator) -> None:
    vera = make_limited_member(
        make_site(operator=operator, name="Kiruna"),
        make_site(operator=operator, name="Abisko"),
        operator=operator,
        name="Vera",
    )
    Authenticator.objects.create(user=vera, type="totp", data={})

    found = page(client, "/members/", second_factor="true")

    assert "1 found" in found
    assert "Abisko, Kiruna" in found
    assert "Nora" not in found.split('id="list"')[1]
    assert "All sites" in page(client, "/members/", q="nora")


@pytest.mark.usefixtures("owner")
def test_a_member_gets_another_role_and_sites(client: Client, operator: Operator) -> None:
    tore = make_person(operator=operator, role=Role.TECHNICIAN, name="Tore")
    site = make_site(operator=operator, name="Kiruna")
    foreign = make_site()
    url = f"/members/{membership(tore).pk}/edit/"
    values = {"role": "support", "is_limited": "on", "reason": "new job"}

    none = client.post(url, values)
    other = client.post(url, values | {"sites": [foreign.pk]})
    assert (none.status_code, other.status_code) == (200, 200)
    assert membership(tore).role == Role.TECHNICIAN
    assert client.post(url, values | {"sites": [site.pk]}).status_code == 302

    assert (membership(tore).role, membership(tore).is_limited) == (Role.SUPPORT, True)
    (entry,) = entries()
    assert (entry.verb, entry.reason) == ("member.change", "new job")
    assert entry.before == {"role": "technician", "is_limited": False, "sites": []}
    assert entry.after["sites"] == ["Kiruna"]
    assert "Kiruna" in page(client, f"/members/{membership(tore).pk}/")
    client.post(url, {"role": "support", "reason": ""})
    assert "All sites" in page(client, f"/members/{membership(tore).pk}/")


def test_the_last_owner_stays(client: Client, operator: Operator, owner: User) -> None:
    own = membership(owner)
    base = f"/members/{own.pk}"

    demoted = client.post(f"{base}/edit/", {"role": "viewer"})
    ended = client.post(f"{base}/deactivate/", {"reason": "x"})

    assert b"This is the last owner" in demoted.content
    assert b"This is the last owner" in ended.content
    with (
        across_operators("the database itself refuses"),
        pytest.raises(IntegrityError, match="last owner"),
        transaction.atomic(),
    ):
        Membership.objects.filter(pk=own.pk).update(is_active=False)
    assert entries() == []
    make_person(operator=operator, role=Role.OWNER)
    assert client.post(f"{base}/edit/", {"role": "viewer"}).status_code == 302
    assert membership(owner).role == Role.VIEWER


@pytest.mark.usefixtures("owner")
def test_an_owner_is_never_limited(client: Client, operator: Operator) -> None:
    other = membership(make_person(operator=operator, role=Role.OWNER))
    site = make_site(operator=operator)

    answer = client.post(
        f"/members/{other.pk}/edit/", {"role": "owner", "is_limited": "on", "sites": [site.pk]}
    )

    assert b"An owner works with all sites." in answer.content
    with (
        across_operators("the database itself refuses"),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Membership.objects.filter(pk=other.pk).update(is_limited=True)


@pytest.mark.usefixtures("owner")
def test_a_deactivated_member_sees_nothing_until_reactivated(
    client: Client, operator: Operator
) -> None:
    tore = make_person(operator=operator, role=Role.TECHNICIAN)
    his = Client()
    his.force_login(tore)
    base = f"/members/{membership(tore).pk}"

    assert client.post(f"{base}/deactivate/", {}).status_code == 200  # a reason is needed
    client.post(f"{base}/deactivate/", {"reason": "left"})
    assert his.get("/stations/").status_code == 403
    assert b"deactivated already" in client.post(f"{base}/deactivate/", {"reason": "x"}).content
    client.post(f"{base}/reactivate/", {"reason": "back"})

    assert his.get("/stations/").status_code == 200
    assert [e.verb for e in entries()] == ["member.deactivate", "member.reactivate"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_owners_manage_members(client: Client, operator: Operator, role: Role) -> None:
    victim = membership(make_person(operator=operator, role=Role.VIEWER))
    client.force_login(make_person(operator=operator, role=role))

    answers = [
        client.post(f"/members/{victim.pk}/edit/", {"role": "owner"}),
        client.post("/invitations/new/", {"email": "x@example.com", "role": "owner"}),
        client.get("/members/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert entries() == []


def test_the_api_does_what_the_page_does(operator: Operator, owner: User) -> None:
    client = api_client(operator)
    tore = make_person(operator=operator, role=Role.TECHNICIAN)
    site, foreign = make_site(operator=operator), make_site()
    url = f"/api/v1/members/{membership(tore).pk}"

    bad = client.patch(url, {"is_limited": True, "sites": [foreign.public_id]})
    good = client.patch(url, {"is_limited": True, "sites": [site.public_id], "reason": "r"})
    last = client.patch(f"/api/v1/members/{membership(owner).pk}", {"role": "viewer"})
    ended = client.post(f"{url}/deactivate", {"reason": "left"})

    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "sites")
    assert (good.status_code, good.json()["sites"]) == (200, site.name)
    assert (last.status_code, last.json()["error"]["code"]) == (409, "last_owner")
    assert (ended.status_code, ended.json()["is_active"]) == (200, False)
    assert client.get("/api/v1/members?active=true").json()["count"] == 1
    assert [e.verb for e in entries()][-2:] == ["member.change", "member.deactivate"]
