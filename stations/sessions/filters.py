"""Filters of sessions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from stations.hardware.filters import site_choices
from stations.sessions.findings import TEXTS
from stations.sessions.models import Session, SessionState
from stations.sessions.place_class import in_place_class
from stations.sessions.search import with_word
from stations.sessions.selectors import charged_in
from stations.sites.choices import PlaceClass


class SessionFilter(ListFilterSet):
    """Sessions by text, state, place, token, day and finding."""

    state = MultipleChoiceFilter(label=_("State"), choices=SessionState.choices, distinct=False)
    held = BooleanFilter(field_name="is_held", label=_("Held for review"))
    site = ModelChoiceFilter(
        field_name="station__site",
        queryset=site_choices,
        to_field_name="public_id",
        label=_("Site"),
    )
    started = DateRange(label=_("Started"), field_name="started_at")
    token = CharFilter(field_name="id_token", lookup_expr="iexact", label=_("Token"))
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    driver = CharFilter(method="by_owner", label=_("Driver (public id)"))
    company = CharFilter(method="by_owner", label=_("Company (public id)"))
    vehicle = CharFilter(method="by_vehicle", label=_("Vehicle (public id)"))
    place_class = ChoiceFilter(
        method="by_place_class", label=_("Place class"), choices=PlaceClass.choices[1:]
    )
    finding = ChoiceFilter(
        method="by_finding", label=_("Finding"), choices=[(code, code) for code in TEXTS]
    )

    class Meta:
        model = Session
        fields: list[str] = []

    def search(self, queryset: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Every word must be found in an id, the token, the station or the site."""
        for word in value.replace("\x00", "").split()[:8]:
            queryset = with_word(queryset, word)
        return queryset

    def by_finding(self, queryset: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Sessions with a finding of this code."""
        return queryset.filter(findings__contains=[{"code": value}])

    def by_vehicle(self, queryset: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Sessions whose card sat in the vehicle when they began."""
        return charged_in(queryset, value)

    def by_place_class(
        self, queryset: QuerySet[Session], _name: str, value: str
    ) -> QuerySet[Session]:
        """What the place was when the session began."""
        return queryset.filter(in_place_class(value))

    def by_owner(self, queryset: QuerySet[Session], name: str, value: str) -> QuerySet[Session]:
        """Sessions whose token was the driver's or company's when they began."""
        ref = f"{name}_ref"
        return queryset.annotate(**{ref: KT(f"token_snapshot__{name}")}).filter(**{ref: value})
