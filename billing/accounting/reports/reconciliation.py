"""From sessions to the journal, step by step, each difference explained; zero left over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.accounting.accruals import SoldAt, uninvoiced
from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind, TaxPart
from billing.accounting.models import JournalPosting
from billing.accounting.reports.balances import posted, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Text, Tie
from billing.accounting.reports.sales import issued, signed
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind
from billing.payments.models import PaymentAllocation
from billing.rating.models import BillableItem, BillingState, SessionBilling

NOTHING: Final = Decimal(0)
COLUMNS: Final = (
    Column("Steg", _("Step")),
    Column("Post", _("Item")),
    Column("Antal", _("How many"), is_number=True),
    Column("Belopp", _("Amount"), is_number=True),
)
_SOLD: Final = [EntryKind.INVOICE.value, EntryKind.CREDIT_NOTE.value]
_NOT_RATED: Final = tuple(state for state in BillingState if state != BillingState.RATED)


class _Steps:
    """Rows and ties of the steps."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.rows: list[Row] = []
        self.ties: list[Tie] = []

    def add(self, step: Text, item: Text, count: int | None, amount: Decimal | None) -> None:
        """A line of a step."""
        self.rows.append((step, item, count, amount))

    def tie(self, label: Any, explained: Decimal, found: Decimal) -> None:
        """What the lines of a step add up to, against what the next step says."""
        self.ties.append(Tie(label, explained, found, self.currency))

    def tie_count(self, label: Any, explained: int, found: int) -> None:
        """The same of a number of rows."""
        self.ties.append(Tie(label, Decimal(explained), Decimal(found), ""))


def reconciliation(asked: Asked) -> Result:
    """Sessions that ended in the days → rated → invoiced; invoices of the days → paid → journal.

    In the operator's currency. A step's difference is its own line; what no line explains stands
    as the difference of the tie.
    """
    steps = _Steps(asked.seller.operator.currency)
    rows = issued(asked).filter(currency=steps.currency)
    # Not the whole documents: their snapshots alone are larger than all the sums.
    documents = list(rows.defer("seller_snapshot", "buyer_snapshot"))
    invoices = [one for one in documents if one.kind != InvoiceKind.CREDIT_NOTE]
    notes = [one for one in documents if one.kind == InvoiceKind.CREDIT_NOTE]
    _sessions(asked, steps)
    _invoiced(asked, steps)
    _payable(asked, steps, invoices, notes)
    _paid(steps, invoices)
    _journal(asked, steps, documents)
    return Result(COLUMNS, steps.rows, steps.ties)


