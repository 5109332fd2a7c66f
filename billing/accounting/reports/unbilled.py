"""What was delivered and not invoiced, what is held and waived, and what was let go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from billing.accounting.accruals import (
    Accrued,
    SoldAt,
    accrued_until,
    by_currency_and_site,
    from_json,
)
from billing.accounting.attests import LOST, Key, Told, object_of, told
from billing.accounting.books import chart_of
from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind, TaxPart
from billing.accounting.models import JournalEntry, PeriodChange, PeriodState
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import by_currency, posted_until, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.review.reasons import name_of
from core.months import first_day, last_day, next_month

NOTHING: Final = Decimal(0)
ACCRUED_COLUMNS: Final = (
    c.SESSION,
    c.ENDED,
    c.CUSTOMER_NUMBER,
    c.SITE,
    c.ENERGY,
    c.NET,
    c.REASON,
    c.ACCOUNT,
    Column("Återförs", _("Reversed on")),
)
_WHY: Final = {
    "not_invoiced": _("Not invoiced"),
    "held": BillingState.HELD.label,
    "waiting": BillingState.WAITING.label,
    "awaiting_price": BillingState.AWAITING_PRICE.label,
}


def accrued(asked: Asked) -> Result:
    """What accrues at the end of the month: as it was booked where the month is closed, else as
    it stands now; tied to the account of accrued income."""
    month = first_day(asked.until_on)
    kept = _kept(asked, month)
    found = accrued_until(asked.seller, last_day(month)) if kept is None else kept
    account = chart_of(asked.seller).account(Use.ACCRUED)
    currencies = frozenset(one.currency for one in found)
    rows: list[Row] = [
        (
            one.session, one.ended_on, one.customer, one.site_name, one.energy_kwh, one.net,
            _WHY.get(one.reason, one.reason), account, next_month(month),
        )
        for one in found
    ]  # fmt: skip
    if kept is None:
        return Result(ACCRUED_COLUMNS, rows, currencies=currencies)
    booked = by_currency(
        posted_until(asked.seller, last_day(month)).filter(used_for(asked.seller, Use.ACCRUED))
    )
    shown = {
        currency: sum(sites.values(), NOTHING)
        for currency, sites in by_currency_and_site(found).items()
    }
    ties = [
        Tie(_("Account of accrued income"), shown.get(currency, NOTHING),
            booked.get(currency, NOTHING), currency)
        for currency in sorted({*shown, *booked})
    ]  # fmt: skip
    return Result(ACCRUED_COLUMNS, rows, ties, currencies)


def _kept(asked: Asked, month: date) -> list[Accrued] | None:
    """What accrued at the last closing of a month that is closed."""
    closings = PeriodChange.objects.filter(
        period__seller=asked.seller,
        period__begins_on=month,
        period__state=PeriodState.CLOSED,
        state=PeriodState.CLOSED,
    )
    last = closings.order_by("-pk").first()
    return None if last is None else [from_json(one) for one in last.accrued]


LOST_COLUMNS: Final = (
    Column("Datum", _("Day")),
    c.KIND,
    c.INVOICE,
    c.CUSTOMER,
    c.NET,
    c.TAX,
    Column("Momsjusterad", _("VAT adjusted")),
    c.REASON,
    Column("Vem", _("Who")),
    Column("Attest", _("Second approval")),
    c.VOUCHER,
)
_LOST: Final = {
    EntryKind.CREDIT_NOTE.value: _("Credited"),
    EntryKind.WRITE_OFF.value: _("Bad debt"),
}


def lost(asked: Asked) -> Result:
    """Credited, waived and written off: each entry with who did it and why; net and VAT add up to
    what left the account of receivables."""
    entries = list(
        JournalEntry.objects.filter(
            LOST,
            seller=asked.seller,
            booked_on__gte=asked.from_on,
            booked_on__lte=asked.until_on,
        )
        .select_related("account", "attest")
        .prefetch_related("postings__account")
        .order_by("booked_on", "number")
    )
    known = told(entries)
    receivable = chart_of(asked.seller).account(Use.RECEIVABLE)
    rows: list[Row] = []
    shown: dict[str, Decimal] = defaultdict(Decimal)
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        net, tax, owed = _parts(entry, receivable)
        rows.append(_lost_row(entry, known, net, tax))
        shown[entry.currency] += net + tax
        booked[entry.currency] -= owed
    ties = [
        Tie(_("Left receivables"), shown[currency], booked[currency], currency)
        for currency in sorted(shown)
    ]
    return Result(LOST_COLUMNS, rows, ties)


def _parts(entry: JournalEntry, receivable: str) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT, and what moved on receivables."""
    net, tax, owed = NOTHING, NOTHING, NOTHING
    for one in entry.postings.all():
        if one.invoice_number or one.account.number == receivable:
            owed += one.amount
        elif one.tax_part == TaxPart.OUTPUT:
            tax += one.amount
        else:
            net += one.amount
    return net, tax, owed


def _lost_row(entry: JournalEntry, known: Mapping[Key, Told], net: Decimal, tax: Decimal) -> Row:
    did = known.get(object_of(entry), Told())
    attest = getattr(entry, "attest", None)
    return (
        entry.booked_on,
        _LOST.get(entry.kind, _("Waived")),
        entry.document,
        entry.account.name if entry.account else "",
        net,
        tax,
        _("Yes") if tax else _("No"),
        did.reason or entry.text,
        did.who,
        attest.by_label if attest else "",
        entry.number,
    )


HELD_COLUMNS: Final = (
    c.SESSION,
    c.ENDED,
    c.SITE,
    Column("Läge", _("State")),
    c.CUSTOMER,
    c.ENERGY,
    c.NET,
    c.CURRENCY,
    c.REASON,
)
_STATES: Final = (
    BillingState.HELD,
    BillingState.AWAITING_PRICE,
    BillingState.WAIVED,
    BillingState.DROPPED,
)


def _named(codes: Iterable[str]) -> str:
    return ", ".join(sorted(name_of(code) for code in codes))


_reasons: Final = lazy(_named, str)


def held(asked: Asked) -> Result:
    """Sessions that ended in the days and are held, await a price, were waived or dropped."""
    zone = ZoneInfo(asked.seller.operator.time_zone)
    begin = datetime.combine(asked.from_on, time(), zone)
    end = datetime.combine(asked.until_on + timedelta(days=1), time(), zone)
    found = list(
        SessionBilling.objects.filter(
            state__in=_STATES, session__stopped_at__gte=begin, session__stopped_at__lt=end
        )
        .select_related("session__station__site", "account")
        .prefetch_related("holds")
        .order_by("session__stopped_at", "pk")
    )
    rated = {
        one.session_id: one
        for one in RatedSession.objects.filter(
            is_current=True, session__in=[one.session_id for one in found]
        )
    }
    sold = SoldAt(asked.seller)
    rows: list[Row] = []
    for one in found:
        ended_on = one.session.stopped_at.astimezone(zone).date()
        if not sold.holds(one.session.station.site_id, ended_on):
            continue
        price = rated.get(one.session_id)
        rows.append((
            one.session.public_id, ended_on, one.session.station.site.name,
            BillingState(one.state).label, one.account.name if one.account else "",
            (Decimal(one.session.energy_wh or 0) / 1000).quantize(Decimal("0.001")),
            price.net if price else NOTHING,
            price.currency if price else asked.seller.operator.currency,
            _reasons({hold.code for hold in one.holds.all() if hold.closed_at is None}),
        ))  # fmt: skip
    return Result(HELD_COLUMNS, rows)
