"""What each event becomes in the books: balanced entries (pure).

Every function takes the chart and a ``Booking`` (day, document, currency, text) and positive
amounts; which side they go to is the rule.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from billing.accounting.chart import Chart, Use
from billing.accounting.entries import (
    Entry,
    EntryKind,
    Posting,
    TaxMark,
    TaxPart,
    entry,
    mirrored,
)
from billing.invoices.document_parts import LineKind
from billing.invoices.tax_sums import TaxKind
from billing.problem import MoneyProblem

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Booking:
    """When, for which document, in which currency."""

    on: date
    document: str
    currency: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Revenue:
    """Net sales of one kind and tax at a site (its code; empty: none). Deductions are negative.

    ``account``: where the sale says itself where it is booked."""

    kind: LineKind
    tax: TaxKind
    net: Decimal
    site: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """An issued invoice or credit note: sales, tax by kind, the rounding of what is asked for."""

    revenue: tuple[Revenue, ...]
    taxes: Mapping[TaxKind, Decimal]
    rounding: Decimal = NOTHING

    @property
    def payable(self) -> Decimal:
        """What the buyer owes or gets back."""
        net = sum((one.net for one in self.revenue), NOTHING)
        return net + sum(self.taxes.values(), NOTHING) + self.rounding


def invoice_issued(chart: Chart, booking: Booking, sale: Sale) -> Entry:
    """Receivable against sales, tax and rounding."""
    return _made(EntryKind.INVOICE, booking, _sale(chart, booking, sale, sign=1))


def credit_note_issued(chart: Chart, booking: Booking, sale: Sale) -> Entry:
    """The mirror of an invoice; ``sale`` holds what is given back, above zero."""
    return _made(EntryKind.CREDIT_NOTE, booking, _sale(chart, booking, sale, sign=-1))


def payment(
    chart: Chart,
    booking: Booking,
    *,
    received: Decimal,
    owed: Decimal,
    source: Use = Use.BANK,
) -> Entry:
    """Money that came in: up to ``owed`` settles the receivable, more becomes the customer's
    credit. From ``UNIDENTIFIED`` where it was booked before anybody knew whose it was."""
    _positive(received)
    if owed < 0:
        raise MoneyProblem("posting_amount", "What is owed cannot be negative")
    settled = min(received, owed)
    amounts = [
        (source, received),
        (Use.RECEIVABLE, -settled),
        (Use.CUSTOMER_CREDIT, settled - received),
    ]
    return _moved(EntryKind.PAYMENT, chart, booking, amounts)


def unidentified_payment(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """Money of which nobody knows yet what it is for."""
    _positive(amount)
    return _moved(
        EntryKind.PAYMENT, chart, booking, [(Use.BANK, amount), (Use.UNIDENTIFIED, -amount)]
    )


def payment_reversed(original: Entry, *, on: date, document: str = "") -> Entry:
    """A payment that the bank or the card issuer took back."""
    if original.kind is not EntryKind.PAYMENT:
        raise MoneyProblem("posting_kind", "Only a payment can be taken back")
    return mirrored(original, on=on, kind=EntryKind.REVERSAL, document=document)


def credit_used(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """A customer's credit settles an invoice."""
    _positive(amount)
    return _moved(
        EntryKind.CREDIT_USED,
        chart,
        booking,
        [(Use.CUSTOMER_CREDIT, amount), (Use.RECEIVABLE, -amount)],
    )


