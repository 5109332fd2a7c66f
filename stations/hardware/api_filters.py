"""What the API filters by beyond the pages' filters of stations, EVSEs and connectors."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stations.hardware.choices import ConnectorStatus, ConnectorType
from stations.hardware.filters import EvseFilter, StationFilter
from stations.hardware.models import DeviceVariable


def names_station(value: str, prefix: str = "station__") -> Q:
    """Condition: the station with socket identity (in any case) or public id ``value``."""
    return Q(**{f"{prefix}identity__iexact": value}) | Q(**{f"{prefix}public_id": value})


class StationNameFilter(filters.CharFilter):
    """Rows of the station with this socket identity or public id."""

    def __init__(self, prefix: str = "station__", **options: Any) -> None:
        super().__init__(**({"label": _("Station")} | options))
        self.prefix = prefix

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Nothing given: everything."""
        return qs.filter(names_station(value, self.prefix)) if value else qs


class StationApiFilter(StationFilter):
    """Stations also by make and firmware."""

    vendor = filters.CharFilter(label=_("Vendor"), lookup_expr="iexact")
    model = filters.CharFilter(label=_("Model"), lookup_expr="iexact")
    firmware_version = filters.CharFilter(label=_("Firmware"))


class EvseApiFilter(EvseFilter):
    """EVSEs also by station."""

    station = StationNameFilter()


class ConnectorApiFilter(filters.FilterSet):
    """Connectors by station, site, last status and type."""

    station = StationNameFilter("evse__station__")
    site = filters.CharFilter(label=_("Site"), field_name="evse__station__site__public_id")
    evse = filters.NumberFilter(label=_("EVSE"), field_name="evse__number")
    status = filters.MultipleChoiceFilter(label=_("Status"), choices=ConnectorStatus.choices)
    connector_type = filters.MultipleChoiceFilter(label=_("Type"), choices=ConnectorType.choices)


class VariableApiFilter(filters.FilterSet):
    """Configuration keys and device-model values by name and place."""

    q = filters.CharFilter(label=_("Search"), method="search")
    component = filters.CharFilter(label=_("Component"), lookup_expr="iexact")
    variable = filters.CharFilter(label=_("Variable"), lookup_expr="iexact")
    attribute = filters.CharFilter(label=_("Attribute"), lookup_expr="iexact")
    evse = filters.NumberFilter(label=_("EVSE"), field_name="evse_number")

    def search(
        self, queryset: QuerySet[DeviceVariable], name: str, value: str
    ) -> QuerySet[DeviceVariable]:
        """Component, variable or value contains the text."""
        return queryset.filter(
            Q(component__icontains=value) | Q(variable__icontains=value) | Q(value__icontains=value)
        )


class StatusApiFilter(filters.FilterSet):
    """Status entries by place, status and time of arrival."""

    evse = filters.NumberFilter(label=_("EVSE"), field_name="evse_number")
    connector = filters.NumberFilter(label=_("Connector"), field_name="connector_number")
    status = filters.MultipleChoiceFilter(label=_("Status"), choices=ConnectorStatus.choices)
    after = filters.IsoDateTimeFilter(label=_("From"), field_name="received_at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(label=_("To"), field_name="received_at", lookup_expr="lt")
