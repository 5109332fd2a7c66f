"""The report of VAT: by country, box and kind of tax, tied to the accounts (pure).

Boxes are those of the Swedish return. Sales taxed in another country stand in no Swedish box: they
are declared where the tax is due, and shown under that country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final

from billing.accounting.chart import Chart, Use
from billing.accounting.entries import Entry, Posting, TaxMark, TaxPart
from billing.invoices.tax_sums import TaxKind

HOME: Final = "SE"
INPUT: Final = "48"
TO_PAY: Final = "49"
TAXED_SALES: Final = "05"
SERVICE_ACCOUNTS: Final = frozenset({"3305", "3308"})
"""Accounts of services sold abroad; other sales abroad are goods."""
_OUTPUT: Final = {Decimal(25): "10", Decimal(12): "11", Decimal(6): "12"}
_GOODS: Final = {"AE": "41", "K": "35", "G": "36", "E": "42", "Z": "42"}
_SERVICES: Final = {"AE": "39", "K": "39", "G": "40"}


@dataclass(frozen=True, slots=True, order=True)
class _Key:
    country: str
    box: str
    code: str


@dataclass(frozen=True, slots=True)
class VatRow:
    """Base and tax of a country, box and code. ``difference``: what the box's account holds beyond
    the postings that say which tax they are; zero in sound books."""

    country: str
    box: str
    code: str
    base: Decimal
    tax: Decimal
    entry_count: int
    difference: Decimal


@dataclass(frozen=True, slots=True)
class VatReport:
    """The rows, and the boxes of the return in whole kronor (öre fall away)."""

    rows: tuple[VatRow, ...]
    declared: Mapping[str, Decimal]


def tax_code(kind: TaxKind) -> str:
    """A short name of a kind of tax: S25, AE, S25.5-FI."""
    rate = f"{kind.rate.normalize():f}" if kind.rate else ""
    return f"{kind.category}{rate}" + ("" if kind.country == HOME else f"-{kind.country}")


def vat_report(
    entries: Iterable[Entry], chart: Chart, *, from_on: date, until_on: date, currency: str = "SEK"
) -> VatReport:
    """The report of one currency from ``from_on`` to ``until_on``, both included."""
    bases: dict[_Key, Decimal] = defaultdict(Decimal)
    taxes: dict[_Key, Decimal] = defaultdict(Decimal)
    found_in: dict[_Key, set[int]] = defaultdict(set)
    unmarked: dict[_Key, Decimal] = defaultdict(Decimal)
    accounts = _tax_accounts(chart)
    for number, posting in _postings(entries, from_on, until_on, currency):
        mark = posting.tax
        if mark is None:
            if posting.account in accounts:
                unmarked[accounts[posting.account]] -= posting.amount
            continue
        key = _key(mark, posting.account)
        found_in[key].add(number)
        (bases if mark.part is TaxPart.BASE else taxes)[key] -= posting.amount
    rows = tuple(
        VatRow(
            key.country, key.box, key.code, bases[key], taxes[key],
            len(found_in[key]), unmarked[key],
        )
        for key in sorted({*bases, *taxes, *unmarked})
    )  # fmt: skip
    return VatReport(rows, _declared(rows))


def _postings(
    entries: Iterable[Entry], from_on: date, until_on: date, currency: str
) -> Iterator[tuple[int, Posting]]:
    for number, one in enumerate(entries):
        if from_on <= one.on <= until_on:
            for posting in one.postings:
                if posting.currency == currency:
                    yield number, posting


def _key(mark: TaxMark, account: str) -> _Key:
    kind = mark.kind
    if mark.part is TaxPart.INPUT:
        return _Key(kind.country, INPUT if kind.country == HOME else "", tax_code(kind))
    if kind.category == "S":
        box = _OUTPUT.get(kind.rate, "") if kind.country == HOME else ""
    elif kind.country == HOME or kind.category in ("K", "G"):
        boxes = _SERVICES if account in SERVICE_ACCOUNTS else _GOODS
        box = boxes.get(kind.category, "")
    else:
        box = _SERVICES.get(kind.category, "") if account in SERVICE_ACCOUNTS else ""
    return _Key(kind.country, box, tax_code(kind))


def _tax_accounts(chart: Chart) -> dict[str, _Key]:
    """Where an amount on an account of tax belongs when it does not say so itself."""
    found = {chart.account(Use.INPUT_TAX): _Key(HOME, INPUT, "")}
    for rule in chart.taxes:
        country = rule.country or ""
        box = _OUTPUT.get(rule.rate, "") if rule.rate and country == HOME else ""
        found.setdefault(rule.account, _Key(country, box, ""))
    return found


def _declared(rows: Iterable[VatRow]) -> dict[str, Decimal]:
    """The Swedish boxes; 49 is what is to be paid, computed from the whole kronor."""
    exact: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.box in _OUTPUT.values():
            exact[TAXED_SALES] += row.base
            exact[row.box] += row.tax
        elif row.box == INPUT:
            exact[INPUT] -= row.tax
        elif row.box:
            exact[row.box] += row.base
    whole = {box: amount.quantize(Decimal(1), ROUND_DOWN) for box, amount in exact.items()}
    output = sum((whole.get(box, Decimal(0)) for box in _OUTPUT.values()), Decimal(0))
    whole[TO_PAY] = output - whole.get(INPUT, Decimal(0))
    return dict(sorted(whole.items()))
