"""Filters of API tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken, ApiTokenState
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, ListFilterSet


class ApiTokenFilter(ListFilterSet):
    """Tokens by name, state and permission."""

    search_fields = ("name", "prefix", "created_by__email")
    state = ChoiceFilter(label=_("State"), choices=ApiTokenState.choices, method="by_state")
    permission = ChoiceFilter(
        label=_("Permission"), choices=Permission.choices, method="by_permission"
    )

    class Meta:
        model = ApiToken
        fields: list[str] = []

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Tokens that are of use now, have expired, or were revoked."""
        if value == ApiTokenState.REVOKED:
            return queryset.exclude(revoked_at=None)
        expired = Q(expires_at__lte=timezone.now())
        living = queryset.filter(revoked_at=None)
        return living.filter(expired) if value == ApiTokenState.EXPIRED else living.exclude(expired)

    def by_permission(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Tokens that have the permission."""
        return queryset.filter(permissions__contains=[value])
