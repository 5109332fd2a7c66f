"""When and from where a browser was last seen, for the list of one's own sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

from core.accounts.models import User

EVERY_SECONDS: Final = 300.0
MOST: Final = 10_000


class SeenMiddleware:
    """Notes each session at most once in five minutes and process: no write for every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note the session, then serve."""
        key = request.session.session_key
        if key and isinstance(request.user, User) and self._is_due(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_due(self, key: str) -> bool:
        now = time.monotonic()
        if now - self._noted.get(key, -EVERY_SECONDS) < EVERY_SECONDS:
            return False
        if len(self._noted) >= MOST:
            self._noted.clear()
        self._noted[key] = now
        return True
