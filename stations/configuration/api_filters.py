"""What the API filters by beyond the pages' filters of the configuration."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from stations.configuration.filters import DriftFilter
from stations.configuration.models import DriftState
from stations.hardware.api_filters import StationNameFilter


class DriftApiFilter(DriftFilter):
    """Drifts also by a station's identity."""

    station = StationNameFilter()


class DesiredApiFilter(filters.FilterSet):
    """Desired values of a station by key and state."""

    key = filters.CharFilter(label=_("Key"), lookup_expr="iexact")
    state = filters.MultipleChoiceFilter(label=_("State"), choices=DriftState.choices)


class ChangeApiFilter(filters.FilterSet):
    """Changes of values by key and time."""

    key = filters.CharFilter(label=_("Key"), lookup_expr="iexact")
    after = filters.IsoDateTimeFilter(label=_("From"), field_name="at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(label=_("To"), field_name="at", lookup_expr="lt")
