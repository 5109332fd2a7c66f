"""The main paths with the keyboard alone: nothing is clicked, and it shows where one stands."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from stations.models import Command
from tests.e2e.system import PERSON_PASSWORD, System
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_STEPS = 120

_HERE = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.innerText ?? "";
  const words = at.getAttribute("aria-label") || label || at.innerText || at.value || "";
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [words.replace(/[*\\s]+/g, " ").trim(), ring || style.boxShadow !== "none"];
}"""


async def tab_to(page: Page, words: str, *, key: str = "Tab") -> None:
    """Step on until the focus stands on what is called so; the focus must be seen there."""
    met = []
    for _step in range(MOST_STEPS):
        await page.keyboard.press(key)
        name, is_shown = await page.evaluate(_HERE)
        if name == words:
            assert is_shown, f"the focus on {words!r} cannot be seen"
            return
        met.append(name)
    raise AssertionError(f"{words!r} is not among {met}")


async def press(page: Page, words: str) -> None:
    """Go to a link or button and press it."""
    await tab_to(page, words)
    await page.keyboard.press("Enter")


async def fill(page: Page, label: str, text: str) -> None:
    await tab_to(page, label)
    await page.keyboard.type(text)


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text(text)


async def test_one_logs_in_finds_a_station_and_sends_a_command(
    visitor: Visitor, system: System
) -> None:
    page, station = visitor.page, system.charger
    await page.goto("/accounts/login/")
    await fill(page, "Email", system.olga.email)
    await fill(page, "Password", PERSON_PASSWORD)
    await page.keyboard.press("Enter")
    await heading(page, "Overview")

    await press(page, "Skip to content")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.goto("/stations/")
    await page.keyboard.press("/")
    await page.keyboard.type(station.name)
    await expect(page.get_by_text("1 found")).to_be_visible()
    await press(page, station.name)
    await heading(page, station.name)
    point = await system.plug_in(station)
    await page.reload()
    await press(page, "Commands")
    await expect(page).to_have_url(re.compile("/commands/$"))
    await press(page, "Reset")
    await expect(page).to_have_url(re.compile("/commands/reset/$"))
    await tab_to(page, "Type")
    await page.keyboard.press("s")
    await fill(page, "Why", "No mouse at hand")
    await press(page, "Send")
    await heading(page, f"Reset to {station.name}")

    frame = await point.next_call()
    await point.answer(frame, {"status": "Accepted"})
    assert frame[2:] == ["Reset", {"type": "Soft"}]
    sent = await query(lambda: Command.objects.get(station_id=station.pk))
    assert sent.reason == "No mouse at hand"
    await point.close()


async def test_the_palette_finds_and_lets_go_again(olga: Visitor, system: System) -> None:
    page = olga.page
    await tab_to(page, "Search everything")

    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    assert await page.evaluate("document.activeElement.id") == "site-search"
    await page.keyboard.press("Control+k")
    await page.keyboard.type(system.faulted.name)
    await expect(page.locator("#palette-rows a").first).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await heading(page, system.faulted.name)


async def test_a_group_of_the_menu_opens_and_a_session_is_read(
    olga: Visitor, system: System
) -> None:
    page = olga.page
    await press(page, "Customers")
    await press(page, "Drivers")
    await heading(page, "Drivers")
    await press(page, "Operation")
    await press(page, "Sessions")
    await heading(page, "Sessions")
    await press(page, "ses_e2e000000059")
    await heading(page, "Session at")

    await page.goto(f"/sessions/{system.rows.session.public_id}/")
    await press(page, "Stop charging")
    await heading(page, "Stop")
    await page.go_back()
    await heading(page, "Session at")


async def test_menus_are_left_with_escape(olga: Visitor) -> None:
    page = olga.page
    await press(page, "OO Olga Ohlsson")
    await expect(page.locator("#user-menu")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.locator("#user-menu")).to_be_hidden()
    assert (await page.evaluate(_HERE))[0] == "OO Olga Ohlsson"
