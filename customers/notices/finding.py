"""What payers are to be told of: found in the tables, written down once for each address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind
from billing.payments.cards.account_models import EXPIRES_SOON, PaymentMethod
from billing.payments.cards.models import CardPayment, CardState
from customers.drivers.models import DriverAccount
from customers.notices.addresses import book_of
from customers.notices.models import NoticeKind, PayerNotice

LOOKS_BACK: Final = timedelta(days=2)
"""What happened before is old news by now: nobody is mailed of it."""
MOST: Final = 500
Found = tuple[NoticeKind, str, BillingAccount]


def write_down_new(*, now: datetime) -> int:
    """Notices of what happened lately and is not told yet; returns how many."""
    found = [*_failed(now), *_expiring(now), *_issued(now)]
    rows = list(_notices(found, now))
    PayerNotice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _untold(kind: NoticeKind, ref: str = "public_id") -> Any:
    return ~Exists(
        PayerNotice.objects.filter(operator=OuterRef("operator"), kind=kind, ref=OuterRef(ref))
    )


def _failed(now: datetime) -> list[Found]:
    """Attempts that were made by themselves and failed: each is told by itself."""
    rows: QuerySet[CardPayment] = CardPayment.objects.filter(
        _untold(NoticeKind.PAYMENT_FAILED),
        is_automatic=True, state=CardState.FAILED, account__isnull=False,
        settled_at__gt=now - LOOKS_BACK, settled_at__lte=now,
    ).select_related("account__operator")  # fmt: skip
    return [
        (NoticeKind.PAYMENT_FAILED, row.public_id, row.account)
        for row in rows.order_by("pk")[:MOST]
        if row.account is not None
    ]


def card_ref(method: PaymentMethod) -> str:
    """The card with the month in which it ends: a renewed one is told of again."""
    return f"{method.public_id} {method.exp_year}-{method.exp_month}"


def _expiring(now: datetime) -> list[Found]:
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
    return [
        (NoticeKind.CARD_EXPIRES, card_ref(one), one.customer.account)
        for one in soon
        if card_ref(one) not in known
    ][:MOST]


def _issued(now: datetime) -> list[Found]:
    """Invoices of persons with a driver: they stand in the portal from now on."""
    drivers = DriverAccount.objects.filter(account=OuterRef("account")).exclude(owner__email="")
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        _untold(NoticeKind.INVOICE_ISSUED), Exists(drivers), kind=InvoiceKind.INVOICE,
        issued_at__gt=now - LOOKS_BACK, issued_at__lte=now, account__isnull=False,
    ).select_related("account__operator")  # fmt: skip
    return [
        (NoticeKind.INVOICE_ISSUED, row.public_id, row.account)
        for row in rows.order_by(F("issued_at"), "pk")[:MOST]
        if row.account is not None
    ]


def _notices(found: list[Found], now: datetime) -> Iterable[PayerNotice]:
    accounts = {account.pk: account for _kind, _ref, account in found}
    if not accounts:
        return
    book = book_of(list(accounts.values()), now.date())
    for kind, ref, account in found:
        for address, language in book.of(account, kind).items():
            yield PayerNotice(
                operator_id=account.operator_id, kind=kind, ref=ref, account=account,
                address=address, language=language, next_at=now,
            )  # fmt: skip
