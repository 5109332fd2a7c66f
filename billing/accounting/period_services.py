"""Closing months, and opening them again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounting import posting as post
from billing.accounting.accruals import Accrued, accrued_until, by_currency_and_site
from billing.accounting.book_models import Books
from billing.accounting.books import chart_of, ensure_books
from billing.accounting.checklist import Check, checklist
from billing.accounting.entries import EntryKind, mirrored
from billing.accounting.models import (
    JournalEntry,
    Period,
    PeriodChange,
    PeriodState,
)
from billing.accounting.posting_services import post_due
from billing.accounting.reading import pure_entry
from billing.accounting.writing import Draft, write
from billing.sellers.models import Seller
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.months import last_day

ACCRUAL = "accrual"
REVERSAL = "accrual_reversal"


class NotReady(RuleViolation):
    """A month that cannot be closed; the message names what is open."""

    def __init__(self, open_checks: list[Check]) -> None:
        named = "; ".join(
            f"{one.title}: {one.count}" + (f" ({', '.join(one.names)})" if one.names else "")
            for one in open_checks
        )
        super().__init__("period_not_ready", _("Not yet: %(items)s") % {"items": named})
        self.open_checks = open_checks


@transaction.atomic
def close_period(*, seller: Seller, begins_on: date, reason: str = "") -> Period:
    """Book what is not booked and what accrued, then lock the month.

    Refuses a month with open checks, naming them, and one that is closed. What was delivered and
    not invoiced accrues on the last day and is reversed on the first of the next month.
    """
    if begins_on.day != 1:
        raise InvalidInput("month", _("A month is named by its first day."), field="begins_on")
    ensure_books(seller)
    Books.objects.select_for_update().get(seller=seller)
    period = _period(seller, begins_on)
    if period.state == PeriodState.CLOSED:
        raise RuleViolation("period_closed", _("The month is closed already."))
    post_due(sellers=[seller])
    accrued = accrued_until(seller, last_day(begins_on))
    checks = checklist(seller, begins_on, accrued)
    open_checks = [one for one in checks if one.blocks and not one.is_done]
    if open_checks:
        raise NotReady(open_checks)
    change = _changed(period, PeriodState.CLOSED, reason, checks, accrued)
    _accrue(seller, begins_on, accrued, change)
    Period.objects.filter(pk=period.pk).update(
        state=PeriodState.CLOSED,
        closed_at=timezone.now(),
        closed_by_label=current_actor.get().label[:200],
    )
    period.refresh_from_db()
    return period


@transaction.atomic
def reopen_period(*, period: Period, reason: str) -> Period:
    """Open a closed month again, with a reason; later closed months come first.

    The accrual of its closing is taken back on its own day, so that the next closing may book
    another one.
    """
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    Books.objects.select_for_update().get(seller=period.seller_id)
    later = Period.objects.filter(
        seller=period.seller_id, begins_on__gt=period.begins_on, state=PeriodState.CLOSED
    )
    if later.exists():
        raise RuleViolation("later_closed", _("A later month is closed: open that one first."))
    opened = Period.objects.filter(pk=period.pk, state=PeriodState.CLOSED).update(
        state=PeriodState.OPEN, closed_at=None, closed_by_label=""
    )
    if not opened:
        raise RuleViolation("period_open", _("The month is open already."))
    change = _changed(period, PeriodState.OPEN, reason, [], [])
    _take_accrual_back(period, change)
    period.refresh_from_db()
    return period


def _period(seller: Seller, begins_on: date) -> Period:
    period, _is_new = Period.objects.get_or_create(
        seller=seller,
        begins_on=begins_on,
        defaults={"operator_id": seller.operator_id, "public_id": public_id("per")},
    )
    found: Period = period
    return found


def _changed(
    period: Period,
    state: PeriodState,
    reason: str,
    checks: list[Check],
    accrued: list[Accrued],
) -> PeriodChange:
    change: PeriodChange = PeriodChange.objects.create(
        operator_id=period.operator_id,
        period=period,
        state=state,
        reason=reason[:500],
        checklist=[one.as_json() for one in checks],
        accrued=[one.as_json() for one in accrued],
        by_label=current_actor.get().label[:200],
    )
    verb = "period.close" if state == PeriodState.CLOSED else "period.reopen"
    after: dict[str, Any] = {"month": str(period), "state": state.value}
    record(verb, period, operator_id=period.operator_id, after=after, reason=reason)
    return change


def _accrue(seller: Seller, begins_on: date, accrued: list[Accrued], change: PeriodChange) -> None:
    chart = chart_of(seller)
    drafts = []
    for place, (currency, sites) in enumerate(sorted(by_currency_and_site(accrued).items())):
        day = last_day(begins_on)
        booking = post.Booking(day, f"{begins_on:%Y-%m}", currency)
        entry = post.accrual(chart, booking, sites)
        source = ACCRUAL if not place else f"{ACCRUAL}_{currency}"
        drafts.append(
            Draft(seller_id=seller.pk, entry=entry, source_kind=source, source_id=change.pk)
        )
    rows = write(drafts)
    write(
        [
            Draft(
                seller_id=seller.pk,
                entry=post.accrual_reversed(draft.entry),
                source_kind=draft.source_kind.replace(ACCRUAL, REVERSAL, 1),
                source_id=change.pk,
                reverses_id=row.pk,
            )
            for draft, row in zip(drafts, rows, strict=True)
        ]
    )


def _take_accrual_back(period: Period, change: PeriodChange) -> None:
    """The accrual and its reversal, each mirrored on its day."""
    closings = PeriodChange.objects.filter(period=period, state=PeriodState.CLOSED)
    last = closings.order_by("-pk").first()
    if last is None:
        return
    rows = JournalEntry.objects.filter(
        seller=period.seller_id, source_kind__startswith=ACCRUAL, source_id=last.pk
    )
    drafts = []
    for row in rows.prefetch_related("postings__account").order_by("pk"):
        entry = mirrored(pure_entry(row), on=row.booked_on, kind=EntryKind.REVERSAL)
        drafts.append(
            Draft(
                seller_id=row.seller_id,
                entry=entry,
                source_kind=f"undo_{row.source_kind}"[:24],
                source_id=change.pk,
            )
        )
    write(drafts)
