"""Pages of customers: accessible in both themes and never too wide, as drivers, residents and
companies see them. (Boards are members: their pages are walked with those of the network.)"""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.e2e.system import System
from tests.e2e.test_every_page import document, walk
from tests.e2e.visitor import Visitor
from tests.factories.core import make_person
from tests.factories.customers import make_driver, make_resident, make_token
from tests.factories.selfservice import CustomerWorld, make_login
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")
WHOLE_WALK = os.environ.get("WALK") == "whole"
TELLING = {
    "dina": {"my_session_detail", "my_site", "my_data", "my_case_detail", "my_document_list"},
    "carl": {"my_specification", "my_payroll_rules", "my_token_detail", "my_vehicle_edit"},
    "rut": set[str](),
}
"""The rest is looked at with ``WALK=whole``; journeys look at the pages that they pass."""


class People(CustomerWorld):
    """Dina drives, Carl looks after her company, Rut lives where she charges."""

    def __init__(self) -> None:
        super().__init__()
        for user in (self.dina, self.carl):
            type(user).objects.filter(pk=user.pk).update(language="en")
        driver = make_driver(operator=self.operator, name="Rut")
        make_token(operator=self.operator, driver=driver)
        make_resident(self.site, driver=driver)
        self.rut = make_person(email=f"rut-{self.operator.pk}@example.com")
        make_login(self.rut, driver=driver)


@pytest.mark.parametrize("who", [who for who in TELLING if WHOLE_WALK or TELLING[who]])
async def test_pages_of_customers(system: System, browser: Browser, who: str) -> None:
    people: Any = await query(People)
    pages = [url for name, url in people.pages() if WHOLE_WALK or name in TELLING[who]]
    async with Visitor.at(browser, system.web) as visitor:
        await visitor.enter(getattr(people, who))
        shown = [url for url in pages if await document(visitor, url) is not None]
        found = await walk(visitor, shown)

    assert WHOLE_WALK or len(shown) == len(pages)
    assert not found, "\n".join(found)
