"""Residents: one in a bay at a time, moving in, moving out, and the final bill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing.accounts.fee_services import create_fee
from billing.invoices.models import Invoice
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import approve_run, change_rules, work_run
from billing.rating.models import SessionBilling
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.audit.models import AuditEntry
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import operator_scope
from customers.drivers.models import DriverAccount
from customers.residents import final_bills
from customers.residents.final_bills import make_final_bills
from customers.residents.models import Bay, Resident
from customers.residents.moving import move_out, stay
from customers.residents.services import change_resident, create_bay, create_resident, delete_bay
from customers.residents.stay import Stay, who_is_in_the_way
from customers.tokens.models import IdToken
from stations.sites.models import Site
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.customers import make_bay, make_driver, make_resident
from tests.factories.rating import ATTRIBUTOR, make_priced_tariff, make_rated, price_by_hand
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db
NOVEMBER_10 = date(2026, 11, 10)


@pytest.fixture
def operator() -> Iterator[Operator]:
    made = make_operator()
    with operator_scope(made):
        yield made


@pytest.fixture
def site(operator: Operator) -> Site:
    return make_site(operator=operator, name="Brf Solsidan")


@pytest.fixture
def seller(operator: Operator) -> Seller:
    made = make_seller(operator=operator)
    change_rules(seller=made, bills_from_on=date(2026, 10, 1))
    return made


def test_a_bay_has_one_resident_at_a_time_here_and_in_the_database(site: Site) -> None:
    ada = create_resident(site=site, name="Ada", bay="P 1", valid_from_on=date(2026, 1, 1))
    move_out(resident=ada, last_on=NOVEMBER_10)

    with pytest.raises(RuleViolation) as refused:
        create_resident(site=site, name="Bo", bay="p 1", valid_from_on=NOVEMBER_10)
    bo = create_resident(site=site, name="Bo", bay="p 1", valid_from_on=date(2026, 11, 11))

    assert (refused.value.code, refused.value.field) == ("bay_taken", "bay")
    assert "Ada has bay P 1 until 2026-11-10" in str(refused.value.message)
    assert Bay.objects.get() == bo.bay
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        Resident.objects.filter(pk=ada.pk).update(valid_until_on=date(2026, 11, 11))
    elsewhere = make_bay(make_site(operator=site.operator))
    with pytest.raises(IntegrityError, match="another site"), transaction.atomic():
        Resident.objects.filter(pk=ada.pk).update(bay=elsewhere)
    with pytest.raises(RuleViolation, match="Somebody was"):
        delete_bay(bay=Bay.objects.get(site=site))


def test_days_meet_where_both_are_there() -> None:
    ada = Stay("ada", "Ada", None, date(2026, 6, 30))
    bo = Stay("bo", "Bo", date(2026, 9, 1), None)

    assert (
        who_is_in_the_way(Stay("eve", "Eve", date(2026, 7, 1), date(2026, 8, 31)), [ada, bo])
        is None
    )
    assert who_is_in_the_way(Stay("eve", "Eve", date(2026, 6, 30)), [bo, ada]) == ada
    assert who_is_in_the_way(Stay("eve", "Eve", date(2026, 7, 1)), [ada, bo]) == bo
    assert who_is_in_the_way(Stay("bo", "Bo"), [bo]) is None


def test_cards_make_a_driver_for_whom_the_account_pays_from_moving_in(site: Site) -> None:
    account = make_account(operator=site.operator)

    resident = create_resident(
        site=site, name="Ada", email="ada@example.com", account=account,
        tokens=["04:A1:B2:C3", "04a1b2c3"], valid_from_on=date(2026, 3, 1), bay="7",
    )  # fmt: skip
    change_resident(resident=resident, apartment="1203", bay="")

    assert resident.driver is not None
    assert (resident.driver.name, resident.driver.email) == ("Ada", "ada@example.com")
    assert list(IdToken.objects.values_list("uid", "driver_id")) == [
        ("04A1B2C3", resident.driver_id)
    ]
    link = DriverAccount.objects.get()
    assert (link.account, link.owner, link.valid_from_on) == (
        account, resident.driver, date(2026, 3, 1)
    )  # fmt: skip
    changed = AuditEntry.objects.get(verb="resident.change")
    assert changed.after == {"apartment": "1203", "bay": None}
    long_ago = create_resident(
        site=site, name="Old", account=account, tokens=["0B"], valid_from_on=date(1987, 5, 1)
    )
    assert DriverAccount.objects.get(owner=long_ago.driver).valid_from_on is None
    with pytest.raises(InvalidInput, match="too far") as refused:
        move_out(resident=resident, last_on=date.max, ends_tokens=True)
    assert refused.value.field == "last_on"


def test_moving_out_ends_own_fees_and_cards_and_leaves_those_of_the_next(site: Site) -> None:
    account = make_account(operator=site.operator)
    resident = create_resident(
        site=site,
        name="Ada",
        bay="7",
        account=account,
        tokens=["0A"],
        valid_from_on=date(2026, 1, 1),
    )
    next_account = make_account(operator=site.operator)
    bay: dict[str, Any] = {"kind": "bay", "amount": Decimal(300), "subject_kind": "bay"}
    own = create_fee(
        account=account, name="Bay", starts_on=date(2026, 1, 1), subject_ref="7", **bay
    )
    planned = create_fee(
        account=account, name="Dearer bay", starts_on=date(2026, 12, 1), subject_ref="7", **bay
    )
    others = create_fee(
        account=next_account, name="Bay", starts_on=date(2026, 11, 11), subject_ref="7", **bay
    )
    assert own.subject_ref == Bay.objects.get().public_id

    move_out(resident=resident, last_on=NOVEMBER_10, ends_tokens=True)

    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.ends_on, others.ends_on) == (NOVEMBER_10, None)
    assert not type(planned).objects.filter(pk=planned.pk).exists()
    assert IdToken.objects.get().expires_at == datetime(2026, 11, 10, 23, tzinfo=UTC)
    entry = AuditEntry.objects.get(verb="resident.move_out")
    assert entry.after["ended_fees"] == ["Bay", "Dearer bay"]
    assert entry.after["ended_tokens"] == ["0A"]
    stay(resident=resident)
    resident.refresh_from_db()
    assert (resident.valid_until_on, resident.final_bill) == (None, "")


def test_the_final_bill_takes_all_up_to_the_last_day_and_fees_by_the_day(
    site: Site, seller: Seller, settings: Any
) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    operator, station = site.operator, make_station(site=site)
    account = make_account(operator=operator)
    version = make_priced_tariff(operator)
    resident = make_resident(site, account=account, driver=make_driver(operator=operator))
    create_fee(
        account=account, kind="subscription", name="Access", amount=Decimal(300),
        starts_on=date(2026, 11, 1),
    )  # fmt: skip
    make_rated(account, version, station=station)  # 2 November, 50 kr
    late = datetime(2026, 11, 12, 10, tzinfo=UTC)
    make_rated(account, version, station=station, ended_at=late)
    move_out(resident=resident, last_on=NOVEMBER_10)

    early = make_final_bills(now=datetime(2026, 11, 10, 20, tzinfo=UTC))
    held_session = make_session(
        station=station, first_received_at=datetime(2026, 11, 9, tzinfo=UTC)
    )
    price_by_hand(held_session, account, Decimal(9), state="held")
    held = make_final_bills(now=datetime(2026, 11, 11, 8, tzinfo=UTC))
    SessionBilling.objects.filter(session=held_session).update(state="dropped")
    made = make_final_bills(now=datetime(2026, 11, 11, 8, tzinfo=UTC))
    again = make_final_bills(now=datetime(2026, 11, 11, 9, tzinfo=UTC))

    assert (early, held, made, again) == (0, 0, 1, 0)
    run = BillingRun.objects.get()
    work_run(run, now=datetime(2026, 11, 12, 8, tzinfo=UTC))
    approve_run(run=run)
    work_run(run, now=datetime(2026, 11, 12, 8, tzinfo=UTC))
    bill = Invoice.objects.get()
    assert bill.gross == Decimal("150.00")  # 50 + 300 x 10 / 30
    assert sorted(bill.lines.values_list("gross", "details"))[1][1] == "10 av 30 dagar"
    resident.refresh_from_db()
    assert (resident.final_bill, resident.final_runs) == ("made", [run.public_id])
    with pytest.raises(RuleViolation, match="final bill"):
        move_out(resident=resident, last_on=NOVEMBER_10)


def test_a_final_bill_that_breaks_off_keeps_nobody_waiting(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_resident(site, account=make_account(operator=site.operator)) for _n in range(2)]
    for one in people:
        move_out(resident=one, last_on=NOVEMBER_10)
    sellers = final_bills._sellers

    def broken(resident: Resident) -> list[Seller]:
        if resident == people[0]:
            raise ValueError
        return sellers(resident)

    monkeypatch.setattr(final_bills, "_sellers", broken)

    made = final_bills.make_final_bills(now=datetime(2026, 11, 12, 8, tzinfo=UTC))

    states = Resident.objects.order_by("pk").values_list("final_bill", flat=True)
    assert (made, list(states)) == (1, ["due", "nothing"])


def test_a_bay_and_its_evse_belong_to_one_site_and_one_bay(site: Site) -> None:
    station = make_station(site=site, evses=1)
    evse = station.evses.get()
    create_bay(site=site, name="1", evse=evse)

    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"site": site, "name": " 1 "}, "bay_known"),
        ({"site": site, "name": "2", "evse": evse}, "evse_taken"),
        ({"site": make_site(operator=site.operator), "name": "1", "evse": evse}, "evse_elsewhere"),
        ({"site": site, "name": " "}, "bay_name"),
    )
    for values, code in wrong:
        with pytest.raises(RuleViolation) as refused:
            create_bay(**values)
        assert refused.value.code == code
    assert Bay.objects.count() == 1
