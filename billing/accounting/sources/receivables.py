"""Receivables of invoices within an entry (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billing.accounting.chart import Chart, Use
from billing.accounting.entries import Entry, Posting


def for_invoices(
    entry: Entry, chart: Chart, parts: Sequence[tuple[str, Decimal]]
) -> tuple[Entry, tuple[str, ...]]:
    """The entry with its receivable divided among invoices, and the number for each posting.

    ``parts``: numbers and their amounts, above zero; the last one takes what is left.
    """
    account = chart.account(Use.RECEIVABLE)
    postings: list[Posting] = []
    numbers: list[str] = []
    for posting in entry.postings:
        if posting.account != account:
            postings.append(posting)
            numbers.append("")
            continue
        for number, amount in _divided(posting.amount, parts):
            postings.append(replace(posting, amount=amount))
            numbers.append(number)
    return replace(entry, postings=tuple(postings)), tuple(numbers)


def _divided(amount: Decimal, parts: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    sign = 1 if amount > 0 else -1
    found: list[tuple[str, Decimal]] = []
    rest = abs(amount)
    for number, wanted in parts[:-1]:
        share = min(wanted, rest)
        if share:
            found.append((number, sign * share))
        rest -= share
    if rest:
        found.append((parts[-1][0], sign * rest))
    return found
