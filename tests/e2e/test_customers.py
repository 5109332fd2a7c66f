"""Customers with a phone: a driver from the invitation to the paid invoice, a fleet's limits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from billing.invoices.models import Invoice
from billing.payments.cards.tests.double import Double
from core.tenancy.scopes import across_operators
from customers.drivers.models import Driver, DriverAccount
from customers.selfservice.invitations import invite_customer
from customers.selfservice.links import link_of
from stations.models import Station
from tests.e2e.inspection import problems
from tests.e2e.system import PERSON_PASSWORD, System
from tests.e2e.visitor import Visitor
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.invoices import make_issued
from tests.factories.selfservice import make_login
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIZE: ViewportSize = {"width": 390, "height": 844}
PHONE: Any = {"viewport": SIZE}
NAME = "Dina Dahl"
EMAIL = "dina@hushall.example"
CARD = "04D1DA0001"


async def looked_at(visitor: Visitor) -> None:
    """Axe in both themes and the width; then on a phone again."""
    found = await problems(visitor.page)
    assert not found, "\n".join([visitor.page.url, *found])
    await visitor.page.set_viewport_size(SIZE)


def _invited(system: System, double: Double) -> tuple[str, Invoice]:
    """The address in Dina's invitation, and the invoice that waits for her."""
    operator = system.operator
    seller = make_seller(operator=operator, is_default=False)
    driver = make_driver(operator=operator, name=NAME, email=EMAIL, language="en")
    account = make_account(operator=operator, name=NAME)
    with across_operators("tests make rows of any operator"):
        double.account(seller)
        DriverAccount.objects.create(operator=operator, owner=driver, account=account)
        invoice = make_issued(seller, account, "80.00")
        row = invite_customer(subject=driver, email=EMAIL)
        return link_of(row).removeprefix(system.web), invoice


async def test_a_driver_from_the_invitation_to_the_paid_invoice(
    system: System, browser: Browser, double: Double, settings: Any
) -> None:
    settings.PUBLIC_URL = system.web
    path, invoice = await query(lambda: _invited(system, double))
    async with Visitor.at(browser, system.web, **PHONE) as dina:
        page = dina.page
        # The provider's page has no icon.
        await page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        await page.goto(path)
        await looked_at(dina)
        await page.get_by_label("Password").fill(PERSON_PASSWORD)
        await page.get_by_label("I agree to").check()
        await page.get_by_role("button", name="Create account").click()
        await expect(page.get_by_role("heading", name="My charging")).to_be_visible()

        await page.context.clear_cookies()
        await page.goto("/accounts/login/")
        await page.get_by_label("Email").fill(EMAIL)
        await page.get_by_label("Password").fill(PERSON_PASSWORD)
        await page.get_by_role("button", name="Log in", exact=True).click()
        await expect(page.get_by_role("heading", name="My charging")).to_be_visible()
        await looked_at(dina)

        await page.locator("main").get_by_role("link", name=str(invoice)).click()
        await expect(page.get_by_role("heading", name=str(invoice))).to_be_visible()
        await looked_at(dina)
        await page.get_by_role("link", name="Pay now").first.click()
        await expect(page.get_by_text("test payments")).to_be_visible()
        await looked_at(dina)
        await page.get_by_role("button", name="Pay now").click()
        await page.locator("#card").select_option("4242424242424242")
        await page.get_by_role("button").first.click()
        await expect(page.get_by_text("Paid. Thank you.")).to_be_visible()
        await looked_at(dina)
    await query(lambda: _is_paid(invoice))


def _is_paid(invoice: Invoice) -> None:
    with across_operators("the test looks at any row"):
        invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert invoice.open_amount == 0


def _fleet(system: System) -> Any:
    """Carl, who looks after a company with a driver."""
    company = make_company(operator=system.operator, name="Bud i Norr")
    driver = make_driver(operator=system.operator, name="Frans", company=company)
    make_token(operator=system.operator, driver=driver, uid=CARD)
    carl = make_person(email="carl@budinorr.example", language="en")
    make_login(carl, company=company)
    return carl, driver


async def test_a_company_limits_a_driver_whose_card_is_refused_then(
    system: System, browser: Browser
) -> None:
    carl, driver = await query(lambda: _fleet(system))
    point = await system.plug_in(await query(lambda: Station.objects.get(pk=system.charger.pk)))
    before = await point.ask("Authorize", {"idTag": CARD})
    async with Visitor.at(browser, system.web, **PHONE) as visitor:
        page = visitor.page
        await visitor.enter(carl)
        await page.goto(f"/my/{system.operator.slug}/drivers/")
        await looked_at(visitor)
        await page.get_by_role("link", name="Frans").click()
        await looked_at(visitor)
        await page.get_by_role("link", name="Change").click()
        await looked_at(visitor)
        await page.get_by_label("Most energy a month (kWh)").fill("0")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("The driver has been changed.")).to_be_visible()
        refused = await point.ask("Authorize", {"idTag": CARD})

        await page.get_by_role("link", name="Change").click()
        await page.get_by_label("Most energy a month (kWh)").fill("")
        elsewhere = page.get_by_label(await query(lambda: str(_other_site(system))))
        await elsewhere.check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("The driver has been changed.")).to_be_visible()
        elsewhere_only = await point.ask("Authorize", {"idTag": CARD})
    await point.close()

    answers = [one["idTagInfo"]["status"] for one in (before, refused, elsewhere_only)]
    assert answers == ["Accepted", "Blocked", "Blocked"]
    assert await query(lambda: _sites(driver)) == [await query(lambda: _other_site(system).pk)]


def _other_site(system: System) -> Any:
    with across_operators("the test looks at any row"):
        return system.rows.station.site


def _sites(driver: Driver) -> list[int]:
    with across_operators("the test looks at any row"):
        return list(driver.allowed_sites.values_list("pk", flat=True))
