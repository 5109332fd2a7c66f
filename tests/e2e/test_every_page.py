"""Every page of the resolver: accessible in both themes, never too wide, never complaining."""

from __future__ import annotations

import os
import re

import pytest
from playwright.async_api import APIResponse, Browser, expect

from core.accounts.permissions import Role, allowed
from portal.tests.routes import Page
from tests.e2e.inspection import PHONE, menu_problems, problems
from tests.e2e.servers import AGAIN
from tests.e2e.system import System
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARTS = 8
"""So that several processes share the walk."""
WHOLE_WALK = os.environ.get("WALK") == "whole"
BESIDE = [role for role in Role if role != Role.OWNER]
ELEMENTS = re.compile(r"<([a-z][a-z0-9]*)([^>]*)>")
CLASSES = re.compile(r'class="([^"]*)"')

LOOKED_AT, AROUND = set[str](), set[str]()
"""Kinds of elements that this process has looked at in the dark, in pages and around them."""

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


async def walk(visitor: Visitor, addresses: list[str], **looks: bool) -> list[str]:
    """Problems of the pages at ``addresses``, each with its address."""
    found = []
    for address in addresses:
        await visitor.page.goto(address)
        seen = await problems(visitor.page, **looks)
        found += [f"{address} {one}" for one in seen]
        found += [f"{address} console: {one}" for one in visitor.complaints]
        visitor.complaints.clear()
    return found


async def document(visitor: Visitor, address: str) -> APIResponse | None:
    """The answer with a whole page; None for fragments, files, redirects and refusals. The browser
    gets that same answer afterwards, since another would take the portal as long again."""
    answer = await visitor.context.request.get(address, max_redirects=0, headers={AGAIN: "yes"})
    kind = answer.headers.get("content-type", "")
    is_page = answer.status == 200 and kind.startswith("text/html")
    return answer if is_page and "<!doctype html>" in await answer.text() else None


def parts(text: str) -> set[str]:
    """The kinds of elements of a page: tags with their classes."""
    return kinds(text.partition("<main")[2].partition("</main>")[0])


def surroundings(text: str) -> set[str]:
    """The kinds of elements around it: menus, bars, dialogs of every page."""
    before, _main, rest = text.partition("<main")
    return kinds(before + rest.partition("</main>")[2])


def kinds(text: str) -> set[str]:
    """Tags with their classes."""
    return {" ".join([tag, *sorted(CLASSES.findall(rest))]) for tag, rest in ELEMENTS.findall(text)}


async def seen_by(visitor: Visitor, page: Page, known: set[str]) -> list[str]:
    """Problems of a page for another role, where it has parts that the owner's has not."""
    answer = await document(visitor, page.url)
    if answer is None or (not WHOLE_WALK and parts(await answer.text()) <= known):
        return []
    return await walk(visitor, [page.url])


@pytest.mark.walk
@pytest.mark.parametrize("part", range(PARTS))
async def test_pages_of_the_network(
    olga: Visitor, system: System, browser: Browser, part: int
) -> None:
    """Each by its owner and by one more role; by all with ``WALK=whole``.

    Colours in the dark are looked at where a page has a kind of element that none had before, and
    so are menus and bars.
    """
    pages = (await query(system.rows.pages))[part::PARTS]
    roles = BESIDE if WHOLE_WALK else [BESIDE[part % len(BESIDE)]]
    found, texts = [], {}
    for page in pages:
        if answer := await document(olga, page.url):
            texts[page] = text = await answer.text()
            is_new = WHOLE_WALK or not parts(text) <= LOOKED_AT
            frame_is_new = WHOLE_WALK or not surroundings(text) <= AROUND
            found += await walk(olga, [page.url], in_the_dark=is_new, around=frame_is_new)
            LOOKED_AT.update(parts(text))
            AROUND.update(surroundings(text))
    for role in roles:
        async with Visitor.at(browser, system.web) as other:
            await other.enter(system.people[role])
            for page, text in texts.items():
                if allowed(role, page.permission):
                    found += [f"{role}: {one}" for one in await seen_by(other, page, parts(text))]

    assert len(texts) > len(pages) // 2
    assert not found, "\n".join(found)


async def test_pages_of_a_station_with_two_evses(olga: Visitor, system: System) -> None:
    station = system.charger.public_id
    addresses = [f"/stations/{station}/", f"/stations/{station}/commands/", "/stations/?q=nothing"]

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
    await page.keyboard.press("Control+k")
    found += await menu_problems(page, "#palette")
    await page.keyboard.press("Escape")
    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="Menu").last.click()
    found += await menu_problems(page, "#side")

    assert not found, "\n".join(found)