def _sessions(asked: Asked, steps: _Steps) -> None:
    sold = SoldAt(asked.seller)
    zone = ZoneInfo(asked.seller.operator.time_zone)
    begin = datetime.combine(asked.from_on, time(), zone)
    end = datetime.combine(asked.until_on + timedelta(days=1), time(), zone)
    rows = (
        SessionBilling.objects.filter(session__stopped_at__gte=begin, session__stopped_at__lt=end)
        .values(
            "state",
            site=F("session__station__site_id"),
            day=TruncDate("session__stopped_at", tzinfo=zone),
        )
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts: dict[str, int] = {}
    for one in rows:
        if sold.holds(one["site"], one["day"]):
            counts[one["state"]] = counts.get(one["state"], 0) + one["n"]
    step = _("1 Sessions")
    steps.add(step, _("Sessions that ended"), sum(counts.values()), None)
    for state in _NOT_RATED:
        if counts.get(state):
            steps.add(step, format_lazy("– {}", state.label), -counts[state], None)
    rated = counts.get(BillingState.RATED, 0)
    steps.add(step, _("Rated sessions"), rated, None)
    steps.tie_count(
        _("Sessions: ended less not rated"),
        sum(counts.values()) - sum(counts.get(state, 0) for state in _NOT_RATED),
        rated,
    )


def _items(asked: Asked, currency: str) -> QuerySet[BillableItem]:
    sold = SoldAt(asked.seller).condition("rated_session__site_id", "delivered_on")
    rows: QuerySet[BillableItem] = BillableItem.objects.filter(
        sold,
        delivered_on__gte=asked.from_on,
        delivered_on__lte=asked.until_on,
        currency=currency,
    )
    return rows.order_by()


def _counted(rows: QuerySet[Any]) -> tuple[int, Decimal]:
    """How many, and their net sum."""
    sums = rows.order_by().aggregate(n=Count("pk"), net=Sum("net"))
    return sums["n"], sums["net"] or NOTHING


def _invoiced(asked: Asked, steps: _Steps) -> None:
    step = _("2 Invoiced")
    items = _items(asked, steps.currency)
    count, priced = _counted(items)
    open_count, open_net = _counted(uninvoiced(items, asked.until_on))
    on_invoices = InvoiceItem.objects.filter(
        billable__in=items.values("pk"), invoice__issued_on__lte=asked.until_on
    )
    invoiced_count, invoiced = _counted(on_invoices)
    steps.add(step, _("Rated, net"), count, priced)
    steps.add(step, _("– Not invoiced"), -open_count, -open_net)
    steps.add(step, _("Rounding to whole cents"), None, invoiced - (priced - open_net))
    steps.add(step, _("Invoiced, net"), invoiced_count, invoiced)
    steps.tie_count(_("Sessions: rated less not invoiced"), count - open_count, invoiced_count)


def _payable(
    asked: Asked, steps: _Steps, invoices: Sequence[Invoice], notes: Sequence[Invoice]
) -> None:
    step = _("3 Invoices")
    this_ = Q(billable__delivered_on__gte=asked.from_on, billable__delivered_on__lte=asked.until_on)
    rows = InvoiceItem.objects.filter(
        invoice__in=[one.pk for one in invoices], billable__isnull=False
    )
    sums = rows.order_by().aggregate(own=Sum("net", filter=this_), every=Sum("net"))
    sessions = sums["own"] or NOTHING
    other = (sums["every"] or NOTHING) - sessions
    net, tax, rounding, payable = (
        sum((getattr(one, name) for one in invoices), NOTHING)
        for name in ("net", "tax", "rounding", "payable")
    )
    credited = sum((signed(one, one.payable) for one in notes), NOTHING)
    steps.add(step, _("Sessions of these days, net"), None, sessions)
    steps.add(step, _("Sessions of other days, net"), None, other)
    steps.add(step, _("Fees and other lines, net"), None, net - sessions - other)
    steps.add(step, _("VAT"), None, tax)
    steps.add(step, _("Rounding"), None, rounding)
    steps.add(step, _("Invoices, to pay"), len(invoices), payable)
    steps.add(step, _("Credit notes"), None, credited)
    steps.tie(_("Invoices: net, VAT and rounding"), net + tax + rounding, payable)


def _paid(steps: _Steps, invoices: Sequence[Invoice]) -> None:
    step = _("4 Paid")
    payable = sum((one.payable for one in invoices), NOTHING)
    settled = PaymentAllocation.objects.filter(invoice__in=[one.pk for one in invoices])
    paid = settled.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    credited = sum((one.credited_amount for one in invoices), NOTHING)
    lost = sum((one.written_off_amount for one in invoices), NOTHING)
    open_ = sum((one.open_amount for one in invoices), NOTHING)
    steps.add(step, _("Matched payments"), settled.count(), paid)
    steps.add(step, _("Credited by credit notes"), None, credited)
    steps.add(step, _("Bad debts"), None, lost)
    steps.add(step, _("Left to pay"), sum(1 for one in invoices if one.open_amount), open_)
    steps.tie(_("Invoices: paid, credited, lost and open"), paid + credited + lost + open_, payable)


def _journal(asked: Asked, steps: _Steps, documents: Sequence[Invoice]) -> None:
    step = _("5 Ledger")
    sold = posted(asked).filter(entry__kind__in=_SOLD, currency=steps.currency)
    sums = {
        "net": -_sum(sold.filter(tax_part=TaxPart.BASE.value)),
        "tax": -_sum(sold.filter(tax_part=TaxPart.OUTPUT.value)),
        "payable": _sum(sold.filter(used_for(asked.seller, Use.RECEIVABLE))),
    }
    words = {"net": _("Sales"), "tax": _("Output VAT"), "payable": _("Receivables")}
    labels = {
        "net": _("Journal: sales against invoices"),
        "tax": _("Journal: VAT against invoices"),
        "payable": _("Journal: receivables against invoices"),
    }
    for name, amount in sums.items():
        found = sum((signed(one, getattr(one, name)) for one in documents), NOTHING)
        steps.add(step, words[name], None, amount)
        steps.tie(labels[name], amount, found)


def _sum(rows: QuerySet[JournalPosting]) -> Decimal:
    return rows.order_by().aggregate(sum=Sum("amount"))["sum"] or NOTHING
