"""The clocks of an order: their state now, their pauses, when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from stations.maintenance import log
from stations.maintenance.clocks import Clock, Pause, clock
from stations.maintenance.models import (
    ClockPause,
    EntryKind,
    PauseReason,
    WorkOrder,
)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks of an order; None where no time is promised."""

    respond: Clock | None
    restore: Clock | None

    @property
    def next(self) -> Clock | None:
        """The one that runs out first of those that still run."""
        going = [one for one in (self.respond, self.restore) if one and one.stopped_at is None]
        return min(going, key=lambda one: one.left, default=None)

    @property
    def is_breached(self) -> bool:
        """Whether a promise was broken."""
        return any(one.is_breached for one in (self.respond, self.restore) if one)


def clocks_of(order: WorkOrder, now: datetime) -> Clocks:
    """The clocks of an order whose pauses are prefetched or read now."""
    terms = order.agreed
    if terms is None:
        return Clocks(None, None)
    pauses = tuple(Pause(p.began_at, p.ended_at, p.reason) for p in order.pauses.all())
    stopped = order.closed_at if order.state == "cancelled" else None

    def state(minutes: int | None, stopped_at: datetime | None) -> Clock | None:
        return clock(
            minutes=minutes,
            calendar=terms.calendar,
            started_at=order.opened_at,
            stopped_at=stopped_at or stopped,
            pauses=pauses,
            now=now,
        )

    return Clocks(
        state(terms.respond_min, order.responded_at or order.repaired_at),
        state(terms.restore_min, order.repaired_at),
    )


def set_due(order: WorkOrder, now: datetime) -> None:
    """Keep when both clocks are due; the caller holds the row."""
    both = clocks_of(order, now)
    order.respond_due_at = both.respond.due_at if both.respond else None
    order.restore_due_at = both.restore.due_at if both.restore else None
    order.save(update_fields=["respond_due_at", "restore_due_at"])


@transaction.atomic
def pause(*, order: WorkOrder, reason: str, at: datetime | None = None) -> ClockPause:
    """Hold the clocks of an open order, with a reason; refused while they are held."""
    held = WorkOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not held.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))
    if ClockPause.objects.filter(order=held, ended_at=None).exists():
        raise RuleViolation("clock_paused", _("The clocks stand still already."))
    now = at or timezone.now()
    made: ClockPause = ClockPause.objects.create(
        operator_id=held.operator_id,
        order=held,
        reason=PauseReason(reason),
        began_at=now,
        by_label=log.who(),
    )
    why = _("The clocks stand still: %(why)s") % {"why": made.get_reason_display()}
    log.write(held, EntryKind.PAUSE, now, why)
    set_due(held, now)
    return made


@transaction.atomic
def resume(*, order: WorkOrder, at: datetime | None = None) -> None:
    """Let the clocks go on; refused where they do."""
    held = WorkOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    now = at or timezone.now()
    if not end_pause(held, now):
        raise RuleViolation("clock_runs", _("The clocks run."))
    log.write(held, EntryKind.PAUSE, now, _("The clocks go on."))
    set_due(held, now)


def end_pause(order: WorkOrder, now: datetime) -> bool:
    """End the pause of an order whose row is held; whether there was one."""
    return bool(ClockPause.objects.filter(order=order, ended_at=None).update(ended_at=now))
