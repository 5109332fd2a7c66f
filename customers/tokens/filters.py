"""Filters of id tokens."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.selectors import search


class TokenFilter(django_filters.FilterSet):
    """Tokens by any form of the UID, label, status, purpose and expiry."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    status = django_filters.ChoiceFilter(label=_("Status"), choices=TokenStatus.choices)
    purpose = django_filters.ChoiceFilter(label=_("Purpose"), choices=TokenPurpose.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=TokenKind.choices)
    expired = django_filters.BooleanFilter(method="by_expiry", label=_("Expired"))
    group_id = django_filters.CharFilter(label=_("Parent group"))

    class Meta:
        model = IdToken
        fields: list[str] = []

    def search(self, queryset: QuerySet[IdToken], name: str, value: str) -> QuerySet[IdToken]:
        """UID in any form, printed number or label."""
        return search(queryset, value)

    def by_expiry(self, queryset: QuerySet[IdToken], name: str, value: bool) -> QuerySet[IdToken]:
        """Past its expiry now, or not."""
        expired = Q(expires_at__lte=timezone.now())
        return queryset.filter(expired) if value else queryset.exclude(expired)
