"""Filters of the audit trail."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from core.audit.models import ActorKind, AuditEntry


class AuditFilter(django_filters.FilterSet):
    """Entries by text, kind of actor, what was done, object and day."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    actor_kind = django_filters.ChoiceFilter(label=_("By"), choices=ActorKind.choices)
    verb = django_filters.CharFilter(lookup_expr="startswith", label=_("What"))
    object_type = django_filters.CharFilter(label=_("Object type"))
    object_id = django_filters.CharFilter(label=_("Object number"))
    request_id = django_filters.CharFilter(label=_("Request id"))
    at_from = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=day_widget
    )
    at_to = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("To"), widget=day_widget
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def search(self, queryset: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        """Who, what, object or reason."""
        condition = Q(request_id=value)
        for field in ("actor_label", "verb", "object_label", "reason"):
            condition |= Q(**{f"{field}__icontains": value})
        return queryset.filter(condition)
