"""``manage.py create-operator``: the first run of an installation."""

from __future__ import annotations

from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts.models import Membership, Operator, User
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
ARGUMENTS = {
    "--name": "Norrsken AB",
    "--slug": "norrsken",
    "--party-id": "nor",
    "--owner": "owner@norrsken.example",
}


def run(*more: str, **changes: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    given = ARGUMENTS | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    options = [part for pair in given.items() for part in pair]
    call_command("create-operator", *options, *more, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def rows(model: Any) -> list[Any]:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def test_the_owner_sets_a_password_by_the_link_and_logs_in(client: Client) -> None:
    link, words = run()

    (operator,) = rows(Operator)
    (membership,) = rows(Membership)
    assert (operator.slug, operator.country_code, operator.party_id) == ("norrsken", "SE", "NOR")
    assert (membership.role, membership.user.email) == ("owner", "owner@norrsken.example")
    assert "once" in words
    form = client.get(urlsplit(link).path, follow=True)
    secret = {"password1": "a-long-new-word-17", "password2": "a-long-new-word-17"}
    client.post(form.redirect_chain[-1][0], secret)
    assert client.login(username="owner@norrsken.example", password="a-long-new-word-17")
    assert [entry.verb for entry in rows(AuditEntry)][:2] == ["operator.create", "member.add"]


def test_the_link_may_go_by_mail() -> None:
    out, words = run("--mail")

    (message,) = mail.outbox
    assert out == ""
    assert message.to == ["owner@norrsken.example"]
    assert "/accounts/password/reset/key/" in message.body
    assert "Norrsken AB" in message.subject
    assert "went to" in words


def test_a_person_who_is_here_already_keeps_the_password() -> None:
    person = make_person(operator=make_operator(), email="Owner@norrsken.example", password="x")

    out, words = run()

    assert out == ""
    assert "has a password here already" in words
    assert len(rows(User)) == 1
    assert {m.user_id for m in rows(Membership)} == {person.pk}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slug": "taken"}, "an operator with the short name taken"),
        ({"party_id": "TKN"}, r"SE\*TKN belongs to the operator taken"),
        ({"slug": "no spaces"}, "letters, digits"),
        ({"party_id": "TOOLONG"}, "three letters or digits"),
        ({"country": "Sweden"}, "two letters"),
        ({"owner": "nobody"}, "no e-mail address"),
        ({"name": " "}, "a name"),
        ({"time_zone": "Mars/Olympus"}, "no IANA time zone"),
        ({"currency": "XXX"}, "not supported"),
        ({"language": "tlh"}, "no such language"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(changes: dict[str, str], message: str) -> None:
    make_operator(slug="taken", party_id="TKN")

    with pytest.raises(CommandError, match=message):
        run(**changes)

    assert len(rows(Operator)) == 1
    assert (rows(User), rows(AuditEntry)) == ([], [])
