"""Which billed sessions a credit note takes back, and how much of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F, Sum

from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceLine, InvoiceState
from billing.rating.billable import note_credited
from billing.rating.models import SessionBilling
from billing.rating.rules.rounding import allocate
from core.money import minor_digits


def lock_sessions(invoice: Invoice) -> None:
    """Hold the sessions that the invoice bills, before the invoice itself is held."""
    rows = SessionBilling.objects.select_for_update(of=("self",)).order_by("id")
    list(rows.filter(session__billable_items__in=_billed_by(invoice)).values_list("pk", flat=True))


def note_sessions(note: Invoice, *, session_id: int | None, now: datetime) -> None:
    """Note for each session that the original bills what the credit note gives back of it; all of
    it for the one session that the note is about, where it is about one."""
    if session_id is not None:
        note_credited({session_id: note.gross}, now=now)
        return
    assert note.original is not None
    items: list[Any] = list(
        InvoiceItem.objects.filter(invoice=note.original, billable__isnull=False)
        .annotate(first=F("line__position"), session_id=F("billable__session"))
        .order_by("line__position", "pk")
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    left: Mapping[int, Decimal] | None = None
    for group, gross in _by_group(note, note.original).items():
        own = [one for one in items if one.first == group]
        if len(own) > 1 and left is None:
            left = _left(items)
        for one, part in zip(own, _parts(own, gross, left or {}, note.currency), strict=True):
            found[one.session_id] += part
    if found:
        note_credited(found, now=now)


def _billed_by(invoice: Invoice) -> Sequence[int]:
    rows = InvoiceItem.objects.filter(invoice=invoice, billable__isnull=False)
    return list(rows.values_list("billable_id", flat=True))


def _by_group(note: Invoice, original: Invoice) -> Mapping[int, Decimal]:
    """What the note gives back by group of lines: by the position of the group's first line."""
    items = InvoiceItem.objects.filter(invoice=original)
    firsts = sorted(set(items.values_list("line__position", flat=True)), reverse=True)
    found: dict[int, Decimal] = defaultdict(Decimal)
    rows = InvoiceLine.objects.filter(invoice=note, credits__isnull=False)
    for position, gross in rows.values_list("credits__position", "gross"):
        group = next((first for first in firsts if first <= position), None)
        if group is not None:
            found[group] += gross
    return found


def _left(items: Sequence[Any]) -> Mapping[int, Decimal]:
    """By session what was billed of it and not credited yet."""
    ids = [one.session_id for one in items]
    billed = (
        InvoiceItem.objects.filter(
            billable__session_id__in=ids, invoice__kind=InvoiceKind.INVOICE
        )
        .exclude(invoice__state=InvoiceState.DRAFT)
        .order_by()
        .values_list("billable__session_id")
        .annotate(Sum("gross"))
    )  # fmt: skip
    credited = SessionBilling.objects.filter(session_id__in=ids)
    gone = dict(credited.values_list("session_id", "credited_gross"))
    return {key: gross - gone.get(key, Decimal(0)) for key, gross in billed}


def _parts(
    items: Sequence[Any], gross: Decimal, left: Mapping[int, Decimal], currency: str
) -> Sequence[Decimal]:
    """The shares of the items of a group: where its lines are sums over many sessions, by what is
    left of each."""
    if len(items) == 1:
        return [gross]
    digits = minor_digits(currency)
    rest = [max(min(one.gross, left[one.session_id]), Decimal(0)) for one in items]
    whole = [int(one.scaleb(digits)) for one in rest]
    if gross >= sum(rest, Decimal(0)) or not sum(whole):
        return rest
    units = int(gross.scaleb(digits))
    shares = [Fraction(one) * units / sum(whole) for one in whole]
    return [Decimal(one).scaleb(-digits) for one in allocate(units, shares, ceilings=whole)]
