"""Table of schedules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn
from core.schedules.models import Schedule
from core.schedules.source import find


def item_title(schedule: Schedule) -> str:
    """What is sent, in words."""
    found = find(schedule.source, schedule.item)
    return str(found[1].title) if found else schedule.item


class ScheduleTable(ListTable):
    """Schedules by name."""

    name = TitleColumn(_("Schedule"), detail="schedule_detail", key="public_id")
    state = StatusColumn(_("State"), kind="schedule")
    item = TextColumn(_("What is sent"))
    extension = TextColumn(_("Format"))
    frequency = TextColumn(_("How often"))
    next_due_at = MomentColumn(_("Next"))
    owner = TextColumn(_("Owner"), accessor="owner__user", order_by="owner__user__name")

    class Meta(ListTable.Meta):
        model = Schedule
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_item(self, record: Schedule) -> str:
        """In words."""
        return item_title(record)
