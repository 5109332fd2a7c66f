"""Entries as the vouchers of a ledger: one per document, or one per day and kind (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.accounting.entries import Dimensions, Entry, EntryKind
from billing.problem import MoneyProblem

MOST_SINGLE: Final = 200
"""Documents a month above which a voucher per day and kind is the better choice."""
WORDS: Final = {
    EntryKind.INVOICE: "Faktura",
    EntryKind.CREDIT_NOTE: "Kreditfaktura",
    EntryKind.PAYMENT: "Inbetalning",
    EntryKind.REFUND: "Återbetalning",
    EntryKind.CREDIT_USED: "Avräknat tillgodohavande",
    EntryKind.FEE: "Betalavgift",
    EntryKind.REMINDER_FEE: "Påminnelseavgift",
    EntryKind.INTEREST: "Dröjsmålsränta",
    EntryKind.ROUNDING: "Avrundning",
    EntryKind.WRITE_OFF: "Kundförlust",
    EntryKind.SETTLEMENT: "Avräkning",
    EntryKind.PAYOUT: "Utbetalning",
    EntryKind.ACCRUAL: "Upplupen intäkt",
    EntryKind.REVERSAL: "Återföring",
}
"""Ledgers are Swedish."""


class Granularity(StrEnum):
    """What becomes one voucher."""

    DOCUMENT = "document"
    DAY_AND_KIND = "day_and_kind"


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """An amount on an account: debit above zero."""

    account: str
    dimensions: Dimensions
    amount: Decimal
    text: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A balanced voucher of one currency with the documents behind it."""

    kind: EntryKind
    on: date
    currency: str
    text: str
    rows: tuple[VoucherRow, ...]
    documents: tuple[str, ...]


def suggested(document_count: int) -> Granularity:
    """The granularity that suits so many documents a month."""
    return Granularity.DAY_AND_KIND if document_count > MOST_SINGLE else Granularity.DOCUMENT


def vouchers(entries: Iterable[Entry], granularity: Granularity) -> list[Voucher]:
    """Vouchers by day, in the order of the journal within it. Each holds a single currency."""
    groups: dict[tuple[date, int, str, str], list[Entry]] = {}
    for number, one in enumerate(sorted(entries, key=lambda entry: entry.on)):
        currencies = {posting.currency for posting in one.postings}
        if len(currencies) > 1:
            raise MoneyProblem("voucher_currency", "A voucher has one currency", one.document)
        single = granularity is Granularity.DOCUMENT
        key = (one.on, number if single else 0, "" if single else one.kind, currencies.pop())
        groups.setdefault(key, []).append(one)
    return [_voucher(group, key[3], granularity) for key, group in groups.items()]


def _voucher(group: Sequence[Entry], currency: str, granularity: Granularity) -> Voucher:
    first = group[0]
    single = granularity is Granularity.DOCUMENT
    sums: dict[tuple[str, Dimensions, str], Decimal] = {}
    for one in group:
        for posting in one.postings:
            key = (posting.account, posting.dimensions, posting.text if single else "")
            sums[key] = sums.get(key, Decimal(0)) + posting.amount
    rows = tuple(
        VoucherRow(account, dimensions, amount, text)
        for (account, dimensions, text), amount in sums.items()
        if amount
    )
    word = WORDS[first.kind]
    text = (first.text or f"{word} {first.document}") if single else f"{word}, {len(group)} st"
    documents = tuple(one.document for one in group)
    return Voucher(first.kind, first.on, currency, text, rows, documents)
