"""Nobody reads or changes anything of another customer: every page is walked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from customers.selfservice.models import ChargeStart
from customers.support.models import SupportCase
from stations.commands.models import Command
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.selfservice import MARK, CustomerWorld, make_login

pytestmark = pytest.mark.django_db

OF_COMPANY = {
    "my_driver_list", "my_driver_create", "my_driver_detail", "my_driver_edit", "my_driver_end",
    "my_driver_invite", "my_driver_import", "my_company_session_list", "my_specification",
    "my_token_holder", "my_vehicle_list", "my_vehicle_create", "my_vehicle_edit",
    "my_payroll", "my_payroll_rules", "my_home_charging",
}  # fmt: skip
"""Pages of who looks after a company alone."""
OF_DRIVER = {
    "my_session_list", "my_token_activate", "my_token_app", "my_start", "my_start_progress",
    "my_start_cancel", "my_export", "my_deletion",
}  # fmt: skip
"""Pages of drivers alone."""
ACTIONS = {
    "my_token_app", "my_start_cancel", "my_card_add", "my_automatic", "my_card_default",
    "my_card_remove",
}  # fmt: skip
NEW = {"my_driver_create", "my_vehicle_create", "my_token_activate"}
NOT_CARLS = ("my_invoice_", "my_case_", "my_document")
"""Rows of Dina's that her company does not see."""
SHARED = {
    "my_pay_back", "my_cards_saved", "my_export", "my_deletion", "my_station_list", "my_site",
    "my_site_now", "my_start", "my_report",
}  # fmt: skip
"""What every customer of the operator sees: places are no secret of one."""
OTHERWISE = {
    "my_logo": 404, "my_live_ticket": 400, "my_payment": 404, "my_pay_back": 302,
    "my_invoice_pdf": 200,
}  # fmt: skip
VALUES = {
    "text": "x", "label": "x", "reason": "x", "name": "x", "email": "x@example.com",
    "printed_number": "1", "language": "sv", "token": "1", "delete": "1",
}  # fmt: skip


@pytest.fixture
def world() -> CustomerWorld:
    return CustomerWorld()


def text_of(answer: Any) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return str(answer.content.decode(errors="replace"))


def outsiders(world: CustomerWorld) -> dict[str, User]:
    """Another driver of the same company, another company, other operators' people."""
    other = make_operator()
    neighbour, stranger, boss, foreigner = (make_person() for _n in range(4))
    colleague = make_driver(operator=world.operator, company=world.company)
    make_login(neighbour, driver=colleague)
    make_token(operator=world.operator, driver=colleague)
    make_login(stranger, driver=make_driver(operator=world.operator))
    make_login(boss, company=make_company(operator=world.operator))
    make_login(foreigner, driver=make_driver(operator=other))
    return {
        "neighbour": neighbour,
        "stranger": stranger,
        "boss": boss,
        "foreigner": foreigner,
        "member": make_person(operator=world.operator, role=Role.OWNER),
        "foreign_member": make_person(operator=other, role=Role.OWNER),
        "nobody": make_person(),
    }


INSIDE = {"neighbour", "stranger", "boss"}


def test_each_customer_opens_all_of_their_own_pages(client: Client, world: CustomerWorld) -> None:
    for user, closed in ((world.dina, OF_COMPANY), (world.carl, OF_DRIVER)):
        client.force_login(user)
        is_carl = user == world.carl
        for name, url in world.pages():
            status = client.get(url).status_code
            if name in ACTIONS:
                assert status == 405, name
            elif name in closed:
                assert status == 404, (name, user)
            elif (
                is_carl
                and name.startswith(("my_invoice_", "my_case_", "my_document"))
                and url.count("/") > 4
            ):
                assert status in (200, 404), name
            elif name in {"my_invoice_pdf", "my_session_receipt"}:
                assert status in (200, 302), name
            else:
                assert status == OTHERWISE.get(name, 200), (name, status)


