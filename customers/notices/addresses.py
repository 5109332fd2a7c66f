"""Where an account is told something: its own addresses and its drivers', less who declined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from billing.accounts.dated import holding_on
from billing.accounts.models import AccountKind, BillingAccount
from customers.drivers.choices import DriverChoices
from customers.drivers.models import DriverAccount
from customers.notices.models import NoticeKind

CHOICE: Final = {
    NoticeKind.PAYMENT_FAILED: "mails_payment_failed",
    NoticeKind.CARD_EXPIRES: "mails_payment_failed",
    NoticeKind.INVOICE_ISSUED: "mails_invoice_issued",
}
"""The choice of a driver that decides about a kind."""


@dataclass(slots=True)
class Book:
    """Addresses of some accounts: those on the account, and of drivers with their choices."""

    own: dict[int, list[str]] = field(default_factory=dict)
    drivers: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, account: BillingAccount, kind: NoticeKind) -> dict[str, str]:
        """Address and language of everybody to tell. An invoice is told of to drivers alone:
        the addresses of the account get the document itself."""
        drivers = self.drivers.get(account.pk, {})
        declined = {
            address
            for address, (_language, choices) in drivers.items()
            if choices is not None and not getattr(choices, CHOICE[kind])
        }
        found = {address: language for address, (language, _choices) in drivers.items()}
        own = {one.lower(): account.language for one in self.own.get(account.pk, [])}
        if kind != NoticeKind.INVOICE_ISSUED:
            found = own | found
        else:
            found = {one: language for one, language in found.items() if one not in own}
        return {one: language for one, language in found.items() if one not in declined}


def reachable_drivers(today: date) -> QuerySet[DriverAccount]:
    """Drivers with an address, by the account that pays for them; only where that is a person's,
    since one of a company pays for many."""
    rows: QuerySet[DriverAccount] = DriverAccount.objects.filter(
        holding_on(today), account__kind=AccountKind.PERSON
    )
    return rows.exclude(owner__email="")


def book_of(accounts: Collection[BillingAccount], today: date) -> Book:
    """The addresses of these accounts and of their drivers."""
    book = Book(own={one.pk: list(one.emails) for one in accounts})
    links = reachable_drivers(today).filter(account__in=[one.pk for one in accounts])
    rows = list(links.select_related("owner"))
    chosen = {
        one.driver_id: one
        for one in DriverChoices.objects.filter(driver__in=[row.owner_id for row in rows])
    }
    for row in rows:
        choices = chosen.get(row.owner_id)
        book.drivers[row.account_id][row.owner.email.lower()] = (row.owner.language, choices)
    return book
