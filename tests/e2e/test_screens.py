"""Twenty pages as pictures under ``var/screens/``, wide and on a phone, to be leafed through."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest
from django.conf import settings
from playwright.async_api import Browser, ViewportSize

from tests.e2e.system import System
from tests.e2e.visitor import Visitor
from tests.factories.core import make_person
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDTHS: Final[dict[int, ViewportSize]] = {
    1440: {"width": 1440, "height": 900},
    390: {"width": 390, "height": 844},
}
PAGES: Final = {
    "overview": "/",
    "attention": "/attention/",
    "stations": "/stations/",
    "station": "/stations/{station}/",
    "station-configuration": "/stations/{station}/configuration/",
    "station-history": "/stations/{station}/history/",
    "station-journal": "/stations/{station}/journal/",
    "new-station": "/stations/new/",
    "site": "/sites/{site}/",
    "site-form": "/sites/{site}/edit/",
    "sessions": "/sessions/",
    "session": "/sessions/{session}/",
    "call": "/support/",
    "case": "/support/cases/{case}/",
    "driver": "/drivers/{driver}/",
    "audit": "/audit/",
    "reports": "/reports/",
    "operator": "/operator/",
    "members": "/members/",
    "account": "/accounts/2fa/",
}
LOOKS: Final = (("sv", "light"), ("en", "dark"))
"""Pages take turns in them."""


def addresses(system: System) -> dict[str, str]:
    rows = system.rows
    known = {
        "station": rows.station.public_id,
        "site": rows.site.public_id,
        "session": rows.session.public_id,
        "case": rows.case.public_id,
        "driver": rows.driver.public_id,
    }
    return {name: address.format(**known) for name, address in PAGES.items()}


@pytest.mark.parametrize(("language", "theme"), LOOKS)
async def test_pages_are_kept_as_pictures(
    system: System, browser: Browser, language: str, theme: str
) -> None:
    folder = settings.BASE_DIR / "var" / "screens"
    turn = LOOKS.index((language, theme))
    person = await query(
        partial(make_person, operator=system.operator, language=language, theme=theme)
    )
    async with Visitor.at(browser, system.web, reduced_motion="reduce") as visitor:
        await visitor.enter(person)
        for name, address in list(addresses(system).items())[turn :: len(LOOKS)]:
            answer = await visitor.page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            for width, size in WIDTHS.items():
                await visitor.page.set_viewport_size(size)
                picture = folder / f"{name}-{width}.png"
                await visitor.page.screenshot(path=picture, full_page=True, caret="initial")
                assert picture.stat().st_size > 5_000
