"""Finding a faulted station and commanding it; watching a session while it runs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from stations.models import Command, Session
from stations.ocpp.tests.charge_point import RawChargePoint
from stations.sessions.tasks import reconcile_due
from tests.e2e.system import CARD, System
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

COUNT_FETCHES = """() => {
  window.heard = window.fetched = 0;
  document.documentElement.dataset.livePace = "3600";
  document.addEventListener("live:message", () => { window.heard += 1; });
  document.addEventListener("htmx:beforeRequest", () => { window.fetched += 1; });
}"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def tile(page: Page, label: str) -> Any:
    return page.locator(".tile").filter(has_text=label).locator(".tile-value")


def minutes_ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


async def reset_by_form(page: Page, station: str) -> None:
    """From the page of a station to the sent command."""
    await page.get_by_role("main").get_by_role("link", name="Commands").first.click()
    await page.get_by_role("link", name="Reset").first.click()
    await page.get_by_label("Type").select_option("hard")
    await page.get_by_label("Why").fill("Earth fault does not clear")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(f"Reset to {station}")


async def answer_reset(point: RawChargePoint, status: str) -> None:
    frame = await point.next_call()
    assert frame[2:] == ["Reset", {"type": "Hard"}]
    await point.answer(frame, {"status": status})


async def test_a_faulted_station_is_found_and_reset(olga: Visitor, system: System) -> None:
    page, station = olga.page, system.faulted
    point = await system.plug_in(station)

    await page.get_by_role("link", name="Faulted").first.click()
    await expect(page.get_by_text("1 found")).to_be_visible()
    await page.locator("table").get_by_role("link", name=station.name).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(station.name)
    await reset_by_form(page, station.name)
    result = page.locator("#command-result")
    await expect(result).to_contain_text("Waiting for the station's answer")
    await page.evaluate("window.wasHere = true")
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    await answer_reset(point, "Accepted")

    await expect(result.get_by_text("Accepted").first).to_be_visible()
    assert await page.evaluate("window.wasHere") is True
    command = await query(lambda: Command.objects.get(station_id=station.pk))
    assert (command.reason, command.state) == ("Earth fault does not clear", "answered")
    await point.close()


async def until(page: Page, what: str) -> None:
    """Ask again and again, for the page's policy lets no script of ours wait inside it."""
    async with asyncio.timeout(30):
        while not await page.evaluate(what):
            await page.wait_for_timeout(200)


async def test_live_parts_wait_as_long_as_the_reader_chose(olga: Visitor, system: System) -> None:
    page = olga.page
    menu = page.get_by_role("button", name="Olga Ohlsson")
    await menu.click()
    await page.get_by_role("button", name="Every 60 s").click()
    await page.goto(f"/stations/{system.faulted.public_id}/")
    await expect(page.locator("[data-pace='60']")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("html")).to_have_attribute("data-live-pace", "60")
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    # A minute may pass on a busy machine.
    await page.evaluate(COUNT_FETCHES)
    point = await system.plug_in(system.faulted)
    await until(page, "window.heard > 0")

    await menu.click()
    assert await page.evaluate("window.fetched") == 0
    await page.get_by_role("button", name="At once").click()

    await until(page, "window.fetched > 0")
    await point.close()


async def test_a_session_is_watched_while_it_runs(olga: Visitor, system: System) -> None:
    page, point = olga.page, await system.plug_in(system.charger)
    start = {"connectorId": 1, "idTag": CARD, "meterStart": 1000, "timestamp": minutes_ago(40)}
    transaction = (await point.ask("StartTransaction", start))["transactionId"]
    session = await query(lambda: Session.objects.get(station_id=system.charger.pk))
    await page.goto(f"/sessions/{session.public_id}/")
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "on")
    await page.evaluate("window.wasHere = true")

    for minutes, register, power in ((30, 3500, "11000"), (20, 5250, "10500")):
        values = [
            {"value": str(register), "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
            {"value": power, "measurand": "Power.Active.Import", "unit": "W"},
        ]
        reading = {"timestamp": minutes_ago(minutes), "sampledValue": values}
        meter = {"connectorId": 1, "transactionId": transaction, "meterValue": [reading]}
        await point.ask("MeterValues", meter)
        kwh, kw = f"{(register - 1000) / 1000:.2f} kWh", f"{int(power) / 1000:.1f} kW"
        await expect(tile(page, "Energy")).to_have_text(kwh)
        await expect(tile(page, "Power")).to_have_text(kw)
    stop = {"transactionId": transaction, "meterStop": 8400, "timestamp": minutes_ago(0)}
    await point.ask("StopTransaction", stop)
    await expect(tile(page, "State")).to_have_text("ended", ignore_case=True)
    await asyncio.gather(query(reconcile_due), point.close())

    await expect(tile(page, "Energy")).to_have_text("7.40 kWh")
    assert await page.evaluate("window.wasHere") is True
    await page.reload()
    await expect(tile(page, "Energy")).to_have_text("7.40 kWh")
    await query(session.refresh_from_db)
    assert (session.energy_wh, session.is_held) == (7400, False)


async def test_without_scripts_a_list_is_filtered_and_a_command_sent(
    system: System, browser: Browser
) -> None:
    point = await system.plug_in(system.charger)
    async with Visitor.at(browser, system.web, java_script_enabled=False) as visitor:
        page = visitor.page
        await visitor.log_in(system.olga.email)
        await page.get_by_role("link", name="Stations").first.click()
        await page.get_by_label("Search in this list").fill(system.charger.name)
        await page.get_by_role("button", name="Apply").click()
        await expect(page.locator("table.list tbody tr")).to_have_count(1)
        await page.locator("a.title", has_text=system.charger.name).click()
        await reset_by_form(page, system.charger.name)
        await answer_reset(point, "Rejected")
        await asyncio.sleep(0.3)
        await page.reload()

        await expect(page.locator("#command-result").get_by_text("Rejected").first).to_be_visible()
    await point.close()
