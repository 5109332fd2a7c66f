"""Billing accounts of the demo: who pays for its drivers and companies, price groups, fees."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.accounts.fee_models import Fee, FeeKind, Recurrence
from billing.accounts.fee_services import REVENUE_ACCOUNTS
from billing.accounts.models import (
    AccountKind,
    AccountStatus,
    Audience,
    BillingAccount,
    InvoiceGrouping,
    PriceGroup,
    PriceGroupMembership,
)
from core.accounts.models import Operator
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from portal.demo.plan import public_id

RESIDENTS: Final = "Boende"
COMPANIES: Final = "Företagsavtal"
_GROUPS: Final = (
    (RESIDENTS, Audience.CONSUMER, True, "Medlemmar i bostadsrättsföreningar vi driver åt."),
    (COMPANIES, Audience.COMPANY, False, "Flottor med eget avtal, priser utan moms."),
    ("Personal", Audience.CONSUMER, True, "Egen personal."),
)
_GROUPINGS: Final = {
    "Mälar Taxi": InvoiceGrouping.VEHICLE,
    "Hemtjänst Nord": InvoiceGrouping.DRIVER,
}
_TOWNS: Final = (("111 22", "Stockholm"), ("411 14", "Göteborg"), ("222 23", "Lund"))


def write_accounts(slugs: Iterable[str], today: date) -> int:
    """An account for each company and each driver without one; returns how many."""
    return sum(
        _of_operator(operator, today) for operator in Operator.objects.filter(slug__in=list(slugs))
    )


def _of_operator(operator: Operator, today: date) -> int:
    rng = random.Random(f"{operator.slug}:accounts")
    groups = {group.name: group for group in _groups(rng, operator)}
    begins = date(today.year - 1, 1, 1)
    companies = list(Company.objects.filter(operator=operator).order_by("id"))
    drivers = list(Driver.objects.filter(operator=operator, company=None).order_by("id"))
    firms = [_firm(rng, operator, company) for company in companies]
    people = [_person(rng, operator, driver, at) for at, driver in enumerate(drivers)]
    BillingAccount.objects.bulk_create([*firms, *people])
    CompanyAccount.objects.bulk_create(
        CompanyAccount(operator=operator, owner=owner, account=account)
        for owner, account in zip(companies, firms, strict=True)
    )
    DriverAccount.objects.bulk_create(
        DriverAccount(operator=operator, owner=owner, account=account)
        for owner, account in zip(drivers, people, strict=True)
    )
    residents = people[::3]
    _join(operator, groups[COMPANIES], firms, begins)
    _join(operator, groups[RESIDENTS], residents, begins)
    fees = [_fee(rng, account, FeeKind.SUBSCRIPTION, 249, begins) for account in firms]
    for at, account in enumerate(residents):
        moved_in_on = begins if at % 2 else today - timedelta(days=40 + at)
        fees.append(_fee(rng, account, FeeKind.NETWORK_ACCESS, 99, moved_in_on))
        fees.append(_fee(rng, account, FeeKind.ACTIVATION, 495, moved_in_on))
    Fee.objects.bulk_create(fees)
    return len(firms) + len(people)


def _groups(rng: random.Random, operator: Operator) -> list[PriceGroup]:
    return PriceGroup.objects.bulk_create(
        PriceGroup(
            operator=operator,
            public_id=public_id(rng, "pg"),
            name=name,
            audience=audience,
            shows_tax_included=included,
            description=text,
        )
        for name, audience, included, text in _GROUPS
    )


def _join(
    operator: Operator, group: PriceGroup, accounts: Iterable[BillingAccount], begins: date
) -> None:
    PriceGroupMembership.objects.bulk_create(
        PriceGroupMembership(
            operator=operator, account=account, price_group=group, valid_from_on=begins
        )
        for account in accounts
    )


def _firm(rng: random.Random, operator: Operator, company: Company) -> BillingAccount:
    number = company.organisation_number
    return BillingAccount(
        **_common(rng, operator),
        kind=AccountKind.COMPANY,
        name=company.name,
        invoice_grouping=_GROUPINGS.get(company.name, InvoiceGrouping.SESSION),
        organisation_number=f"{number[:6]}-{number[6:]}" if number else "",
        vat_number=f"SE{number}01" if number else "",
        emails=[company.contact_email.replace("bilar@", "faktura@")],
        peppol_address=f"0007:{number}" if number else "",
        buyer_reference=company.contact_name,
        order_number=f"{rng.randrange(10_000, 99_999)}",
        credit_limit_amount=Decimal(50_000),
    )


def _person(rng: random.Random, operator: Operator, driver: Driver, at: int) -> BillingAccount:
    """One in a while is blocked for an unpaid invoice."""
    is_blocked = at % 40 == 17
    return BillingAccount(
        **_common(rng, operator),
        name=driver.name,
        emails=[driver.email],
        payment_terms_days=20,
        status=AccountStatus.BLOCKED if is_blocked else AccountStatus.ACTIVE,
        status_reason="Obetald faktura, lämnad till inkasso." if is_blocked else "",
    )


def _common(rng: random.Random, operator: Operator) -> dict[str, Any]:
    postal_code, city = rng.choice(_TOWNS)
    return {
        "operator": operator,
        "public_id": public_id(rng, "acc"),
        "address": f"Laddgatan {rng.randrange(1, 90)}",
        "postal_code": postal_code,
        "city": city,
        "currency": operator.currency,
        "language": "sv",
    }


_NAMES: Final[dict[str, str]] = {
    FeeKind.SUBSCRIPTION: "Abonnemang flotta",
    FeeKind.NETWORK_ACCESS: "Laddplats, nätverkstillgång",
    FeeKind.ACTIVATION: "Aktivering av laddplats",
}


def _fee(
    rng: random.Random, account: BillingAccount, kind: FeeKind, amount: int, starts_on: date
) -> Fee:
    is_once = kind == FeeKind.ACTIVATION
    return Fee(
        operator=account.operator,
        public_id=public_id(rng, "fee"),
        account=account,
        kind=kind,
        name=_NAMES[kind],
        recurrence=Recurrence.ONCE if is_once else Recurrence.MONTHLY,
        amount=Decimal(amount),
        currency=account.currency,
        is_tax_included=account.kind == AccountKind.PERSON,
        revenue_account=REVENUE_ACCOUNTS[kind],
        starts_on=starts_on,
    )