@pytest.mark.parametrize(
    "who",
    ["neighbour", "stranger", "boss", "foreigner", "member", "foreign_member", "nobody"],
)
def test_an_outsider_reads_nothing(client: Client, world: CustomerWorld, who: str) -> None:
    client.force_login(outsiders(world)[who])
    mark = world.driver.name if who == "neighbour" else MARK

    for name, url in world.pages():
        answer = client.get(url)
        assert mark not in text_of(answer).replace(world.company.name, ""), name
        has_row = url.count("/") > 4 and name not in SHARED and "new" not in url
        if name in ACTIONS:
            assert answer.status_code == 405, name
        elif who not in INSIDE or (has_row and name != "my_token_activate"):
            assert answer.status_code == 404, (name, answer.status_code)


@pytest.mark.parametrize(
    "who", ["neighbour", "boss", "foreigner", "member", "foreign_member", "nobody"]
)
def test_an_outsider_changes_nothing(client: Client, world: CustomerWorld, who: str) -> None:
    client.force_login(outsiders(world)[who])
    with across_operators("the test looks at all of them"):
        noted = AuditEntry.objects.exclude(verb="card.x").count()

    for name, url in world.pages():
        if url.count("/") > 4 and name not in SHARED | NEW:
            if name == "my_token_app" and who in INSIDE:
                continue  # an app token of one's own
            status = client.post(url, VALUES).status_code
            assert status in (404, 405), (name, status)

    with across_operators("the test looks at all of them"):
        for row in (world.driver, world.token, world.invoice, world.session, world.company):
            row.refresh_from_db()
        assert (world.driver.status, world.driver.valid_until_on) == ("active", None)
        assert (world.token.status, world.token.label) == ("active", MARK)
        assert world.invoice.is_disputed is False
        assert Command.objects.count() == 0
        assert ChargeStart.objects.get().cancelled_at is None
        assert SupportCase.objects.count() == 1
        assert AuditEntry.objects.count() == noted


def test_nobody_opens_a_page_without_logging_in(client: Client, world: CustomerWorld) -> None:
    for name, url in world.pages():
        answer = client.get(url)
        assert answer.status_code in (302, 405), name
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/"), name


def test_a_customer_alone_sees_no_page_of_the_operator(
    client: Client, world: CustomerWorld
) -> None:
    client.force_login(world.dina)

    assert client.get("/").headers["Location"] == "/my/"
    assert client.get("/my/").headers["Location"] == f"/my/{world.operator.slug}/"
    for url in ("/sessions/", "/drivers/", "/invoices/", "/tokens/", "/stations/"):
        assert client.get(url).status_code == 403, url


def test_a_member_looks_as_the_customer_and_changes_nothing(
    client: Client, world: CustomerWorld
) -> None:
    olga = make_person(operator=world.operator, role=Role.SUPPORT)
    client.force_login(olga)
    home = f"/my/{world.operator.slug}/"
    assert client.get(home).status_code == 404

    client.post(f"/drivers/{world.driver.public_id}/see-as/")
    page = client.get(home)
    blocked = client.post(f"{home}cards/{world.token.pk}/block/")
    assert client.get("/drivers/").status_code == 200
    client.post("/my/stop-looking/")

    assert MARK in page.content.decode()
    assert page.context["customer"].is_read_only
    assert blocked.status_code == 403
    assert client.get(home).status_code == 404
    with across_operators("the test looks at all of them"):
        entry = AuditEntry.objects.get(verb="customer.see_as")
    assert (entry.object_label, entry.actor_id) == (world.driver.name, olga.pk)


def test_a_viewer_may_not_look_as_a_customer(client: Client, world: CustomerWorld) -> None:
    client.force_login(make_person(operator=world.operator, role=Role.VIEWER))

    assert client.post(f"/drivers/{world.driver.public_id}/see-as/").status_code == 403
    assert client.get(f"/my/{world.operator.slug}/").status_code == 404
