"""Filters of id tokens."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.lists.filters import BooleanFilter, CharFilter, ChoiceFilter, ListFilterSet
from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.selectors import search


class TokenFilter(ListFilterSet):
    """Tokens by any form of the UID, label, status, purpose and expiry."""

    status = ChoiceFilter(label=_("Status"), choices=TokenStatus.choices)
    purpose = ChoiceFilter(label=_("Purpose"), choices=TokenPurpose.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=TokenKind.choices)
    expired = BooleanFilter(method="by_expiry", label=_("Expired"))
    group_id = CharFilter(label=_("Parent group"))

    class Meta:
        model = IdToken
        fields: list[str] = []

    def search(self, queryset: QuerySet[IdToken], _name: str, value: str) -> QuerySet[IdToken]:
        """UID in any form, printed number or label."""
        return search(queryset, value.replace("\x00", ""))

    def by_expiry(self, queryset: QuerySet[IdToken], _name: str, value: bool) -> QuerySet[IdToken]:
        """Past its expiry now, or not."""
        expired = Q(expires_at__lte=timezone.now())
        return queryset.filter(expired) if value else queryset.exclude(expired)
