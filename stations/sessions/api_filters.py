"""What the API filters by beyond the pages' filters of sessions."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stations.hardware.api_filters import StationNameFilter
from stations.sessions.filters import SessionFilter
from stations.sessions.models import Session, SessionState


class SessionApiFilter(SessionFilter):
    """Sessions also by open or closed, transaction id, stop reason and instants."""

    started = None  # type: ignore[assignment]  # the pages' range of days; here instants
    station = StationNameFilter()
    evse = filters.NumberFilter(label=_("EVSE"), field_name="evse_number")
    id_token = filters.CharFilter(label=_("Token"), lookup_expr="iexact")
    open = filters.BooleanFilter(label=_("Open"), method="by_open")
    ocpp_transaction_id = filters.CharFilter(label=_("OCPP transaction id"))
    stop_reason = filters.CharFilter(label=_("Stop reason"), lookup_expr="iexact")
    started_after = filters.IsoDateTimeFilter(
        label=_("Started at or after"), field_name="started_at", lookup_expr="gte"
    )
    started_before = filters.IsoDateTimeFilter(
        label=_("Started before"), field_name="started_at", lookup_expr="lt"
    )

    def by_open(self, queryset: QuerySet[Session], name: str, value: bool) -> QuerySet[Session]:
        """Sessions that run now, or the others."""
        if value:
            return queryset.filter(state=SessionState.ACTIVE)
        return queryset.exclude(state=SessionState.ACTIVE)
