"""The API of customers: the same rows as the pages, and nothing for anybody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.accounts.models import User
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from customers.drivers.models import Driver
from customers.selfservice.api import urls
from customers.selfservice.models import PortalSetup
from stations.commands.models import Command
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver
from tests.factories.selfservice import MARK, CustomerWorld, make_login

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "patch", "delete", "put")


@pytest.fixture
def world() -> CustomerWorld:
    return CustomerWorld()


def addresses(world: CustomerWorld) -> list[str]:
    """Every endpoint, leading to the customer's own rows."""
    refs = {
        "sessions": world.session.public_id,
        "invoices": world.invoice.public_id,
        "sites": world.site.public_id,
        "starts": world.start.public_id,
    }
    found = []
    for pattern in urls:
        route = str(pattern.pattern).removeprefix("^").removesuffix("/?$")
        tail = re.sub(r"^my/\(\?P<slug>.*?\}\)", "", route)
        room = tail.strip("/").split("/")[0]
        tail = re.sub(r"\(\?P<ref>.*?\]\+\)", refs.get(room, ""), tail)
        tail = re.sub(r"\(\?P<number>.*?\}\)", str(world.token.pk), tail)
        found.append(f"/api/v1/my/{world.operator.slug}{tail}")
    return found


def test_a_driver_reads_all_of_their_own(client: Client, world: CustomerWorld) -> None:
    client.force_login(world.dina)

    answers = {one: client.get(one) for one in addresses(world)}

    assert {a.status_code for a in answers.values()} == {200, 405}
    home = f"/api/v1/my/{world.operator.slug}"
    told: Any = answers[f"{home}/sessions"].json()
    assert [one["gross"] for one in told["results"]].count("50.0000") == 1
    assert [one["number"] for one in answers[f"{home}/invoices"].json()["results"]] == [
        world.invoice.number
    ]
    assert answers[home].json()["running"][0]["session"]["id"] == world.running.public_id


@pytest.mark.parametrize("who", ["stranger", "boss", "foreigner", "member", "nobody", "guest"])
def test_nobody_else_reads_or_changes_anything(
    client: Client, world: CustomerWorld, who: str
) -> None:
    if who != "guest":
        client.force_login(_other(world, who))
    with across_operators("the test looks at all of them"):
        noted = AuditEntry.objects.count()

    for one in addresses(world):
        for method in METHODS:
            answer = getattr(client, method)(one, {"text": "x"}, content_type="application/json")
            assert MARK not in answer.content.decode(), (one, method)
            assert answer.status_code != 201, (one, method)

    with across_operators("the test looks at all of them"):
        assert AuditEntry.objects.count() == noted
        assert Command.objects.count() == 0


def _other(world: CustomerWorld, who: str) -> User:
    if who == "member":
        return make_person(operator=world.operator)
    user = make_person()
    if who == "stranger":
        make_login(user, driver=make_driver(operator=world.operator))
    elif who == "boss":
        make_login(user, company=make_company(operator=world.operator))
    elif who == "foreigner":
        make_login(user, driver=make_driver(operator=make_operator()))
    return user


def test_strangers_sign_up_where_the_operator_is_open(client: Client, world: CustomerWorld) -> None:
    url = f"/my/{world.operator.slug}/sign-up/"
    assert client.get(url).status_code == 404
    with across_operators("the test sets any row"):
        PortalSetup.objects.create(operator=world.operator, allows_sign_up=True)

    client.post(url, {"email": "nils@example.com"})
    link = next(w for w in str(mail.outbox[-1].body).split() if "/sign-up/" in w)
    path = "/my" + link.partition("/my")[2]
    given = {"name": "Nils", "password": "a-long-enough-one", f"text_{world.text.pk}": "on"}
    answer = client.post(path, given)

    assert answer.headers["Location"] == f"/my/{world.operator.slug}/"
    with across_operators("the test looks at any row"):
        driver = Driver.objects.get(email="nils@example.com")
        assert (driver.name, driver.company, driver.tokens.count()) == ("Nils", None, 0)
    assert client.get(path.replace("sign-up/", "sign-up/x")).status_code == 404
