"""A newcomer adds a station by following the pages alone, and sees it come in."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from stations.models import Station
from stations.ocpp.tests.charge_point import plug_in
from tests.e2e.inspection import problems
from tests.e2e.system import System
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_wizard_ends_with_a_page_that_turns_green(olga: Visitor, system: System) -> None:
    page = olga.page
    await page.goto("/stations/")
    await page.get_by_role("link", name="New station").first.click()
    await page.get_by_label("Site").select_option(label="Norrtull")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Name").fill("Norrtull Asp")
    await page.get_by_label("Socket identity").fill("CP-ASP")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Create station").click()
    secret = await page.locator("#station-secret code").inner_text()
    await expect(page.get_by_text("/CP-ASP").first).to_be_visible()
    assert not await problems(page)

    await page.get_by_role("button", name="I have entered it").click()
    state = page.locator("#first-connection")
    await expect(state).to_have_attribute("data-phase", "waiting")
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    await page.evaluate("window.wasHere = true")
    with pytest.raises(Exception, match="401"):
        await plug_in(system.bridge, "CP-ASP", "not the password")
    await expect(state).to_contain_text("The password was wrong.")
    await expect(state).to_contain_text("Enter the password again")

    point = await plug_in(system.bridge, "CP-ASP", secret)
    await expect(state).to_have_attribute("data-phase", "connected")
    await expect(state).to_have_class(re.compile("tone-ok"))
    await expect(state).not_to_contain_text("The password was wrong.")
    await point.ask("BootNotification", {"chargePointVendor": "Nordljus", "chargePointModel": "A"})
    await expect(state).to_contain_text("Nordljus A")
    for _setting in range(3):
        frame = await point.next_call()
        assert frame[2] == "ChangeConfiguration"
        await point.answer(frame, {"status": "Accepted"})
    await expect(state).to_have_attribute("data-phase", "configured")
    assert await page.evaluate("window.wasHere") is True
    assert not await problems(page)

    await page.get_by_role("link", name="To the station").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Norrtull Asp")
    made = await query(lambda: Station.objects.get(identity="CP-ASP"))
    assert made.vendor == "Nordljus"
    await point.close()
