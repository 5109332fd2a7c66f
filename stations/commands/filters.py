"""Filters of commands."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from core.lists.filters import (
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    MultipleChoiceFilter,
)
from stations.commands.models import Command, CommandOrigin, CommandState


class CommandFilter(ListFilterSet):
    """Commands by text, state, origin, station and day."""

    search_fields = (
        "public_id",
        "command",
        "action",
        "requested_by",
        "station__name",
        "station__identity",
    )
    state = MultipleChoiceFilter(label=_("State"), choices=CommandState.choices, distinct=False)
    origin = ChoiceFilter(label=_("Origin"), choices=CommandOrigin.choices)
    created = DateRange(label=_("Created"), field_name="created_at")
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    batch = django_filters.UUIDFilter(field_name="batch_id", label=_("Sent together"))

    class Meta:
        model = Command
        fields: list[str] = []
