"""A late payer by dated story, and what stops and resets the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core import mail

from billing.accounts.models import BillingAccount
from billing.dunning import services, stepping
from billing.dunning.ageing import ageing, sums
from billing.dunning.facts import interest_of
from billing.dunning.models import DunningPlan, DunningStep, PauseKind
from billing.dunning.plans import change_plan
from billing.dunning.rates import is_missing, rates_for, set_rate
from billing.invoices.models import Invoice
from billing.invoices.settling import set_disputed
from billing.payments import services as payments
from billing.payments import sorting
from billing.payments.models import Claim
from billing.payments.sorting import Part
from billing.payments.tests.books import issued, paid
from billing.sellers.models import Seller
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators
from customers.drivers.models import DriverAccount
from stations.hardware.models import Station
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from stations.ocpp.authorisation.service import decide
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.customers import make_driver, make_token
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere() -> object:
    with across_operators("tests of services"):
        yield


@pytest.fixture
def seller() -> Seller:
    found = make_seller(operator=make_operator(), fee_by_terms=True)
    change_plan(operator=found.operator, is_active=True)
    return found


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator, name="Åke Ek", emails=["ake@example.com"])


@pytest.fixture
def invoice(seller: Seller, account: BillingAccount) -> Invoice:
    """1 000 kronor, due on Monday 2 March 2026."""
    found = issued(seller, account, "1000", "2026-01-30")
    assert found.due_on == date(2026, 3, 2)
    return found


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:00:00").replace(tzinfo=UTC)


def run(*days: str) -> list[tuple[str, str, str]]:
    for day in days:
        stepping.take_due_steps(now=at(day))
    steps = DunningStep.objects.order_by("pk")
    return [(one.step, str(one.done_on), f"{one.total:.2f}") for one in steps]


def test_a_late_payer_from_reminder_to_collection_and_back(
    seller: Seller, account: BillingAccount, invoice: Invoice
) -> None:
    assert run("2026-03-06") == []
    assert run("2026-03-07", "2026-03-07", "2026-03-09") == [("reminder", "2026-03-07", "1000.00")]
    assert run("2026-03-14")[1:] == [("fee_reminder", "2026-03-14", "1060.00")]
    # The demand: 180 kronor, and 10 % (2 and 8 points) of 1 000 kronor for 25 days.
    assert run("2026-03-27")[2:] == [("demand", "2026-03-27", "1246.85")]
    demand = DunningStep.objects.get(step="demand")
    assert demand.pay_by_on is not None
    assert demand.pay_by_on >= date(2026, 4, 6)
    assert run("2026-04-08")[3:] == [("block", "2026-04-08", "1246.85")]
    account.refresh_from_db()
    assert account.status == "blocked"
    assert run("2026-04-17")[4:][0][:2] == ("hand_over", "2026-04-17")
    file = services.make_collection_file(operator=seller.operator, now=at("2026-04-17"))
    text = bytes(file.content).decode("utf-8-sig")
    assert (file.invoice_count, f";{invoice.number};" in text) == (1, True)
    with pytest.raises(RuleViolation):
        services.make_collection_file(operator=seller.operator, now=at("2026-04-17"))

    owed = sum(row.open_amount for row in ageing(as_of=date(2026, 4, 17)))
    payments.book_by_hand(
        account=account, amount=Decimal(owed), booked_on=date(2026, 4, 18), now=at("2026-04-18")
    )
    assert stepping.lift_blocks(now=at("2026-04-18")) == 1

    account.refresh_from_db()
    assert account.status == "active"
    assert [one.open_amount for one in Claim.objects.all() if one.open_amount] == []
    assert ageing(as_of=date(2026, 4, 18)) == []
    assert len(ageing(as_of=date(2026, 4, 17))) == 5


def test_letters_are_sent_once_in_the_language_of_the_customer(
    account: BillingAccount, invoice: Invoice
) -> None:
    run("2026-03-07")

    assert services.send_letters(now=at("2026-03-07")) == 1
    assert services.send_letters(now=at("2026-03-07")) == 0

    (message,) = mail.outbox
    assert message.to == ["ake@example.com"]
    assert message.subject == f"Påminnelse: faktura {invoice.number}"
    assert invoice.ocr in message.body
    assert DunningStep.objects.get().sent_at == at("2026-03-07")


def test_promises_and_disputes_stop_the_clock(account: BillingAccount, invoice: Invoice) -> None:
    with pytest.raises(InvalidInput):
        services.add_pause(
            account=account, kind=PauseKind.PROMISE, from_on=date(2026, 3, 5), until_on=None,
            reason="salary",
        )  # fmt: skip
    services.add_pause(
        account=account, kind=PauseKind.PROMISE, from_on=date(2026, 3, 5),
        until_on=date(2026, 3, 20), reason="salary", invoice=invoice,
    )  # fmt: skip
    assert run("2026-03-10", "2026-03-21") == []
    set_disputed(invoice=invoice, is_disputed=True, reason="wrong meter")
    assert run("2026-03-22", "2026-06-01") == []
    set_disputed(invoice=invoice, is_disputed=False, reason="it was right")

    # Counted: 3 and 4 March, 21 March, then from 2 June on.
    assert run("2026-06-02") == []
    assert run("2026-06-04") == [("reminder", "2026-06-04", "1000.00")]


def test_companies_are_asked_the_compensation_once_instead_of_fees(seller: Seller) -> None:
    company = make_account(operator=seller.operator, name="Bud AB", kind="company")
    change_plan(operator=seller.operator, business_compensation=Decimal(450), asks_interest=False)
    issued(seller, company, "1000", "2026-01-30")

    totals = run("2026-03-07", "2026-03-14", "2026-03-27")

    assert [total for _step, _day, total in totals] == ["1000.00", "1450.00", "1450.00"]
    assert [(one.kind, int(one.amount)) for one in Claim.objects.all()] == [("compensation", 450)]


def test_a_block_refuses_cards_and_a_payment_lets_them_charge(
    seller: Seller, account: BillingAccount, invoice: Invoice
) -> None:
    station = make_station(operator=seller.operator)
    driver = make_driver(operator=seller.operator)
    make_token(operator=seller.operator, uid="04A2B3C4", driver=driver)
    DriverAccount.objects.create(operator=seller.operator, owner=driver, account=account)
    assert answered(station) == (True, "accepted")

    run("2026-03-07", "2026-03-14", "2026-03-27", "2026-04-08")
    account.refresh_from_db()
    assert (account.status, account.status_reason) == (
        "blocked", f"Long overdue: invoice {invoice.number}",
    )  # fmt: skip
    assert answered(station) == (False, "account_blocked")

    payments.book_by_hand(
        account=account, amount=Decimal(1000), booked_on=date(2026, 4, 9), invoice=invoice,
        now=at("2026-04-09"),
    )  # fmt: skip
    stepping.lift_blocks(now=at("2026-04-09"))

    account.refresh_from_db()
    assert account.status == "active"
    assert answered(station) == (True, "accepted")


def answered(station: Station) -> tuple[bool, str]:
    """What a card of the account's driver is told."""
    found = decide(
        AuthorisationRequest(
            operator_id=station.operator_id, station_id=station.pk, site_id=station.site_id,
            evse_number=1, id_token="04A2B3C4", id_token_type="ISO14443", at=at("2026-04-08"),
            kind="start",
        )
    )  # fmt: skip
    return found.is_accepted, found.reason_code


