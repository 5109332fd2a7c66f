"""What payers are to be told of: found in the tables, written down once for each address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind
from billing.payments.cards.account_models import EXPIRES_SOON, PaymentMethod
from billing.payments.cards.models import CardPayment, CardState
from customers.notices.addresses import book_of, reachable_drivers
from customers.notices.models import NoticeKind, PayerNotice

LOOKS_BACK: Final = timedelta(days=2)
"""What happened before is old news by now: nobody is mailed of it."""
MOST: Final = 500
Found = tuple[NoticeKind, str, BillingAccount]


def write_down_new(*, now: datetime) -> int:
    """Notices of what happened lately and is not told yet, until there are ``MOST``; returns how
    many. What has nobody to be told stands in nobody's way."""
    found, made = chain(_failed(now), _expiring(now), _issued(now)), 0
    while made < MOST and (some := list(islice(found, MOST))):
        rows = list(_notices(some, now))
        PayerNotice.objects.bulk_create(rows, ignore_conflicts=True)
        made += len(rows)
    return made


def _untold(kind: NoticeKind, ref: str = "public_id") -> Any:
    return ~Exists(
        PayerNotice.objects.filter(operator=OuterRef("operator"), kind=kind, ref=OuterRef(ref))
    )


def _failed(now: datetime) -> Iterator[Found]:
    """Attempts that were made by themselves and failed: each is told by itself."""
    rows: QuerySet[CardPayment] = CardPayment.objects.filter(
        _untold(NoticeKind.PAYMENT_FAILED),
        is_automatic=True, state=CardState.FAILED, account__isnull=False,
        settled_at__gt=now - LOOKS_BACK, settled_at__lte=now,
    ).select_related("account")  # fmt: skip
    for row in rows.order_by("pk").iterator(MOST):
        if row.account is not None:
            yield NoticeKind.PAYMENT_FAILED, row.public_id, row.account


def card_ref(method: PaymentMethod) -> str:
    """The card with the month in which it ends: a renewed one is told of again."""
    return f"{method.public_id} {method.exp_year}-{method.exp_month}"


def _expiring(now: datetime) -> Iterator[Found]:
    """Cards that end within some weeks and are taken by themselves."""
    last = (now + EXPIRES_SOON).date()
    rows: QuerySet[PaymentMethod] = PaymentMethod.objects.filter(
        is_default=True, removed_at=None, customer__pays_automatically=True,
        customer__card_account__is_active=True, exp_year__range=(last.year - 1, last.year),
    ).select_related("customer__account__operator")  # fmt: skip
    soon = [one for one in rows if one.is_expiring(operator_day(one.customer.account.operator))]
    known = set(
        PayerNotice.objects.filter(
            kind=NoticeKind.CARD_EXPIRES, ref__in=[card_ref(one) for one in soon]
        ).values_list("ref", flat=True)
    )
    for one in soon:
        if card_ref(one) not in known:
            yield NoticeKind.CARD_EXPIRES, card_ref(one), one.customer.account


def _issued(now: datetime) -> Iterator[Found]:
    """Invoices of persons with a driver to tell: they stand in the portal from now on."""
    drivers = (
        reachable_drivers(now.date())
        .filter(account=OuterRef("account"))
        .exclude(owner__choices__mails_invoice_issued=False)
        .exclude(account__emails__has_key=F("owner__email"))
    )
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        _untold(NoticeKind.INVOICE_ISSUED), Exists(drivers), kind=InvoiceKind.INVOICE,
        issued_at__gt=now - LOOKS_BACK, issued_at__lte=now, account__isnull=False,
    ).select_related("account")  # fmt: skip
    for row in rows.order_by("issued_at", "pk").iterator(MOST):
        if row.account is not None:
            yield NoticeKind.INVOICE_ISSUED, row.public_id, row.account


def _notices(found: list[Found], now: datetime) -> Iterable[PayerNotice]:
    accounts = {account.pk: account for _kind, _ref, account in found}
    book = book_of(list(accounts.values()), now.date())
    for kind, ref, account in found:
        for address, language in book.of(account, kind).items():
            yield PayerNotice(
                operator_id=account.operator_id, kind=kind, ref=ref, account=account,
                address=address, language=language, next_at=now,
            )  # fmt: skip
