"""Every page of the resolver: by each role, by an outsider, by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import User
from core.accounts.permissions import ALWAYS_LIMITED, Role, allowed
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from portal.tests.pages import MARK, Network
from portal.tests.routes import Page
from stations.commands.models import Command
from stations.sites.models import Site
from tests.factories.core import make_operator, make_person
from tests.factories.maintenance import make_partner_person
from tests.factories.stations import make_limited_member

pytestmark = pytest.mark.django_db

OPEN = {"set_language", "set_theme"}
OWN = {
    "second_factor_needed",
    "preferences",
    "set_time_zone",
    "switch_operator",
    "live_ticket",
    "bulk_run",
    "delivery_file",
}
"""Pages of every person, whatever the role."""
ACTIONS = {
    "bank_transaction_accept",
    "billing_account_vat_check",
    "books_create",
    "card_payment_ask",
    "card_payout_match",
    "case_create",
    "case_link",
    "case_note",
    "case_order",
    "cause_approve",
    "demand_model_calibrate",
    "dunning_letter_printed",
    "dunning_pause_end",
    "export_profile_export",
    "field_check",
    "field_note",
    "field_part",
    "field_photo",
    "field_step",
    "field_time",
    "file_share",
    "incident_acknowledge",
    "incident_note",
    "incident_order",
    "incident_wake",
    "invitation_resend",
    "invoice_delivery_done",
    "invoice_files_retry",
    "note_pin",
    "notification_read_all",
    "operator_logo_change",
    "operator_test_mail",
    "order_note",
    "order_pause",
    "order_step",
    "review_retry",
    "see_as_company",
    "see_as_driver",
    "seller_logo_change",
    "set_language",
    "set_theme",
    "set_time_zone",
    "station_hands_off",
    "study_again",
    "study_cancel",
    "study_go_on",
    "study_plan_site",
    "switch_operator",
    "tariff_preview",
    "webhook_replay",
    "webhook_test",
}
"""Addresses that take POST alone: there is nothing to look at, whoever asks."""
OTHERWISE = {
    "guest_code_sheet": 404,
    "second_factor_needed": 302,
    "live_ticket": 400,
    "operator_logo": 404,
    "period_close": 404,
}
"""What pages without arguments answer an outsider who has nothing of the kind."""
PERSONAL = {"notification_detail"}
"""Rows that only one person sees, in none of these tests the one who looks."""
OF_ITS_OWNER = {"schedule_edit"}
"""Changed by whose it is alone, in none of these tests the one who looks."""


@pytest.fixture
def network() -> Network:
    return Network()


def streamed(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def body(client: Client, page: Page) -> tuple[int, str]:
    answer = client.get(page.url)
    if answer.streaming:
        return answer.status_code, streamed(answer)
    # A PDF is no text; what it says is looked at where it is made.
    return answer.status_code, answer.content.decode(errors="replace")


def test_the_resolver_knows_many_pages_and_each_has_a_permission(network: Network) -> None:
    pages = network.pages()

    assert len(pages) > 60
    assert {page.name for page in pages if not page.permission} == OPEN | OWN


def person_of(network: Network, role: Role) -> User:
    """Hosts always have a limit, technicians of partners a partner."""
    if role == Role.PARTNER:
        return make_partner_person(network.list_rows["partners"])
    if role in ALWAYS_LIMITED:
        with across_operators("the host has all of them"):
            sites = list(Site.objects.filter(operator=network.operator))
        return make_limited_member(*sites, operator=network.operator, role=role)
    return make_person(operator=network.operator, role=role)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_what_the_table_allows(client: Client, network: Network, role: Role) -> None:
    client.force_login(person_of(network, role))

    for page in network.pages():
        if page.name in OPEN | OWN:
            continue
        status, _text = body(client, page)
        if page.name in OF_ITS_OWNER:
            assert status == 403, page
        elif page.name.startswith("import_") and page.args:
            may = allowed(role, page.permission) and allowed(role, "token.edit")
            assert status in ((200, 405) if may else (403, 405)), (page, status)
        elif page.name == "home" and role in {Role.HOST, Role.PARTNER}:
            assert status == 302, page
        elif page.name in {"station_command", "session_stop"}:
            dangerous = allowed(role, "command.dangerous")
            assert status == (200 if dangerous else 403), page
        elif allowed(role, page.permission):
            shown = 404 if page.name in PERSONAL else 200
            assert status == (405 if page.name in ACTIONS else shown), (page, status)
        else:
            assert status == 403, (page, status)


def test_an_outsider_finds_nothing_of_this_operator(client: Client, network: Network) -> None:
    uma = make_person(operator=make_operator(), role=Role.OWNER, email="uma@example.com")
    client.force_login(uma)

    for page in network.pages():
        status, text = body(client, page)
        assert MARK not in text, page
        expected = 404 if page.args else OTHERWISE.get(page.name, 200)
        assert status == (405 if page.name in ACTIONS else expected), (page, status)


def test_an_outsider_changes_nothing(client: Client, network: Network) -> None:
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))
    with across_operators("the test looks at all of them"):
        noted = AuditEntry.objects.count()
    values = {"reason": "because", "type": "soft", "hands_off": "1", "name": "x", "uid": "1"}

    for page in network.pages():
        if not page.args:
            continue
        answer = client.post(page.url, values)
        if answer.status_code == 405:  # a page to look at alone
            assert answer["Allow"] == "GET, HEAD", page
            assert page.name not in ACTIONS
        else:
            assert answer.status_code == 404, (page, answer.status_code)

    with across_operators("the test looks at all of them"):
        network.station.refresh_from_db()
        network.token.refresh_from_db()
        assert (network.station.hands_off, network.station.retired_on) == (False, None)
        network.driver.refresh_from_db()
        network.company.refresh_from_db()
        assert network.token.status == "active"
        assert (network.driver.status, network.company.status) == ("active", "active")
        assert Command.objects.count() == 1
        assert AuditEntry.objects.count() == noted


def test_a_list_of_another_operator_has_none_of_these_rows_as_csv(
    client: Client, network: Network
) -> None:
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))
    lists = [p for p in network.pages() if p.name.endswith("_list")]

    assert len(lists) >= 12
    for page in lists:
        answer = client.get(page.url, {"format": "csv"})
        # A page that is called a list and keeps no rows of its own has no CSV of them.
        found = streamed(answer) if answer.streaming else answer.content.decode()
        assert MARK not in found, page


def test_nobody_sees_a_page_without_logging_in(client: Client, network: Network) -> None:
    for page in network.pages():
        if page.name in OPEN:
            continue
        answer = client.get(page.url)
        if page.name in {"set_time_zone", "switch_operator"}:
            assert answer.status_code == 405, page
            continue
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/accounts/login/"), page


def test_a_person_without_operator_sees_no_network(client: Client, network: Network) -> None:
    client.force_login(make_person(email="dina@example.com"))

    for page in network.pages():
        if page.name in OPEN | OWN:
            continue
        status, text = body(client, page)
        assert status == 403, page
        assert MARK not in text
