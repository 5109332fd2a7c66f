"""From two files to a report: import, question, cancel, progress, plan on a phone, paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from planning.studies import running
from tests.e2e.inspection import problems
from tests.e2e.visitor import Visitor
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


async def _import(page: Page, kind: str, file: str) -> None:
    """Upload, columns as they are guessed, preview, kept."""
    await page.goto(f"/layers/import/?kind={kind}")
    await page.locator("input[type=file]").set_input_files(EXAMPLES / file)
    await page.get_by_role("button", name="Show how it is read").click()
    await page.get_by_role("button", name="Show what would be kept").click()
    await page.get_by_label("Source").fill("GeoNames")
    await page.get_by_role("button", name="Keep as a layer").click()
    await expect(page.get_by_text("The layer has been added.")).to_be_visible()


async def test_from_two_files_to_a_report(olga: Visitor) -> None:
    page: Any = olga.page
    await _import(page, "population", "swedish-places.csv")
    await _import(page, "candidates", "candidate-sites.csv")
    await page.goto("/studies/new/")
    await page.locator("#id_name").fill("Ten sites")
    await page.get_by_label("swedish-places").first.check()
    await page.get_by_label("candidate-sites").first.check()
    await page.locator("#id_time_limit_s").fill("5")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_text("The study waits for its turn.")).to_be_visible()

    await page.get_by_role("button", name="Cancel the study").click()
    await expect(page.get_by_text("The study was cancelled")).to_be_visible()
    await page.get_by_role("button", name="Ask the same again").click()
    await expect(page.get_by_role("img", name="Progress")).to_be_visible()
    assert await query(running.run_next)
    await expect(page.get_by_role("heading", name="The plan", exact=True)).to_be_visible()

    await page.set_viewport_size({"width": 390, "height": 844})
    await page.reload()
    await expect(page.get_by_role("img", name="Demand that is reached today")).to_be_visible()
    assert await problems(page, around=False) == []
    async with page.expect_download() as download:
        await page.get_by_role("link", name="PDF").click()
    assert (await download.value).suggested_filename.endswith(".pdf")
