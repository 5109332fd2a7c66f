"""A person at a browser: what they do often, and what their browser complained about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright._impl._api_structures import SetCookieParam
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from core.accounts.models import User
from tests.e2e.system import PERSON_PASSWORD
from tests.ocpp.support import query

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

ABANDONED = ("htmx:afterRequest,", "htmx:sendAbort,")
"""How htmx reports a request that a newer one replaced. A request that failed says sendError."""


class Visitor:
    """One page of a profile of its own. ``complaints``: console errors and page errors."""

    def __init__(self, web: str, context: BrowserContext, page: Page) -> None:
        self.web, self.context, self.page = web, context, page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(ABANDONED):
            self.complaints.append(message.text)

    @classmethod
    @asynccontextmanager
    async def at(cls, browser: Browser, web: str, **options: Any) -> AsyncIterator[Visitor]:
        """A fresh profile; closed afterwards. The browser must have had nothing to complain of."""
        size = {"width": 1280, "height": 900}
        context = await browser.new_context(
            base_url=web, **({"viewport": size, "locale": "en-GB"} | options)
        )
        try:
            visitor = cls(web, context, await context.new_page())
            yield visitor
            assert not visitor.complaints, visitor.complaints
        finally:
            await context.close()

    async def log_in(self, email: str, password: str = PERSON_PASSWORD) -> None:
        """Through the form, to the home page."""
        await self.page.goto("/accounts/login/")
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Log in", exact=True).click()
        await expect(self.page).to_have_url(f"{self.web}/")

    async def enter(self, person: User) -> None:
        """Logged in without the form."""
        await self.context.add_cookies([await query(lambda: _session_cookie(self.web, person))])


def _session_cookie(web: str, person: User) -> SetCookieParam:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": web}
