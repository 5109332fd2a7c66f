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
    driver = CharFilter(field_name="driver__public_id", label=_("Driver (public id)"))
    company = CharFilter(method="by_company", label=_("Company (public id)"))
    vehicle = CharFilter(field_name="vehicle__public_id", label=_("Vehicle (public id)"))
    owned = BooleanFilter(method="by_owner", label=_("Belongs to somebody"))

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

    def by_company(self, queryset: QuerySet[IdToken], _name: str, value: str) -> QuerySet[IdToken]:
        """Cards of the company's pool and of its drivers."""
        return queryset.filter(Q(company__public_id=value) | Q(driver__company__public_id=value))

    def by_owner(self, queryset: QuerySet[IdToken], _name: str, value: bool) -> QuerySet[IdToken]:
        """A driver's or a company's, or nobody's."""
        free = Q(driver=None, company=None)
        return queryset.exclude(free) if value else queryset.filter(free)