def test_interest_runs_until_the_money_came_and_while_rates_are_known(
    seller: Seller, account: BillingAccount, invoice: Invoice
) -> None:
    row = paid(seller, "400", "77777", booked_on=date(2026, 3, 12))
    sorting.match_transaction(row=row, parts=[Part(invoice=invoice)], now=at("2026-06-20"))
    rates = rates_for(seller.operator_id)
    until_july = interest_of(invoice, date(2026, 6, 30), rates)

    # 10 % of 1 000 kronor for 10 days, then of 600 for 110.
    assert until_july == Decimal("20.82")
    set_rate(operator=seller.operator, from_on=date(2027, 1, 1), percent=Decimal(2))
    rates = rates_for(seller.operator_id)
    assert interest_of(invoice, date(2027, 2, 1), rates) == until_july


def test_nobody_is_reminded_of_what_was_paid_before_the_letter_went(
    account: BillingAccount, invoice: Invoice
) -> None:
    run("2026-03-07")
    payments.book_by_hand(
        account=account, amount=Decimal(1000), booked_on=date(2026, 3, 7), now=at("2026-03-07")
    )

    assert services.send_letters(now=at("2026-03-07")) == 0
    assert mail.outbox == []


def test_nothing_is_done_without_a_plan_that_is_switched_on(seller: Seller) -> None:
    account = make_account(operator=seller.operator)
    issued(seller, account, "1000", "2026-01-30")
    DunningPlan.objects.update(is_active=False)

    assert run("2026-05-01") == []


@pytest.mark.parametrize(
    "rungs",
    [
        [{"step": "demand", "day": 9, "days_to_pay": 7}],
        [{"step": "reminder", "day": 9}, {"step": "fee_reminder", "day": 9}],
        [{"step": "hand_over", "day": 40}],
        [{"step": "shout", "day": 1}],
        [{"step": "reminder", "day": 5, "fee": "-1"}],
    ],
)
def test_a_ladder_that_breaks_the_law_is_refused(
    seller: Seller, rungs: list[dict[str, object]]
) -> None:
    before = DunningPlan.objects.get().rungs

    with pytest.raises(InvalidInput):
        change_plan(operator=seller.operator, rungs=rungs)

    assert DunningPlan.objects.get().rungs == before


def test_a_rate_that_is_missing_is_known_once_it_is_entered(seller: Seller) -> None:
    assert is_missing(seller.operator_id, date(2026, 11, 1))
    with pytest.raises(InvalidInput):
        set_rate(operator=seller.operator, from_on=date(2026, 8, 1), percent=Decimal(2))

    set_rate(operator=seller.operator, from_on=date(2026, 7, 1), percent=Decimal("1.75"))

    assert not is_missing(seller.operator_id, date(2026, 11, 1))


def test_receivables_by_age_as_of_a_past_day(seller: Seller, account: BillingAccount) -> None:
    first = issued(seller, account, "1000", "2026-01-30")
    issued(seller, account, "500", "2026-03-01")
    payments.book_by_hand(
        account=account, amount=Decimal(400), booked_on=date(2026, 3, 20), invoice=first,
        now=at("2026-04-30"),
    )  # fmt: skip

    (before,) = sums(ageing(as_of=date(2026, 3, 15)))
    (after,) = sums(ageing(as_of=date(2026, 4, 10)))

    assert (int(before.open_amount), [int(one) for one in before.bands]) == (
        1500, [500, 1000, 0, 0, 0],
    )  # fmt: skip
    assert (int(after.open_amount), [int(one) for one in after.bands]) == (
        1100, [0, 500, 600, 0, 0],
    )  # fmt: skip
