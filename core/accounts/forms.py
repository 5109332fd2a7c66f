"""Asking for a code by mail: counted by account and source, so that nobody locks another out."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit

from core.accounts.adapter import has_logged_in_from
from core.accounts.middleware import client_network
from core.errors import RuleViolation
from core.tries import refuse_many

FROM_STRANGE_SOURCES: Final = 30
"""Codes an hour to one account, asked for from where its person has not logged in lately."""


class LoginCodeForm(RequestLoginCodeForm):
    """The limit of codes an hour (ACCOUNT_RATE_LIMITS) holds for an account at one source. Over all
    sources there is one more, which spares a mailbox; it does not count where the person has
    logged in before, so that others who use it up do not keep them out."""

    _user: Any

    def clean_email(self) -> str:
        """The address; refused where too many codes were asked for."""
        email = str(self.cleaned_data["email"])
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        source = client_network(context.request)
        key = f"{email.lower()}:{source}"
        if not ratelimit.consume(context.request, action="request_login_code", key=key):
            raise get_adapter().validation_error("too_many_login_attempts")
        if self._user is None or not has_logged_in_from(self._user.pk, source):
            _count_stranger(email.lower())
        return email


def _count_stranger(email: str) -> None:
    try:
        refuse_many(f"login-codes:{email}", FROM_STRANGE_SOURCES)
    except RuleViolation as error:
        raise get_adapter().validation_error("too_many_login_attempts") from error
