"""``manage.py create-api-token``."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.accounts.apitokens import find_api_token
from core.accounts.permissions import Permission
from tests.factories.core import make_operator

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = StringIO()
    call_command("create-api-token", *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_only_operator_needs_no_name_and_the_token_has_every_permission() -> None:
    operator = make_operator()

    secret = run()

    token = find_api_token(secret)
    assert token is not None
    assert token.operator == operator
    assert set(token.permissions) == set(Permission.values)
    assert token.expires_at is None


def test_a_token_may_be_narrow_and_short_lived() -> None:
    make_operator()
    operator = make_operator(slug="north")

    token = find_api_token(
        run("--operator", "north", "--permission", "network.view", "--days", "7")
    )

    assert token is not None
    assert (token.operator, token.permissions) == (operator, ["network.view"])
    assert token.expires_at is not None
    assert abs(token.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "--operator"),
        (["--operator", "nobody"], "no operator nobody"),
        (["--operator", "a", "--permission", "fly"], "Unknown permission: fly"),
        (["--operator", "a", "--days", "0"], "at least 1"),
    ],
)
def test_what_cannot_be_is_said(options: list[str], message: str) -> None:
    make_operator(slug="a")
    make_operator(slug="b")

    with pytest.raises(CommandError, match=message):
        run(*options)
