"""A person's own notifications: reading and marking them."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.models import Operator, User
from core.notifications.models import Notification

MOST_SHOWN: Final = 99


def own(operator: Operator, user: User) -> QuerySet[Notification]:
    """What the person reads on the page, the newest first."""
    rows: QuerySet[Notification] = Notification.objects.filter(
        operator=operator, user=user, is_on_page=True
    ).order_by("-created_at", "-id")
    return rows


def unread_count(operator: Operator, user: User) -> int:
    """How many are unread; counting ends above 99."""
    return own(operator, user).filter(read_at=None).order_by()[: MOST_SHOWN + 1].count()


def mark_read(rows: QuerySet[Notification]) -> int:
    """Mark those that are unread; returns how many."""
    return rows.filter(read_at=None).order_by().update(read_at=timezone.now())