def credit_kept(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """What a credit note left over on a paid invoice becomes the customer's credit."""
    _positive(amount)
    return _moved(
        EntryKind.CREDIT_USED,
        chart,
        booking,
        [(Use.RECEIVABLE, amount), (Use.CUSTOMER_CREDIT, -amount)],
    )


def refund(
    chart: Chart,
    booking: Booking,
    amount: Decimal,
    *,
    owed_on: Use = Use.CUSTOMER_CREDIT,
    paid_from: Use = Use.BANK,
) -> Entry:
    """Money that goes back to the customer."""
    _positive(amount)
    return _moved(EntryKind.REFUND, chart, booking, [(owed_on, amount), (paid_from, -amount)])


def provider_payout(
    chart: Chart, booking: Booking, *, gross: Decimal, fee: Decimal, source: Use
) -> Entry:
    """A payment provider pays out what it collected less its fee."""
    _positive(gross)
    if not 0 <= fee <= gross:
        raise MoneyProblem("posting_amount", "The fee lies between nothing and the gross")
    amounts = [(Use.BANK, gross - fee), (Use.PAYMENT_FEES, fee), (source, -gross)]
    return _moved(EntryKind.PAYOUT, chart, booking, amounts)


def provider_fee(chart: Chart, booking: Booking, fee: Decimal, *, source: Use = Use.BANK) -> Entry:
    """A fee that a bank or provider takes by itself."""
    _positive(fee)
    return _moved(EntryKind.FEE, chart, booking, [(Use.PAYMENT_FEES, fee), (source, -fee)])


def reminder_fee(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """A fee for a reminder or a demand, or the compensation for late payment: without tax."""
    _positive(amount)
    return _moved(
        EntryKind.REMINDER_FEE,
        chart,
        booking,
        [(Use.RECEIVABLE, amount), (Use.REMINDER_FEES, -amount)],
    )


def late_interest(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """Interest on what was paid late: without tax."""
    _positive(amount)
    return _moved(
        EntryKind.INTEREST, chart, booking, [(Use.RECEIVABLE, amount), (Use.INTEREST, -amount)]
    )


def small_difference(chart: Chart, booking: Booking, difference: Decimal) -> Entry:
    """What a payment was short of (above zero) or over is rounded away."""
    if not difference:
        raise MoneyProblem("posting_amount", "There is no difference")
    return _moved(
        EntryKind.ROUNDING,
        chart,
        booking,
        [(Use.ROUNDING, difference), (Use.RECEIVABLE, -difference)],
    )


def write_off(
    chart: Chart,
    booking: Booking,
    parts: Sequence[tuple[TaxKind, Decimal, Decimal]],
    *,
    tax_adjusted: bool,
    untaxed: Decimal = NOTHING,
) -> Entry:
    """A receivable that will not be paid: net and tax by kind, and fees and interest untaxed.

    ``tax_adjusted``: the loss is certain, so the tax goes back; else the loss is the gross.
    """
    owed = sum((net + tax for _kind, net, tax in parts), untaxed)
    _positive(owed)
    loss = chart.account(Use.BAD_DEBT)
    postings = [Posting(chart.account(Use.RECEIVABLE), -owed, booking.currency)]
    for kind, net, tax in parts:
        if tax_adjusted:
            base, output = TaxMark(TaxPart.BASE, kind), TaxMark(TaxPart.OUTPUT, kind)
            postings.append(Posting(loss, net, booking.currency, tax=base))
            if tax:
                account = chart.tax_account(kind)
                postings.append(Posting(account, tax, booking.currency, tax=output))
        else:
            postings.append(Posting(loss, net + tax, booking.currency))
    postings.append(Posting(loss, untaxed, booking.currency))
    return _made(EntryKind.WRITE_OFF, booking, postings)


def host_statement(
    chart: Chart,
    booking: Booking,
    parts: Sequence[tuple[TaxKind, Decimal, Decimal]],
    *,
    site: str = "",
) -> Entry:
    """What a site's host has earned: net and tax by kind, of which the tax is zero for a host
    without VAT registration. What came late may make a part negative, never the whole."""
    net = sum((part for _kind, part, _tax in parts), NOTHING)
    tax = sum((part for _kind, _net, part in parts), NOTHING)
    _positive(net)
    if not 0 <= tax < net:
        raise MoneyProblem("posting_amount", "The tax lies between nothing and the net")
    cost, input_tax = chart.account(Use.HOST_COST), chart.account(Use.INPUT_TAX)
    postings = [Posting(cost, net, booking.currency, dimensions=chart.site(site))]
    postings += [
        Posting(input_tax, part, booking.currency, tax=TaxMark(TaxPart.INPUT, kind))
        for kind, _net, part in parts
    ]
    postings.append(Posting(chart.account(Use.HOST_PAYABLE), -net - tax, booking.currency))
    return _made(EntryKind.SETTLEMENT, booking, postings)


def host_payout(chart: Chart, booking: Booking, amount: Decimal) -> Entry:
    """What a host is owed leaves the bank."""
    _positive(amount)
    return _moved(
        EntryKind.PAYOUT, chart, booking, [(Use.HOST_PAYABLE, amount), (Use.BANK, -amount)]
    )


def accrual(chart: Chart, booking: Booking, net_by_site: Mapping[str, Decimal]) -> Entry:
    """Delivered and not invoiced at the end of a month: income without tax, by site."""
    if booking.on.day != calendar.monthrange(booking.on.year, booking.on.month)[1]:
        raise MoneyProblem("accrual_day", "Income accrues on the last day of a month")
    total = sum(net_by_site.values(), NOTHING)
    _positive(total)
    income = chart.account(Use.ACCRUED_REVENUE)
    postings = [Posting(chart.account(Use.ACCRUED), total, booking.currency)]
    postings += [
        Posting(income, -net, booking.currency, dimensions=chart.site(site))
        for site, net in net_by_site.items()
    ]
    return _made(EntryKind.ACCRUAL, booking, postings)


def accrual_reversed(accrued: Entry) -> Entry:
    """The mirror of an accrual on the first of the next month."""
    if accrued.kind is not EntryKind.ACCRUAL:
        raise MoneyProblem("posting_kind", "Only an accrual is reversed on the first")
    return mirrored(accrued, on=accrued.on + timedelta(days=1), kind=EntryKind.REVERSAL)


def _sale(chart: Chart, booking: Booking, sale: Sale, *, sign: int) -> list[Posting]:
    currency = booking.currency
    if sale.payable < 0:
        raise MoneyProblem("posting_negative", "What is asked for cannot be negative")
    postings = [Posting(chart.account(Use.RECEIVABLE), sign * sale.payable, currency)]
    for one in sale.revenue:
        account = one.account or chart.revenue_account(one.kind, one.tax)
        mark = TaxMark(TaxPart.BASE, one.tax)
        site = chart.site(one.site)
        postings.append(Posting(account, -sign * one.net, currency, dimensions=site, tax=mark))
    for kind, tax in sale.taxes.items():
        if tax:
            mark = TaxMark(TaxPart.OUTPUT, kind)
            account = chart.tax_account(kind)
            postings.append(Posting(account, -sign * tax, currency, tax=mark))
    rounding = Posting(chart.account(Use.ROUNDING), -sign * sale.rounding, currency)
    return [*postings, rounding]


def _moved(
    kind: EntryKind, chart: Chart, booking: Booking, amounts: Sequence[tuple[Use, Decimal]]
) -> Entry:
    postings = [Posting(chart.account(use), amount, booking.currency) for use, amount in amounts]
    return _made(kind, booking, postings)


def _made(kind: EntryKind, booking: Booking, postings: Sequence[Posting]) -> Entry:
    return entry(kind, booking.on, booking.document, postings, booking.text)


def _positive(amount: Decimal) -> None:
    if not amount.is_finite() or amount <= 0:
        raise MoneyProblem("posting_amount", "The amount must be above zero")
