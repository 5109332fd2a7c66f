"""A guest with a phone: from the code on the connector to the receipt, at a real station."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.async_api import Browser, expect

from billing.payments.cards.tests.double import Double
from core.tenancy.scopes import across_operators
from customers.guests.codes import make_codes
from customers.guests.models import GuestCode, GuestVisit
from customers.guests.settling import follow_due
from stations.models import Connector, Station
from stations.sessions.tasks import reconcile_due
from tests.e2e.inspection import problems
from tests.e2e.system import System
from tests.e2e.visitor import Visitor
from tests.factories.billing import make_seller
from tests.factories.rating import rate_all
from tests.factories.tariffs import energy_document, make_assignment, make_tariff, make_version
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE: Any = {"viewport": {"width": 390, "height": 844}}


def _open_for_guests(system: System, double: Double) -> str:
    operator = system.operator
    seller = make_seller(operator=operator, is_default=False)
    with across_operators("tests make rows of any operator"):
        type(seller).objects.filter(operator=operator).update(is_default=False)
        type(seller).objects.filter(pk=seller.pk).update(is_default=True)
        double.account(seller)
        Connector.objects.filter(evse__station=system.charger).update(
            status="available", connector_type="type2"
        )
        tariff = make_tariff(operator=operator, currency="SEK")
        make_version(tariff, energy_document(1_000))
        make_assignment(tariff, station=system.charger)
        make_codes()
        code = GuestCode.objects.filter(connector__evse__station=system.charger).earliest("pk")
    return f"/g/{code.code}/"


def _follow() -> None:
    """What beat does of an ended session."""
    reconcile_due()
    rate_all()
    with across_operators("as the beat does"):
        GuestVisit.objects.exclude(next_at=None).update(next_at=timezone.now())
        follow_due(now=timezone.now() + timedelta(seconds=1))


async def test_from_the_code_to_the_receipt(
    system: System, browser: Browser, double: Double, settings: Any
) -> None:
    settings.PUBLIC_URL = system.web
    url = await query(lambda: _open_for_guests(system, double))
    point = await system.plug_in(await query(lambda: Station.objects.get(pk=system.charger.pk)))
    async with Visitor.at(browser, system.web, **PHONE) as guest:
        page = guest.page
        # The provider's page has no icon.
        await page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        await page.goto(url)
        await expect(page.get_by_text("Test payments")).to_be_visible()
        assert not await problems(page)
        await page.get_by_label("E-mail for the receipt").fill("gun@example.com")
        await page.get_by_role("button", name="Go on to payment").click()
        await page.get_by_role("button").first.click()
        await expect(page.get_by_text("Held on your card")).to_be_visible()
        assert not await problems(page)

        await page.get_by_role("button", name="Start charging").click()
        order = await point.next_call()
        while order[2] != "RemoteStartTransaction":
            order = await point.next_call()
        await point.answer(order, {"status": "Accepted"})
        start = {"connectorId": 1, "idTag": order[3]["idTag"], "meterStart": 1_000}
        begun = await point.ask(
            "StartTransaction", start | {"timestamp": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}
        )
        assert begun["idTagInfo"]["status"] == "Accepted"
        await expect(page.get_by_text("Cost so far")).to_be_visible()
        assert not await problems(page)

        await page.get_by_role("button", name="Stop charging").click()
        order = await point.next_call()
        while order[2] != "RemoteStopTransaction":
            order = await point.next_call()
        await point.answer(order, {"status": "Accepted"})
        stop = {"transactionId": begun["transactionId"], "meterStop": 1_006, "reason": "Remote"}
        await point.ask(
            "StopTransaction", stop | {"timestamp": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}
        )
        await query(_follow)
        await expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
        await expect(page.locator(".my-sum")).to_contain_text("6.00")
        assert not await problems(page)
    await point.close()
