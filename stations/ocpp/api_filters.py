"""What the API filters by beyond the pages' filters of protocol records."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from stations.commands.filters import CommandFilter
from stations.hardware.api_filters import StationNameFilter
from stations.ocpp.filters import AttemptFilter, FrameFilter


class FrameApiFilter(FrameFilter):
    """Exchanges with instants that carry their zone."""

    since = filters.IsoDateTimeFilter(method="leave", label=_("From"))
    until = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt", label=_("To"))


class AttemptApiFilter(AttemptFilter):
    """Attempts also by token, and by a station's identity."""

    station = StationNameFilter()
    id_token = filters.CharFilter(label=_("Token"), lookup_expr="iexact")
    after = filters.IsoDateTimeFilter(label=_("From"), field_name="at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(label=_("To"), field_name="at", lookup_expr="lt")


class ReservationApiFilter(filters.FilterSet):
    """Reservations by station, state, token and number."""

    station = StationNameFilter()
    state = filters.CharFilter(label=_("State"))
    id_token = filters.CharFilter(label=_("Token"), lookup_expr="iexact")
    number = filters.NumberFilter(label=_("Reservation id"))


class EventApiFilter(filters.FilterSet):
    """Station events by station, kind, name and time of arrival."""

    station = StationNameFilter()
    kind = filters.CharFilter(label=_("Kind"))
    name = filters.CharFilter(label=_("Event"), lookup_expr="iexact")
    after = filters.IsoDateTimeFilter(label=_("From"), field_name="received_at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(label=_("To"), field_name="received_at", lookup_expr="lt")


class CommandApiFilter(CommandFilter):
    """Commands also by name, action and a station's identity."""

    station = StationNameFilter()
    command = filters.CharFilter(label=_("Command"))
    action = filters.CharFilter(label=_("OCPP action"))
