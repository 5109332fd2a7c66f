"""Filters of one's own notifications."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet
from core.notifications.events import event_kinds
from core.notifications.models import Notification


def _events() -> list[tuple[str, str]]:
    return [(kind.name, str(kind.label)) for kind in event_kinds().values()]


class NotificationFilter(ListFilterSet):
    """Notifications by event, and whether they were read."""

    search_fields = ("event", "params", "url")
    event = ChoiceFilter(label=_("Event"), choices=_events)
    unread = BooleanFilter(method="by_unread", label=_("Unread"))

    class Meta:
        model = Notification
        fields: list[str] = []

    def by_unread(
        self, queryset: QuerySet[Notification], _name: str, value: bool
    ) -> QuerySet[Notification]:
        """Unread ones, or those that were read."""
        return queryset.filter(read_at__isnull=value)
