"""Making, changing, pausing and deleting schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.accounts.models import Membership
from core.accounts.permissions import Permission
from core.api.permissions import may
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.schedules.due import next_due
from core.schedules.models import Delivery, Schedule, ScheduleRecipient, ScheduleState
from core.schedules.rights import may_own, may_receive
from core.schedules.source import FileItem, FileSource, find
from core.ui.zone_names import zone_names


@transaction.atomic
def create_schedule(
    *, request: HttpRequest, recipients: Sequence[Membership], **values: Any
) -> Schedule:
    """Make a schedule that runs as the person of the request.

    Refuses what there is not, what the person may not see, a filter that is not understood, a
    format the item has not, and recipients who may not see all of it.
    """
    owner: Membership = request.membership  # type: ignore[attr-defined]  # set by the middleware
    schedule = Schedule(
        operator=owner.operator,
        owner=owner,
        public_id=public_id("sched"),
        next_due_at=timezone.now(),
        **values,
    )
    _check(request, schedule, recipients)
    schedule.next_due_at = next_due(schedule.rhythm, timezone.now())
    schedule.save()
    _set_recipients(schedule, recipients)
    record(
        "schedule.create",
        schedule,
        operator_id=schedule.operator_id,
        after={**values, "recipients": _addresses(recipients)},
    )
    return schedule


@transaction.atomic
def change_schedule(
    *, request: HttpRequest, schedule: Schedule, recipients: Sequence[Membership], **changes: Any
) -> Schedule:
    """Change one's own schedule; it is due next by its new rhythm, and no longer stopped."""
    if schedule.owner_id != request.membership.pk:  # type: ignore[attr-defined]  # set by the middleware
        raise RuleViolation("not_your_schedule", _("Only its owner may change this schedule."))
    before, after = apply_changes(schedule, changes)
    _check(request, schedule, recipients)
    old = _addresses([r.membership for r in _recipients(schedule)])
    new = _addresses(recipients)
    if old != new:
        before["recipients"], after["recipients"] = old, new
        _set_recipients(schedule, recipients)
    if schedule.state == ScheduleState.STOPPED:
        schedule.state, schedule.stopped_reason = ScheduleState.ACTIVE, ""
    schedule.next_due_at = next_due(schedule.rhythm, timezone.now())
    schedule.save()
    if after:
        record(
            "schedule.change", schedule, operator_id=schedule.operator_id, before=before,
            after=after,
        )  # fmt: skip
    return schedule


def _check(request: HttpRequest, schedule: Schedule, recipients: Sequence[Membership]) -> None:
    source, item = _found(schedule)
    if not may_own(schedule.owner, item.permission):
        raise RuleViolation("not_allowed", _("Your role may not do this."))
    if schedule.extension not in item.formats:
        raise InvalidInput("format", _("It has no such format."), field="extension")
    if schedule.time_zone not in zone_names():
        raise InvalidInput("time_zone", _("This is no IANA time zone."), field="time_zone")
    schedule.query, lost = source.sound(request, item.name, schedule.query)
    lost = [name for name in lost if name not in ("view", "page", "format", "open")]
    if lost:
        words = {"names": ", ".join(lost)}
        raise InvalidInput("query", _("A filter is wrong: %(names)s") % words, field="query")
    if not recipients:
        raise InvalidInput("recipients", _("Choose at least one recipient."), field="recipients")
    for one in recipients:
        if not may_receive(one, item.permission, schedule.owner):
            raise RuleViolation(
                "recipient",
                _("%(person)s may not see all that is sent.") % {"person": one.user},
                field="recipients",
            )
    schedule.full_clean(exclude=["public_id"])


def _found(schedule: Schedule) -> tuple[FileSource, FileItem]:
    found = find(schedule.source, schedule.item)
    if found is None:
        raise InvalidInput("item", _("There is no such list or report."), field="item")
    return found


def _recipients(schedule: Schedule) -> list[ScheduleRecipient]:
    return list(schedule.recipients.select_related("membership__user").order_by("id"))


def _addresses(members: Sequence[Membership]) -> list[str]:
    return sorted(member.user.email for member in members)


def _set_recipients(schedule: Schedule, members: Sequence[Membership]) -> None:
    schedule.recipients.all().delete()
    ScheduleRecipient.objects.bulk_create(
        ScheduleRecipient(operator_id=schedule.operator_id, schedule=schedule, membership=one)
        for one in members
    )


def _may_manage(request: HttpRequest | Request, schedule: Schedule) -> None:
    """The owner, or who manages people."""
    membership = getattr(request, "membership", None)
    own = membership is not None and schedule.owner_id == membership.pk
    if not own and not may(request, Permission.PEOPLE_MANAGE):
        raise RuleViolation(
            "not_your_schedule", _("Only its owner, or who manages members, may do this.")
        )


@transaction.atomic
def pause_schedule(*, request: HttpRequest | Request, schedule: Schedule) -> None:
    """Send nothing until it is resumed; a second time changes nothing."""
    _may_manage(request, schedule)
    changed = Schedule.objects.filter(pk=schedule.pk, state=ScheduleState.ACTIVE).update(
        state=ScheduleState.PAUSED
    )
    if changed:
        record("schedule.pause", schedule, operator_id=schedule.operator_id)


@transaction.atomic
def resume_schedule(*, request: HttpRequest | Request, schedule: Schedule) -> None:
    """Run again from the next due time on; what was due meanwhile is not sent."""
    _may_manage(request, schedule)
    _source, item = _found(schedule)
    if not may_own(schedule.owner, item.permission):
        raise RuleViolation("owner_may_not", _("Its owner may not see this any more."))
    changed = (
        Schedule.objects.filter(pk=schedule.pk)
        .exclude(state=ScheduleState.ACTIVE)
        .update(
            state=ScheduleState.ACTIVE,
            stopped_reason="",
            next_due_at=next_due(schedule.rhythm, timezone.now()),
        )
    )
    if changed:
        record("schedule.resume", schedule, operator_id=schedule.operator_id)


@transaction.atomic
def delete_schedule(*, request: HttpRequest, schedule: Schedule, reason: str = "") -> None:
    """Remove a schedule with its log; the audit trail keeps what it was."""
    _may_manage(request, schedule)
    before = {"name": schedule.name, "item": schedule.item, "query": schedule.query}
    record(
        "schedule.delete", schedule, operator_id=schedule.operator_id, before=before, reason=reason
    )
    schedule.delete()


@transaction.atomic
def run_now(*, request: HttpRequest, schedule: Schedule, now: datetime | None = None) -> Delivery:
    """Send it once, besides its due times; refused while one is on its way."""
    _may_manage(request, schedule)
    Schedule.objects.select_for_update().get(pk=schedule.pk)
    if schedule.deliveries.filter(state__in=("waiting", "running")).exists():
        raise RuleViolation("on_its_way", _("It is being sent already."))
    delivery: Delivery = Delivery.objects.create(
        operator_id=schedule.operator_id,
        public_id=public_id("dlv"),
        schedule=schedule,
        due_at=now or timezone.now(),
    )
    record("schedule.run", schedule, operator_id=schedule.operator_id)
    return delivery
