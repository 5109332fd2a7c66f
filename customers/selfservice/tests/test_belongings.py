"""What is whose, where a person is several things at once; and nothing half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from billing.payments.cards import paying
from billing.rating.models import SessionBilling
from core.accounts.models import User
from core.accounts.permissions import Role
from core.attachments.models import Attachment
from core.audit.models import ActorKind, AuditEntry
from core.audit.services import Actor, current_actor
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from customers.drivers.models import DriverAccount
from customers.selfservice import invitations, join_views, station_views
from customers.selfservice.links import link_of
from customers.selfservice.models import CustomerInvitation
from customers.support.models import SupportCase
from customers.tokens.services import put_token
from stations.hardware.models import Connector, StationLink
from tests.factories.billing import make_seller
from tests.factories.cards import make_card_account
from tests.factories.core import make_person
from tests.factories.customers import make_driver, make_token
from tests.factories.invoices import make_issued
from tests.factories.selfservice import CustomerWorld, make_login
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> CustomerWorld:
    return CustomerWorld()


@pytest.fixture
def home(world: CustomerWorld) -> str:
    return f"/my/{world.operator.slug}/"


def make_case(world: CustomerWorld, by: User, **fields: Any) -> SupportCase:
    with across_operators("tests make rows of any operator"):
        case: SupportCase = SupportCase.objects.create(
            operator=world.operator, opened_by=by, opened_by_label=str(by), **fields
        )
    return case


def test_a_company_sees_what_was_opened_for_it_not_what_its_administrator_did_elsewhere(
    client: Client, world: CustomerWorld, home: str
) -> None:
    both = make_person(operator=world.operator, role=Role.SUPPORT)
    make_login(both, company=world.company)
    at_work = make_case(world, both, public_id="case_at_work", caller_name="Another caller")
    private = make_case(
        world, world.carl, public_id="case_private", driver=make_driver(operator=world.operator)
    )
    companys = make_case(world, world.carl, public_id="case_companys")
    client.force_login(world.carl)

    shown = client.get(f"{home}cases/").context["cases"]

    assert [one.public_id for one in shown] == [companys.public_id]
    for one in (at_work, private):
        assert client.get(f"{home}cases/{one.public_id}/").status_code == 404


def test_an_objection_for_a_colleague_is_no_case_of_who_objects(
    client: Client, world: CustomerWorld, home: str
) -> None:
    make_login(world.carl, driver=make_driver(operator=world.operator, company=world.company))
    client.force_login(world.carl)

    client.post(f"{home}sessions/{world.session.public_id}/object/", {"text": "Twice"})

    with across_operators("the test looks at any row"):
        assert SupportCase.objects.get(session=world.session).driver is None


def test_each_seller_is_paid_by_itself_and_nothing_of_a_former_payer(
    client: Client, world: CustomerWorld, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def pay_now(*, invoices: list[Any], **_rest: Any) -> None:
        asked.append([one.number for one in invoices])
        raise RuleViolation("test", "No.")

    monkeypatch.setattr(paying, "pay_now", pay_now)
    last_year = {"supply_from_on": date(2025, 1, 1), "supply_until_on": date(2025, 1, 31)}
    with across_operators("the test sets any row"):
        other = make_issued(make_seller(operator=world.operator), world.account)
        former = make_issued(world.invoice.seller, world.account, **last_year)
        for invoice in (world.invoice, other):
            make_card_account(invoice.seller)
        DriverAccount.objects.filter(owner=world.driver).update(
            valid_from_on=world.invoice.issued_on
        )
    client.force_login(world.dina)

    page = client.get(f"{home}pay/")
    client.post(f"{home}pay/", {"invoice": other.public_id})
    for not_theirs in (former, world.companys):
        client.post(f"{home}pay/", {"invoice": not_theirs.public_id})

    groups = [[one.number for one in group.invoices] for group in page.context["payables"]]
    assert sorted(groups) == sorted([[world.invoice.number], [other.number]])
    assert asked == [[other.number]]


def test_a_price_that_does_not_count_is_in_no_list_file_or_answer(
    client: Client, world: CustomerWorld, home: str
) -> None:
    with across_operators("the test sets any row"):
        SessionBilling.objects.filter(session=world.session).update(state="held")
    client.force_login(world.dina)

    file: Any = client.get(f"{home}sessions/?format=csv")
    told = client.get(f"/api/v1{home}sessions").json()["results"]

    assert b"50.0" not in b"".join(file.streaming_content)
    assert [one["gross"] for one in told] == [None, None]
    assert "50.00" not in client.get(f"{home}sessions/").content.decode()


def test_who_also_looks_after_a_company_leaves_though_that_owes_something(
    client: Client, world: CustomerWorld, home: str
) -> None:
    driver = make_driver(operator=world.operator, name="Carl", employee_number="7")
    make_login(world.carl, driver=driver)
    client.force_login(world.carl)

    client.post(f"{home}data/delete/")

    with across_operators("the test looks at any row"):
        driver.refresh_from_db()
        world.carl.refresh_from_db()
    assert (driver.name, driver.employee_number) == ("–", "")
    assert world.carl.is_active
    assert client.get(home).context["customer"].driver is None


def test_a_driver_who_would_begin_later_ends_today(
    client: Client, world: CustomerWorld, home: str
) -> None:
    today = timezone.localdate()
    driver = make_driver(
        operator=world.operator, company=world.company, valid_from_on=today + timedelta(days=9)
    )
    client.force_login(world.carl)

    answer = client.post(f"{home}drivers/{driver.public_id}/end/")

    with across_operators("the test looks at any row"):
        driver.refresh_from_db()
    assert answer.status_code == 302
    assert (driver.valid_from_on, driver.valid_until_on) == (today, today)


def test_an_invitation_that_is_refused_at_the_end_leaves_no_account(
    client: Client, world: CustomerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = make_driver(operator=world.operator, name="Nils", email="nils@example.com")
    with across_operators("the test makes any row"):
        invitations.invite_customer(subject=driver, email="nils@example.com")
        path = "/my" + link_of(CustomerInvitation.objects.get()).partition("/my")[2]

    def refuse(**_given: Any) -> None:
        raise RuleViolation("ended", "Somebody was quicker.")

    monkeypatch.setattr(join_views, "accept_invitation", refuse)
    given = {"name": "Nils", "password": "a-long-enough-one", f"text_{world.text.pk}": "on"}
    page = client.post(path, given)

    assert "Somebody was quicker." in page.content.decode()
    assert not User.objects.filter(email="nils@example.com").exists()


def test_free_places_are_found_on_every_page_of_the_list(
    client: Client, world: CustomerWorld, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_views, "PAGE", 1)
    free = make_site(operator=world.operator, name="Zzz, the last one")
    station = make_station(site=free)
    with across_operators("the test sets any row"):
        StationLink.objects.update_or_create(station=station, defaults={"is_connected": True})
        Connector.objects.filter(evse__station=station).update(status="available")
    client.force_login(world.dina)

    page = client.get(f"{home}stations/?is_free=on")

    assert [one.site.pk for one in page.context["sites"]] == [free.pk]


def test_a_contract_is_seen_where_it_is_shared_and_only_there(
    client: Client, world: CustomerWorld, home: str
) -> None:
    olga = make_person(operator=world.operator, role=Role.OWNER)
    client.force_login(olga)
    page = f"/files/of/company/{world.company.public_id}/"
    content = SimpleUploadedFile("avtal.txt", b"We agree.")
    client.post(page, {"file": content, "caption": "Contract"})
    with across_operators("the test looks at any row"):
        file = Attachment.objects.get(caption="Contract")
    assert not file.is_shared
    assert "avtal.txt" in client.get(f"/companies/{world.company.public_id}/").content.decode()

    at, told = f"{home}documents/", f"/api/v1{home}documents"
    client.force_login(world.carl)
    assert client.get(f"{at}{file.public_id}/").status_code == 404
    client.force_login(olga)
    for _tap in range(2):
        client.post(f"/files/{file.public_id}/share/", {"is_shared": "1"})
    client.force_login(world.carl)
    assert "Contract" in client.get(at).content.decode()
    assert client.get(f"{at}{file.public_id}/").content == b"We agree."
    (row,) = client.get(told).json()["results"]
    assert client.get(f"{told}/{row['id']}").content == b"We agree."
    client.force_login(world.dina)
    assert client.get(f"{at}{file.public_id}/").status_code == 404

    client.force_login(olga)
    answer = client.patch(
        f"/api/v1/files/{file.public_id}", {"is_shared": False}, content_type="application/json"
    )
    assert answer.json()["is_shared"] is False
    client.force_login(world.carl)
    assert client.get(told).json()["results"] == []
    with across_operators("the test looks at any row"):
        verbs = AuditEntry.objects.filter(verb__startswith="file.").order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == [
            "file.add", "file.share", "file.unshare",
        ]  # fmt: skip


def test_a_card_of_the_pool_is_handed_over_and_who_had_it_stands_there(
    client: Client, world: CustomerWorld, home: str
) -> None:
    pool = make_token(operator=world.operator, uid="04P00L01", driver=make_driver(
        operator=world.operator, name="Nobody of theirs"))  # fmt: skip
    stranger = make_driver(operator=world.operator)
    staff = make_person(operator=world.operator, name="Olga Staff", email="olga@staff.example")
    actor = current_actor.set(Actor(ActorKind.PERSON, str(staff), staff.pk))
    with operator_scope(world.operator):
        for owner in ({"driver": stranger}, {"company": world.company}):
            put_token(operator=world.operator, uid=pool.uid, **owner)
    current_actor.reset(actor)
    client.force_login(world.carl)
    at = f"{home}cards/{pool.pk}/"

    assert client.post(f"{at}holder/", {"driver": stranger.public_id}).status_code == 200
    assert client.post(f"{at}holder/", {"driver": world.driver.public_id}).status_code == 302
    told = f"/api/v1{home}tokens/{pool.pk}/holder"
    (now, before) = client.get(told).json()
    assert (now["driver"], now["until_at"]) == (world.driver.public_id, None)
    assert (before["driver"], before["until_at"]) == (None, now["from_at"])
    assert (now["by"], before["by"]) == (str(world.carl), "The operator")
    page = client.get(at).content.decode()
    assert "Who had it" in page
    assert "Olga" not in page
    assert "olga@" not in page
    assert stranger.name not in page
    client.force_login(world.dina)
    assert client.get(f"{home}cards/").context["tokens"].count(pool) == 1
    assert client.post(f"{at}holder/", {"driver": ""}).status_code == 404
    client.force_login(world.carl)
    client.post(told, {"driver": None}, content_type="application/json")
    with across_operators("the test looks at any row"):
        pool.refresh_from_db()
    assert (pool.driver_id, pool.company_id) == (None, world.company.pk)


def test_a_company_keeps_its_vehicles(client: Client, world: CustomerWorld, home: str) -> None:
    client.force_login(world.carl)
    given = {"registration_number": "abc 12d", "driver": world.driver.public_id, "use": "benefit"}
    stranger = make_driver(operator=world.operator)

    assert client.post(f"{home}vehicles/new/", given).status_code == 302
    assert client.post(f"{home}vehicles/new/", given).status_code == 200  # taken
    refused = client.post(f"{home}vehicles/new/", given | {"driver": stranger.public_id})
    assert refused.status_code == 200
    told = f"/api/v1{home}vehicles"
    (row,) = client.get(f"{told}?q=ABC12D").json()["results"]
    assert (row["registration_number"], row["driver"]) == ("ABC12D", world.driver.public_id)
    page = client.post(f"{home}vehicles/{row['id']}/", given | {"driver": "", "cost_centre": "20"})
    assert page.status_code == 302
    changed = client.patch(
        f"{told}/{row['id']}", {"make": "Volvo"}, content_type="application/json"
    )
    assert (changed.json()["driver"], changed.json()["cost_centre"]) == (None, "20")
    assert "Volvo" in client.get(f"{home}vehicles/?q=abc12d").content.decode()
    client.force_login(world.dina)
    assert client.get(told).status_code == 404


def test_who_may_not_change_drivers_invites_nobody(client: Client, world: CustomerWorld) -> None:
    client.force_login(make_person(operator=world.operator, role=Role.VIEWER))

    answer = client.post(f"/drivers/{world.driver.public_id}/portal/", {"email": "x@example.com"})

    assert answer.status_code == 403
    with across_operators("the test looks at any row"):
        assert not CustomerInvitation.objects.exists()
