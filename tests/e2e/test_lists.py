"""Filtering a list, taking it along as CSV, and setting language and theme."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.system import FORMULA, MARKUP, System
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


async def shown(page: Page) -> list[str]:
    """Ids of the sessions on the page."""
    return [text.strip() for text in await page.locator("#list td.card-title").all_inner_texts()]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


async def download(page: Page, to: Path) -> list[dict[str, str]]:
    async with page.expect_download() as started:
        await page.get_by_role("link", name="CSV of these rows").click()
    await (await started.value).save_as(to)
    return rows_of(to)


async def test_a_filtered_list_is_in_the_url_and_in_the_csv(olga: Visitor, tmp_path: Path) -> None:
    page = olga.page
    await page.goto("/sessions/")
    await page.locator("summary", has_text="Filters").click()
    await page.locator(".filter-fields").get_by_label("State", exact=True).select_option("ended")
    await expect(page.locator("#list-count")).to_contain_text("61 found")
    await page.get_by_label("Search in this list").fill("ses_e2e00000001")
    await expect(page.locator("#list-count")).to_contain_text("10 found")
    assert {"q": ["ses_e2e00000001"], "state": ["ended"]}.items() <= asked(page).items()
    await expect(page.locator("#list-busy")).to_have_css("opacity", "0")
    on_page = await shown(page)

    rows = await download(page, tmp_path / "sessions.csv")

    assert len(on_page) == 10
    assert {"sort", "page"}.isdisjoint(asked(page))
    assert [row["public_id"] for row in rows] == on_page
    await page.get_by_role("link", name="Remove this filter").filter(has_text="Ended").click()
    await expect(page.locator(".chip")).to_have_text(["Search: ses_e2e00000001"])
    assert "state" not in asked(page)
    await page.reload()
    assert await shown(page) == on_page


async def test_a_late_refresh_does_not_undo_a_filter(olga: Visitor) -> None:
    page, asked_for, let_go = olga.page, asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if not route.request.is_navigation_request():
            asked_for.set()
            await let_go.wait()
        await route.continue_()

    await page.route("**/sessions/", hold)
    await page.goto("/sessions/")
    await asyncio.wait_for(asked_for.wait(), 20)
    await page.locator("summary", has_text="Filters").click()
    await page.locator(".filter-fields").get_by_label("State", exact=True).select_option("ended")
    await expect(page.locator("#list-count")).to_contain_text("61 found")

    let_go.set()
    await page.wait_for_timeout(500)

    await expect(page.locator("#list-count")).to_contain_text("61 found")
    assert len(await shown(page)) == 50
    await page.unroute_all(behavior="wait")


async def test_what_a_station_says_is_harmless_on_page_and_in_csv(
    olga: Visitor, tmp_path: Path
) -> None:
    page = olga.page
    await page.goto("/sessions/?q=ses_e2e&per_page=100")
    await expect(page.get_by_text(MARKUP)).to_be_visible()
    assert await page.title() != "owned"

    rows = await download(page, tmp_path / "sessions.csv")

    tokens = [row["id_token"] for row in rows]
    assert f"'{FORMULA}" in tokens
    assert MARKUP in tokens
    assert FORMULA not in tokens


async def test_language_and_theme_last(visitor: Visitor, system: System) -> None:
    page, root = visitor.page, visitor.page.locator("html")
    await visitor.log_in(system.sixten.email)
    await expect(root).to_have_attribute("lang", "en")
    await page.get_by_role("button", name=system.sixten.email).click()
    await page.get_by_role("button", name="Dark").click()
    await expect(root).to_have_attribute("data-bs-theme", "dark")
    await page.get_by_role("button", name=system.sixten.email).click()
    await page.get_by_role("button", name="Svenska").click()
    await expect(root).to_have_attribute("lang", "sv")

    await page.goto("/stations/")
    await page.reload()

    await expect(root).to_have_attribute("lang", "sv")
    await expect(root).to_have_attribute("data-bs-theme", "dark")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Laddare")
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert json.loads(background.replace("rgb(", "[").replace(")", "]"))[0] < 60
