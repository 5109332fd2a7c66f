"""Filters of schedules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.lists.filters import ChoiceFilter, ListFilterSet
from core.schedules.models import Frequency, Schedule, ScheduleState


class ScheduleFilter(ListFilterSet):
    """Schedules by text, state and rhythm."""

    search_fields = ("name", "item", "owner__user__name", "owner__user__email")
    state = ChoiceFilter(label=_("State"), choices=ScheduleState.choices)
    frequency = ChoiceFilter(label=_("How often"), choices=Frequency.choices)

    class Meta:
        model = Schedule
        fields: list[str] = []
