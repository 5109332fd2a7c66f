"""Filters of API tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken, ApiTokenState
from core.accounts.permissions import Permission
from core.api.models import ApiRequest
from core.lists.filters import (
    AddressFilter,
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    RangeFilter,
)


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


METHODS = [(name, name) for name in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")]
ANSWERS = [
    ("2", _("Done (2xx)")),
    ("3", _("Elsewhere (3xx)")),
    ("4", _("Refused (4xx)")),
    ("5", _("Failed (5xx)")),
]


class ApiRequestFilter(ListFilterSet):
    """Requests by path, token, method, answer, time taken, day and where they came from."""

    search_fields = ("path", "request_id")
    token = ModelChoiceFilter(
        label=_("API token"), queryset=lambda _request: ApiToken.objects.order_by("name", "id")
    )
    method = ChoiceFilter(label=_("Method"), choices=METHODS)
    answer = ChoiceFilter(label=_("Answer"), choices=ANSWERS, method="by_answer")
    path = CharFilter(label=_("Path begins with"), lookup_expr="startswith")
    duration_ms = RangeFilter(label=_("Took (ms)"))
    at = DateRange(label=_("Time"))
    source_ip = AddressFilter(label=_("From address"))
    request_id = CharFilter(label=_("Request id"))

    class Meta:
        model = ApiRequest
        fields: list[str] = []

    def by_answer(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """By the first digit of the status."""
        least = int(value) * 100
        return queryset.filter(status__gte=least, status__lt=least + 100)
