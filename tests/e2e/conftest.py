"""One system and one browser a module; every test has a browser profile of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from billing.payments.cards.tests.double import Double, double_process
from tests.e2e.servers import running_web
from tests.e2e.system import System, seed
from tests.e2e.visitor import Visitor
from tests.ocpp.conftest import database, running_bridge, url_of

__all__ = ["database"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


HERE = Path(__file__).parent

# WhiteNoise hands files to ASGI as plain iterators, which Django reads whole, with this word.
STATIC_FILES = "ignore:StreamingHttpResponse must consume synchronous iterators:Warning"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here commits, drives a browser and shares the loop of its module."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.filterwarnings(STATIC_FILES))


@pytest.fixture
def _django_db_helper(database: None) -> None:
    """In place of emptying the database after each test: once a module is enough here."""


@pytest.fixture(scope="module")
def system(database: None) -> Iterator[System]:
    """Bridge and web server of this process on a seeded network."""
    with running_bridge() as host, running_web() as web:
        yield seed(web, url_of(host))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(system: System, browser: Browser) -> AsyncIterator[Visitor]:
    """A person at a browser who has not logged in."""
    async with Visitor.at(browser, system.web) as somebody:
        yield somebody


@pytest_asyncio.fixture(loop_scope="module")
async def olga(visitor: Visitor, system: System) -> Visitor:
    """Olga, logged in with e-mail and password."""
    await visitor.log_in(system.olga.email)
    return visitor


@pytest.fixture
def double(settings: Any) -> Iterator[Double]:
    """The provider; browsers may be sent on to it."""
    with double_process() as url:
        settings.STRIPE_API_URL = url
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        allowed = {**directives, "form-action": [*directives["form-action"], url]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": allowed}
        yield Double(url)
