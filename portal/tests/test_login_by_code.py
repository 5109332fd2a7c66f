"""Logging in by a code that is mailed: once, for a short time, not for the asking of thousands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client

from core.accounts.forms import FROM_STRANGE_SOURCES
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
ASK, ENTER = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    cache.clear()
    yield
    cache.clear()


def mailed_code() -> str:
    (message,) = mail.outbox
    assert "Enter this code" in str(message.body)
    code = re.search(r"^([A-Z0-9][A-Z0-9-]{3,})$", str(message.body), re.MULTILINE)
    assert code is not None
    return code[1]


def test_a_mailed_code_lets_in_once(client: Client) -> None:
    person = make_person(operator=make_operator(), email="dina@example.com")
    page = client.get("/accounts/login/").content.decode()
    assert ASK in page

    assert client.post(ASK, {"email": "dina@example.com"}).status_code == 302
    code = mailed_code()
    wrong = client.post(ENTER, {"code": "ZZZZZZ"})
    assert (wrong.status_code, client.session.get("_auth_user_id")) == (200, None)
    client.post(ENTER, {"code": code})
    assert client.session["_auth_user_id"] == str(person.pk)
    with across_operators("the test looks at any row"):
        kept = AuditEntry.objects.filter(verb__startswith="person.").order_by("pk")
        assert list(kept.values_list("verb", flat=True)) == ["person.login_failed", "person.login"]

    again = Client()
    again.post(ENTER, {"code": code})
    assert "_auth_user_id" not in again.session


def test_a_code_does_not_replace_the_second_factor(client: Client) -> None:
    TOTP.activate(make_person(email="dina@example.com"), generate_totp_secret())

    client.post(ASK, {"email": "dina@example.com"})
    answer = client.post(ENTER, {"code": mailed_code()})

    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session


def test_codes_are_not_sent_without_end(client: Client) -> None:
    make_person(email="dina@example.com")

    answers = [Client().post(ASK, {"email": "dina@example.com"}).status_code for _n in range(7)]

    assert answers[0] == 302
    assert len(mail.outbox) == 5


def test_codes_asked_for_by_others_keep_nobody_out(client: Client) -> None:
    make_person(email="dina@example.com")
    client.post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="192.0.2.1")
    client.post(ENTER, {"code": mailed_code()}, REMOTE_ADDR="192.0.2.1")
    mail.outbox.clear()

    for n in range(FROM_STRANGE_SOURCES + 2):
        Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR=f"198.51.100.{n // 5}")
    # Her own first one was from a strange source too.
    assert len(mail.outbox) == FROM_STRANGE_SOURCES - 1
    strange = Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="203.0.113.9")
    own = Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="192.0.2.1")

    assert (strange.status_code, own.status_code) == (200, 302)
    assert len(mail.outbox) == FROM_STRANGE_SOURCES


def test_codes_to_one_ipv6_line_are_counted_together(client: Client) -> None:
    make_person(email="dina@example.com")
    client.post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="2001:db8:1:1::1")
    client.post(ENTER, {"code": mailed_code()}, REMOTE_ADDR="2001:db8:1:1::1")
    mail.outbox.clear()

    for n in range(7):
        Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR=f"2001:db8:2:2::{n}")
    assert len(mail.outbox) == 5
    for n in range(FROM_STRANGE_SOURCES):
        Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR=f"2001:db8:3:{n // 5}::1")
    strange = Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="2001:db8:4:4::1")
    own = Client().post(ASK, {"email": "dina@example.com"}, REMOTE_ADDR="2001:db8:1:1::77")

    assert (strange.status_code, own.status_code) == (200, 302)
