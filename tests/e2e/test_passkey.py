"""A passkey of an authenticator of the browser: added, used to log in, removed."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from core.accounts.permissions import Role
from tests.e2e.system import PERSON_PASSWORD, System
from tests.e2e.visitor import Visitor
from tests.factories.core import make_person
from tests.ocpp.support import query

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def test_one_adds_a_passkey_and_logs_in_with_it_alone(
    system: System, browser: Browser
) -> None:
    person = await query(
        lambda: make_person(
            operator=system.olga.memberships.get().operator,
            role=Role.VIEWER,
            password=PERSON_PASSWORD,
        )
    )
    # Passkeys belong to a name: an IP number can have none.
    web = system.web.replace("127.0.0.1", "localhost")
    async with Visitor.at(browser, web) as somebody:
        page = somebody.page
        devtools = await somebody.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        added = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        await somebody.log_in(person.email)

        await page.goto("/accounts/2fa/webauthn/add/")
        if "reauthenticate" in page.url:
            await page.get_by_label("Password").fill(PERSON_PASSWORD)
            await page.get_by_role("button", name="Confirm").click()
        await page.get_by_label("Passwordless").check()
        await page.get_by_role("button", name="Add").click()
        await expect(page).not_to_have_url(f"{web}/accounts/2fa/webauthn/add/")
        kept = await devtools.send(
            "WebAuthn.getCredentials", {"authenticatorId": added["authenticatorId"]}
        )
        assert [one["isResidentCredential"] for one in kept["credentials"]] == [True]

        await somebody.context.clear_cookies()
        await page.goto("/accounts/login/")
        await page.get_by_role("button", name="Log in with a passkey").click()
        await expect(page).to_have_url(f"{web}/")
        await expect(page.get_by_role("button", name=person.name).first).to_be_attached()
