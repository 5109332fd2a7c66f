"""Finding what is due, making its file, and sending it: once for each due time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from core.accounts.acting import acting_for
from core.accounts.models import Membership
from core.audit.services import SYSTEM, record
from core.errors import RuleViolation
from core.ids import public_id
from core.lists.export import ProducedFile
from core.schedules import mailing
from core.schedules.due import next_due
from core.schedules.mailing import Mail
from core.schedules.models import Delivery, DeliveryState, Schedule, ScheduleState
from core.schedules.rights import may_own, may_receive
from core.schedules.source import FileItem, FileSource, find

logger = logging.getLogger(__name__)

AS_ATTACHMENT: Final = 5_000_000
"""Larger files are kept here and sent as a link."""
MOST_BYTES: Final = 50_000_000
MOST_ATTEMPTS: Final = 3
GIVEN_UP_AFTER: Final = timedelta(minutes=20)
"""A delivery that runs for longer was left by a worker that died."""
KEPT_FOR: Final = timedelta(days=30)
BATCH: Final = 50


class Stopped(Exception):
    """The schedule may not run any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file with its bytes."""

    file: ProducedFile
    content: bytes


@transaction.atomic
def note_due(*, now: datetime) -> int:
    """A delivery for each schedule that is due; returns how many.

    Due times that passed while nothing ran are made up for by one delivery, not by many.
    """
    due = (
        Schedule.objects.select_for_update(skip_locked=True)
        .filter(state=ScheduleState.ACTIVE, next_due_at__lte=now)
        .order_by("next_due_at", "id")[:BATCH]
    )
    noted = 0
    for schedule in due:
        _delivery, made = Delivery.objects.get_or_create(
            schedule=schedule,
            due_at=schedule.next_due_at,
            defaults={"operator_id": schedule.operator_id, "public_id": public_id("dlv")},
        )
        noted += made
        Schedule.objects.filter(pk=schedule.pk).update(next_due_at=next_due(schedule.rhythm, now))
    return noted


def deliver_waiting(*, now: datetime) -> int:
    """Make and send what waits; returns how many were sent. Also puts old files away."""
    Delivery.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(content=None).update(
        content=None
    )
    open_ones = Delivery.objects.filter(_claimable(now)).order_by("id")
    return sum(deliver(pk, now=now) for pk in open_ones.values_list("pk", flat=True)[:BATCH])


def _claimable(now: datetime) -> Q:
    left = Q(state=DeliveryState.RUNNING, started_at__lt=now - GIVEN_UP_AFTER)
    return Q(state=DeliveryState.WAITING) | left


def deliver(pk: int, *, now: datetime) -> bool:
    """Claim one delivery and do it; False when another worker has it, or it was not sent."""
    claimed = (
        Delivery.objects.filter(_claimable(now), pk=pk)
        .update(state=DeliveryState.RUNNING, started_at=now, attempts=F("attempts") + 1)
    )  # fmt: skip
    if not claimed:
        return False
    delivery = Delivery.objects.select_related("schedule__owner__user", "schedule__operator").get(
        pk=pk
    )
    try:
        return _deliver(delivery, now)
    except Stopped as stop:
        _stop(delivery, str(stop), now)
    except RuleViolation as refusal:
        _finish(delivery, now, DeliveryState.FAILED, error=str(refusal.message))
    except Exception:
        logger.exception("delivery %s could not be sent", delivery.public_id)
        again = delivery.attempts < MOST_ATTEMPTS
        state = DeliveryState.WAITING if again else DeliveryState.FAILED
        _finish(delivery, now, state, error=_("An error of ours; it has been logged."))
    return False


def _deliver(delivery: Delivery, now: datetime) -> bool:
    schedule = delivery.schedule
    owner: Membership = schedule.owner
    found = find(schedule.source, schedule.item)
    if found is None:
        raise Stopped(_("There is no such list or report any more."))
    source, item = found
    if not (may_own(owner, item.permission) and schedule.operator.is_active):
        raise Stopped(_("Its owner may not see this any more."))
    with acting_for(owner, query=schedule.query, request_id=delivery.public_id) as request:
        made = _make(schedule, source, item, request)
        if made.file.row_count == 0 and not schedule.sends_empty:
            _finish(delivery, now, DeliveryState.EMPTY, made=made)
            return False
        receivers, left_out = _receivers(schedule, owner, item.permission)
        if not receivers:
            raise Stopped(_("None of its recipients may see this any more."))
        _send_all(
            delivery,
            made,
            receivers,
            page=f"{source.address(item.name)}?{schedule.query}",
            describe=partial(source.describe, request, item.name),
        )
    _finish(delivery, now, DeliveryState.SENT, made=made, left_out=left_out)
    return True


def _make(schedule: Schedule, source: FileSource, item: FileItem, request: HttpRequest) -> Made:
    """The file; a filter that is not understood any more must not widen what is sent."""
    _query, lost = source.sound(request, item.name, schedule.query)
    if lost:
        words = {"names": ", ".join(lost)}
        raise Stopped(_("Parts of its filter no longer exist: %(names)s") % words)
    file = source.produce(request, item.name, schedule.extension)
    with file.content as content:
        raw = content.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise RuleViolation("too_large", _("The file is larger than 50 MB: narrow the filters."))
    return Made(file, raw)


def _receivers(
    schedule: Schedule, owner: Membership, permission: str
) -> tuple[list[Membership], list[str]]:
    found, left_out = [], []
    for row in schedule.recipients.select_related("membership__user").order_by("id"):
        if may_receive(row.membership, permission, owner):
            found.append(row.membership)
        else:
            left_out.append(row.membership.user.email)
    return found, left_out


def _send_all(
    delivery: Delivery,
    made: Made,
    receivers: list[Membership],
    *,
    page: str,
    describe: Callable[[], list[str]],
) -> None:
    """One e-mail each, in the member's language; who has got it is noted at once, so that a
    repeat skips them."""
    is_large = len(made.content) > AS_ATTACHMENT
    if is_large:
        Delivery.objects.filter(pk=delivery.pk).update(
            content=made.content, file_name=made.file.name
        )
    for member in receivers:
        address = member.user.email
        if address in delivery.sent_to:
            continue
        with translation.override(member.user.language):
            filters = describe()
        mail = Mail(
            delivery=delivery,
            file_name=made.file.name,
            content_type=made.file.content_type,
            row_count=made.file.row_count,
            filters=filters,
            page=page,
            content=None if is_large else made.content,
        )
        mailing.send(mail, member)
        delivery.sent_to = [*delivery.sent_to, address]
        Delivery.objects.filter(pk=delivery.pk).update(sent_to=delivery.sent_to)


def _finish(
    delivery: Delivery,
    now: datetime,
    state: DeliveryState,
    *,
    made: Made | None = None,
    left_out: list[str] | None = None,
    error: str = "",
) -> None:
    values: dict[str, object] = {"state": state, "finished_at": now, "error": error}
    if made is not None:
        values |= {
            "file_name": made.file.name,
            "row_count": made.file.row_count,
            "size_bytes": len(made.content),
            "left_out": left_out or [],
        }
    Delivery.objects.filter(pk=delivery.pk).update(**values)


def _stop(delivery: Delivery, why: str, now: datetime) -> None:
    schedule = delivery.schedule
    with transaction.atomic():
        _finish(delivery, now, DeliveryState.FAILED, error=why)
        stopped = Schedule.objects.filter(pk=schedule.pk, state=ScheduleState.ACTIVE).update(
            state=ScheduleState.STOPPED, stopped_reason=why
        )
        if stopped:
            record(
                "schedule.stop", schedule, operator_id=schedule.operator_id, reason=why,
                actor=SYSTEM,
            )  # fmt: skip
