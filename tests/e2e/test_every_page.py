"""Every page of the resolver: accessible in both themes, never too wide, never complaining."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from portal.tests.pages import Page
from tests.e2e.inspection import PHONE, menu_problems, problems
from tests.e2e.system import System
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTSIDE = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
ACCOUNT = [
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]
REFUSED = {
    "/sessions/ses_nowhere/": "404 (Not Found)",
    "/no/such/page/": "404 (Not Found)",
    "/stations/new/": "403 (Forbidden)",
}


async def walk(visitor: Visitor, addresses: list[str]) -> list[str]:
    """Problems of the pages at ``addresses``, each with its address."""
    found = []
    for address in addresses:
        await visitor.page.goto(address)
        found += [f"{address} {one}" for one in await problems(visitor.page)]
        found += [f"{address} console: {one}" for one in visitor.complaints]
        visitor.complaints.clear()
    return found


async def documents(visitor: Visitor, pages: list[Page]) -> list[str]:
    """Addresses that answer with a whole page, not with a fragment, file or redirect."""
    found = []
    for page in pages:
        answer = await visitor.context.request.get(page.url, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        is_html = answer.status == 200 and kind.startswith("text/html")
        if is_html and "<!doctype html>" in await answer.text():
            found.append(page.url)
    return found


async def test_pages_of_the_network(olga: Visitor, system: System) -> None:
    addresses = await documents(olga, await query(system.rows.pages))
    station = system.charger.public_id
    addresses += [f"/stations/{station}/", f"/stations/{station}/commands/", "/stations/?q=nothing"]

    assert len(addresses) > 45
    found = await walk(olga, addresses)
    assert not found, "\n".join(found)


async def test_pages_of_ones_account(olga: Visitor) -> None:
    found = await walk(olga, ACCOUNT)

    assert not found, "\n".join(found)


async def test_pages_before_the_door(visitor: Visitor) -> None:
    found = await walk(visitor, OUTSIDE)

    assert not found, "\n".join(found)


async def test_pages_that_say_no(visitor: Visitor, system: System) -> None:
    await visitor.log_in(system.vera.email)

    found = await walk(visitor, list(REFUSED))

    told = [(one.split()[0], one) for one in found]
    assert all(REFUSED[address] in one for address, one in told), "\n".join(found)
    assert {address for address, _one in told} == set(REFUSED)


async def test_menus(olga: Visitor) -> None:
    page = olga.page
    await page.get_by_role("button", name="Olga Ohlsson").click()
    found = await menu_problems(page, "#user-menu")
    await page.keyboard.press("Escape")
    await expect(page.locator("#user-menu")).to_be_hidden()
    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="Menu").last.click()
    found += await menu_problems(page, "#side")

    assert not found, "\n".join(found)
