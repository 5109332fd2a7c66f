"""Sending what is due: claimed in the database first, so that two workers never send the same."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from core.accounts.models import Membership
from core.notifications.models import DeliveryState, Notification, NotificationDelivery
from core.notifications.ways import ways

CLAIM: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 8
MOST_IN_ONE: Final = 100
KEPT: Final = timedelta(days=90)
_log = logging.getLogger(__name__)


def deliver_due(*, now: datetime) -> int:
    """Send all that is due, one message for each member and way; returns how many messages.

    A failed one is tried again after 1, 2, 4 … minutes, at most eight times.
    """
    due = NotificationDelivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
    groups = set(
        due.order_by("due_at").values_list("operator_id", "notification__user_id", "way")[:2000]
    )
    return sum(_deliver(operator_id, user_id, way, now) for operator_id, user_id, way in groups)


def _deliver(operator_id: int, user_id: int, way_name: str, now: datetime) -> int:
    claimed = _claim(operator_id, user_id, way_name, now)
    if not claimed:
        return 0
    rows = NotificationDelivery.objects.filter(pk__in=[one.pk for one in claimed])
    member = (
        Membership.objects.select_related("user", "operator")
        .filter(operator_id=operator_id, user_id=user_id, is_active=True, user__is_active=True)
        .first()
    )
    way = ways().get(way_name)
    if member is None or way is None or way.send is None:
        rows.update(state=DeliveryState.DROPPED)
        return 0
    notifications = sorted((one.notification for one in claimed), key=lambda n: n.happened_at)
    try:
        error = way.send(member, notifications)
    except Exception as failure:
        _log.exception("sending by %s failed", way_name)
        error = f"{type(failure).__name__}: {failure}"
    if error:
        _failed(claimed, error, now)
        return 0
    rows.update(state=DeliveryState.SENT, sent_at=now, error="")
    return 1


def _claim(operator_id: int, user_id: int, way: str, now: datetime) -> list[NotificationDelivery]:
    """Rows of this run alone: nobody else finds them due until the claim ends."""
    with transaction.atomic():
        rows = list(
            NotificationDelivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("notification")
            .filter(
                state=DeliveryState.PENDING,
                due_at__lte=now,
                operator_id=operator_id,
                notification__user_id=user_id,
                way=way,
            )
            .order_by("due_at", "id")[:MOST_IN_ONE]
        )
        NotificationDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            due_at=now + CLAIM, attempts=F("attempts") + 1
        )
    return rows


def _failed(claimed: list[NotificationDelivery], error: str, now: datetime) -> None:
    for row in claimed:
        attempts = row.attempts + 1  # as counted by the claim
        is_last = attempts >= MOST_ATTEMPTS
        NotificationDelivery.objects.filter(pk=row.pk).update(
            state=DeliveryState.FAILED if is_last else DeliveryState.PENDING,
            due_at=now + timedelta(minutes=2 ** (attempts - 1)),
            error=error[:500],
        )


def forget_old(*, now: datetime) -> int:
    """Delete notifications of more than 90 days ago, with their deliveries."""
    count, _by_table = Notification.objects.filter(created_at__lt=now - KEPT).delete()
    return int(count)
