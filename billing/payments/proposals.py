"""Facts for matching out of the database, and what matching found as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.invoices.payment_reference import ReferenceKind, cleaned, parse, reference
from billing.payments.bank_models import BankTransaction, Direction
from billing.payments.bringing import transaction_of
from billing.payments.matching import match
from billing.payments.matching_facts import (
    Book,
    Earlier,
    FixedReference,
    OpenItem,
    Proposal,
)
from billing.payments.models import Payment
from billing.problem import MoneyProblem

_MOST_CANDIDATES: Final = 5_000


def proposals_for(operator_id: int, rows: Sequence[BankTransaction]) -> list[Proposal]:
    """What to do with each transaction, in their order."""
    given = [transaction_of(row) for row in rows]
    return list(match(given, _book(operator_id, rows)))


def as_json(found: Proposal) -> dict[str, Any]:
    """The proposal as it is kept with the transaction."""
    return {
        "outcome": found.outcome,
        "certainty": found.certainty,
        "account": found.account_id,
        "parts": [{"invoice": one.item_id, "amount": str(one.amount)} for one in found.allocations],
        "rest": str(found.rest),
        "takes_back": found.takes_back,
        "reasons": [{"code": one.code, "about": one.about} for one in found.reasons],
    }


def _book(operator_id: int, rows: Sequence[BankTransaction]) -> Book:
    texts = {text for row in rows for text in _texts(row)}
    return Book(
        items=tuple(_items(operator_id, texts)),
        fixed=tuple(_fixed(operator_id, texts)),
        earlier=tuple(_earlier(operator_id, rows)),
    )


def _texts(row: BankTransaction) -> list[str]:
    words = [*row.references, *row.text.split()]
    for given in row.references:
        words += given.split()
    return [*words, *(cleaned(word) for word in words)]


def _items(operator_id: int, texts: set[str]) -> list[OpenItem]:
    """All that is open, and what is paid but named."""
    named = Q(ocr__in=texts) & ~Q(ocr="") | Q(number__in=texts) & ~Q(number="")
    found = (
        Invoice.objects.filter(operator_id=operator_id, kind=InvoiceKind.INVOICE)
        .exclude(state=InvoiceState.DRAFT)
        .filter(Q(open_amount__gt=0) | named)
        .select_related("account")
        .only(
            "public_id", "number", "ocr", "currency", "issued_on", "due_on", "open_amount",
            "is_disputed", "account__public_id", "account__name",
        )
    )  # fmt: skip
    return [
        OpenItem(
            id=one.public_id,
            account_id=one.account.public_id if one.account else "",
            number=one.number,
            ocr="" if _is_customer(one.ocr) else one.ocr,
            currency=one.currency,
            issued_on=one.issued_on,
            due_on=one.due_on or one.issued_on,
            open_amount=one.open_amount,
            is_disputed=one.is_disputed,
            payer_names=(one.account.name,) if one.account else (),
        )
        for one in found
    ]


def customer_reference(account: BillingAccount) -> str:
    """The account's fixed OCR, for standing payments."""
    return _reference(account.pk)


def _reference(number: int) -> str:
    return reference(ReferenceKind.CUSTOMER, number)


def _is_customer(ocr: str) -> bool:
    """Whether an invoice carries the account's reference, which names no invoice."""
    try:
        return parse(ocr).kind is ReferenceKind.CUSTOMER
    except MoneyProblem:
        return False


def _fixed(operator_id: int, texts: set[str]) -> list[FixedReference]:
    numbers: dict[int, str] = {}
    for text in texts:
        try:
            found = parse(text)
        except MoneyProblem:
            continue
        if found.kind is ReferenceKind.CUSTOMER:
            numbers[found.number] = cleaned(text)
    accounts = BillingAccount.objects.filter(
        operator_id=operator_id, pk__in=[n for n in numbers if n < 2**63]
    )
    return [
        FixedReference(numbers[pk], public_id)
        for pk, public_id in accounts.values_list("pk", "public_id")
    ]


def _earlier(operator_id: int, rows: Sequence[BankTransaction]) -> list[Earlier]:
    """Bank payments that a reversal of these rows may take back."""
    amounts = {row.amount for row in rows if row.direction == Direction.REVERSAL}
    if not amounts:
        return []
    found = Payment.objects.filter(
        operator_id=operator_id, amount__in=amounts, transaction__isnull=False, reverses=None,
        transaction__direction=Direction.CREDIT,
    ).select_related("transaction").order_by("-booked_on", "-pk")[:_MOST_CANDIDATES]  # fmt: skip
    return [
        Earlier(
            key=one.public_id,
            account=one.transaction.bank_account,
            amount=one.amount,
            currency=one.currency,
            booked_on=one.booked_on,
            references=tuple(one.transaction.references),
            payer_name=one.payer_name,
            is_taken_back=one.reversed_by_id is not None,
        )
        for one in found
        if one.transaction is not None
    ]
