"""Log-in: limits by address, sessions elsewhere, and what is kept of it."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import Settings

from core.accounts.middleware import client_address
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-winter-night"


@pytest.fixture
def olga() -> User:
    cache.clear()
    email = f"olga-{uuid.uuid4().hex}@example.com"
    return make_person(operator=make_operator(), email=email, password=PASSWORD)


def log_in(person: User, password: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": person.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/stations/").status_code == 200


def verbs() -> list[str]:
    with across_operators("the test looks at all of them"):
        return [entry.verb for entry in AuditEntry.objects.order_by("pk")]


def test_an_attacker_is_limited_and_the_owner_of_the_account_is_not(olga: User) -> None:
    for _n in range(6):
        log_in(olga, "wrong", "198.51.100.7")

    assert not is_in(log_in(olga, PASSWORD, "198.51.100.7"))
    assert is_in(log_in(olga, PASSWORD, "192.0.2.1"))


def test_log_ins_and_failures_are_in_the_audit_trail(olga: User) -> None:
    log_in(olga, "wrong", "198.51.100.7")
    log_in(olga, PASSWORD, "192.0.2.1")

    with across_operators("the test looks at all of them"):
        kept = [(e.verb, e.source_ip, e.actor_id) for e in AuditEntry.objects.order_by("pk")]
    assert kept == [
        ("person.login_failed", "198.51.100.7", None),
        ("person.login", "192.0.2.1", olga.pk),
    ]


def test_sessions_elsewhere_are_seen_and_ended(olga: User) -> None:
    here, there = (log_in(olga, PASSWORD, f"192.0.2.{n}") for n in (1, 2))
    assert is_in(there)

    page = here.get("/accounts/sessions/").content.decode()
    assert "192.0.2.2" in page
    here.post("/accounts/sessions/")

    assert is_in(here)
    assert not is_in(there)


def test_a_new_password_ends_other_sessions(olga: User) -> None:
    here, there = (log_in(olga, PASSWORD, "192.0.2.1") for _n in range(2))
    new = "an-even-longer-night"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    here.post("/accounts/password/change/", values)

    assert is_in(here)
    assert not is_in(there)
    assert verbs()[-1] == "person.password_changed"


def test_only_trusted_proxies_tell_the_address(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    ask = RequestFactory().get
    header = "203.0.113.9, 192.0.2.5, 10.0.0.2"

    chain = ask("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": header})
    direct = ask("/", REMOTE_ADDR="198.51.100.7", headers={"X-Forwarded-For": "1.2.3.4"})

    assert client_address(chain) == "192.0.2.5"
    assert client_address(direct) == "198.51.100.7"
