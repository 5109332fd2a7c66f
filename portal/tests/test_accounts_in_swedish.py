"""Log-in, second factors and the other pages of accounts, in Swedish and in our design."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db

OUTSIDE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
    "/accounts/inactive/",
]
INSIDE = [
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/logout/",
    "/accounts/sessions/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
]
PASSWORD = "anna-has-a-long-password"
ENGLISH = re.compile(
    r"\b(the|your|you|please|password|sign|log ?in|log ?out|address|confirm|authenticator|"
    r"security keys?|recovery|enter|forgot|account|with)\b",
    re.IGNORECASE,
)


def words(page: str) -> str:
    """What stands on a page to be read."""
    body = page.partition("<body")[2]
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", body, flags=re.DOTALL)
    shown = " ".join(re.findall(r'(?:placeholder|aria-label|alt|title)="([^"]*)"', body))
    return html.unescape(re.sub(r"<[^>]+>", " ", body) + " " + shown)


@pytest.mark.parametrize("address", [*OUTSIDE, *INSIDE])
def test_the_page_is_swedish_and_ours(client: Client, address: str) -> None:
    if address in INSIDE:
        client.force_login(make_person(operator=make_operator(), language="sv", password=PASSWORD))

    answer = client.get(address, headers={"accept-language": "sv"}, follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="sv"' in page
    assert 'class="door' in page or 'class="app"' in page
    assert not ENGLISH.findall(words(page)), words(page)
