"""Filters of the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit.models import ActorKind, AuditEntry
from core.lists.filters import CharFilter, ChoiceFilter, DateRange, ListFilterSet


class AuditFilter(ListFilterSet):
    """Entries by text, kind of actor, what was done, object and day."""

    search_fields = ("actor_label", "verb", "object_label", "reason", "request_id")
    actor_kind = ChoiceFilter(label=_("By"), choices=ActorKind.choices)
    verb = CharFilter(lookup_expr="startswith", label=_("What"))
    at = DateRange(label=_("Time"))
    object_type = CharFilter(label=_("Object type"))
    object_id = CharFilter(label=_("Object number"))
    request_id = CharFilter(label=_("Request id"))

    class Meta:
        model = AuditEntry
        fields: list[str] = []
