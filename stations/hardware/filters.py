"""Filters of stations and EVSEs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from stations.hardware.choices import ConnectorStatus, ConnectorType
from stations.hardware.fleet import is_offline, search
from stations.hardware.models import Evse, Station
from stations.sites.filters import IN_USE
from stations.sites.models import Site

CONNECTION = [("online", _("Online")), ("offline", _("Offline"))]
DAY: Final = timedelta(days=1)
HEARD = [
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("earlier", _("Earlier")),
    ("never", _("Never")),
]
VERSIONS = [("1.6", "OCPP 1.6"), ("2.0.1", "OCPP 2.0.1")]


def _midnight(day: date) -> datetime:
    """The beginning of a day in the zone of the reader."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def site_choices(_request: Any) -> QuerySet[Site]:
    """Sites of the operator in scope."""
    sites: QuerySet[Site] = Site.objects.only("public_id", "name").order_by("name")
    return sites


class StationFilter(ListFilterSet):
    """Stations by text, site, connection, worst status, last word, version and switches."""

    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    connection = ChoiceFilter(method="by_connection", label=_("Connection"), choices=CONNECTION)
    status = MultipleChoiceFilter(
        field_name="worst", label=_("Status"), choices=ConnectorStatus.choices, distinct=False
    )
    version = ChoiceFilter(
        field_name="link__ocpp_version", label=_("OCPP version"), choices=VERSIONS
    )
    heard = ChoiceFilter(method="by_heard", label=_("Last heard"), choices=HEARD)
    firmware = CharFilter(field_name="firmware_version", label=_("Firmware"))
    hands_off = BooleanFilter(label=_("Hands off"))
    use = ChoiceFilter(method="by_use", label=_("Use"), choices=IN_USE)

    class Meta:
        model = Station
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Station]) -> QuerySet[Station]:
        """Without a choice only stations in use."""
        found: QuerySet[Station] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("use") else found.filter(retired_on=None)

    def search(self, queryset: QuerySet[Station], _name: str, value: str) -> QuerySet[Station]:
        """Name, ids, site, model or serial number; every word must be found."""
        for word in value.replace("\x00", "").split()[:8]:
            queryset = search(queryset, word)
        return queryset

    def by_connection(
        self, queryset: QuerySet[Station], _name: str, value: str
    ) -> QuerySet[Station]:
        """Connected now, or not."""
        offline = is_offline()
        return queryset.filter(offline if value == "offline" else ~offline)

    def by_heard(self, queryset: QuerySet[Station], _name: str, value: str) -> QuerySet[Station]:
        """By the reader's day on which the station last said anything."""
        if value == "never":
            return queryset.filter(link__last_seen_at=None)
        today = _midnight(timezone.localdate())
        yesterday = _midnight(timezone.localdate() - DAY)
        if value == "today":
            return queryset.filter(link__last_seen_at__gte=today)
        if value == "earlier":
            return queryset.filter(link__last_seen_at__lt=yesterday)
        return queryset.filter(link__last_seen_at__gte=yesterday, link__last_seen_at__lt=today)

    def by_use(self, queryset: QuerySet[Station], _name: str, value: str) -> QuerySet[Station]:
        """In use, retired or both."""
        return queryset if value == "all" else queryset.filter(retired_on__isnull=value == "in_use")


class EvseFilter(ListFilterSet):
    """EVSEs by text, site, status and connector."""

    search_fields = ("public_id", "station__name", "station__identity", "station__site__name")
    site = ModelChoiceFilter(
        field_name="station__site",
        queryset=site_choices,
        to_field_name="public_id",
        label=_("Site"),
    )
    status = MultipleChoiceFilter(
        label=_("Status"), choices=ConnectorStatus.choices, distinct=False
    )
    connector_type = ChoiceFilter(
        method="by_type", label=_("Connector"), choices=ConnectorType.choices
    )
    confirmed = BooleanFilter(field_name="is_confirmed", label=_("Confirmed"))

    class Meta:
        model = Evse
        fields: list[str] = []

    def by_type(self, queryset: QuerySet[Evse], _name: str, value: str) -> QuerySet[Evse]:
        """EVSEs that have a connector of the type."""
        return queryset.filter(
            pk__in=Evse.objects.filter(connectors__connector_type=value).values("pk")
        )
