"""Filters of authorisation attempts, by person too."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from core.lists.filters import CharFilter
from customers.tokens.models import IdToken
from customers.tokens.selectors import search as search_tokens
from stations.ocpp.api_filters import AttemptApiFilter
from stations.ocpp.filters import AttemptFilter
from stations.ocpp.models import AuthorisationAttempt

MOST_TOKENS = 200


class PersonFilters(AttemptFilter):
    """Attempts also by the person, the company and the printed number."""

    driver = CharFilter(method="by_owner", label=_("Driver (public id)"))
    company = CharFilter(method="by_owner", label=_("Company (public id)"))

    def search(
        self, queryset: QuerySet[AuthorisationAttempt], _name: str, value: str
    ) -> QuerySet[AuthorisationAttempt]:
        """Token in any form, printed number, driver, company or station."""
        text = value.replace("\x00", "").strip()
        tokens = search_tokens(IdToken.objects.order_by(), text)
        uids = [uid.upper() for uid in tokens.values_list("uid", flat=True)[:MOST_TOKENS]]
        named = queryset.annotate(
            driver_name=KT("token_snapshot__driver_name"),
            company_name=KT("token_snapshot__company_name"),
        )
        return named.filter(
            Q(id_token__icontains=text)
            | Q(upper_token__in=uids)
            | Q(driver_name__icontains=text)
            | Q(company_name__icontains=text)
            | Q(station__name__icontains=text)
            | Q(station__identity__icontains=text)
        )

    def by_owner(
        self, queryset: QuerySet[AuthorisationAttempt], name: str, value: str
    ) -> QuerySet[AuthorisationAttempt]:
        """Whose token it was then."""
        ref = f"{name}_ref"
        return queryset.annotate(**{ref: KT(f"token_snapshot__{name}")}).filter(**{ref: value})


class PersonApiFilters(AttemptApiFilter, PersonFilters):
    """The same with what the API filters by beyond."""
