"""How allauth behaves here."""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core.accounts import events
from core.accounts.middleware import client_address, client_network
from core.accounts.models import User

logger = logging.getLogger(__name__)
REMEMBERED: Final = 90 * 86_400
"""Seconds for which it is remembered from where somebody has logged in."""


def has_logged_in_from(user_id: int, source: str) -> bool:
    """Whether the person has logged in from that address within the last 90 days."""
    return bool(cache.get(_source_key(user_id, source)))


def _source_key(user_id: int, source: str) -> str:
    return f"login-source:{user_id}:{source}"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by operators, not by strangers; failures count by address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address behind the proxies that are trusted."""
        return client_address(request) or "unknown"

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """Remember from where."""
        cache.set(_source_key(user.pk, client_network(request)), 1, REMEMBERED)
        response: HttpResponse = super().post_login(request, user, **given)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Account and address: failures elsewhere do not lock the account's owner out."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{client_network(request)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Kept in the audit trail of the operators that the account works for."""
        email = str(credentials.get("email", ""))[:254]
        address = client_address(request)
        user = User.objects.filter(email__iexact=email).first()
        logger.warning("log-in failed from %s (account known: %s)", address, user is not None)
        if user is not None:
            events.keep("person.login_failed", user, request)
