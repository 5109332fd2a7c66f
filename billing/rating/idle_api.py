"""REST: what drivers were told of idle time and its fee."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from billing.rating.idle_models import IdleNotice
from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ListView
from core.lists.filters import BooleanFilter, CharFilter, DateRange, ListFilterSet


class IdleNoticeFilter(ListFilterSet):
    """Stretches of idle time by session, whether they go on, and what was told."""

    search_fields = ("session__public_id", "session__station__name", "error")
    session = CharFilter(field_name="session__public_id", label=_("Session (public id)"))
    station = CharFilter(field_name="session__station__public_id", label=_("Station (public id)"))
    goes_on = BooleanFilter(
        field_name="ended_at", lookup_expr="isnull", label=_("The car is still idle")
    )
    is_warned = BooleanFilter(
        field_name="warned_at", lookup_expr="isnull", exclude=True, label=_("Warned")
    )
    idle_since = DateRange(label=_("Idle since"), field_name="idle_since_at")

    class Meta:
        model = IdleNotice
        fields: list[str] = []


class IdleNoticeSerializer(serializers.ModelSerializer[IdleNotice]):
    """A stretch of idle time with a fee, and when the driver was told of it. ``warn_by_at``: the
    warning must have come by then, else the fee begins later; ``ended_at`` null: it goes on."""

    session = serializers.CharField(source="session.public_id")
    station = serializers.CharField(source="session.station.public_id")
    site = serializers.CharField(source="session.station.site.public_id")

    class Meta:
        model = IdleNotice
        fields = (
            "session", "station", "site", "language", "idle_since_at", "fee_from_at", "warn_by_at",
            "told_at", "warned_at", "ended_at", "error",
        )  # fmt: skip


class IdleNoticeList(ListView):
    """What drivers were told of idle time, the latest first."""

    read_permission = Permission.TARIFF_VIEW
    serializer_class = IdleNoticeSerializer
    filterset_class = IdleNoticeFilter

    def rows(self) -> QuerySet[IdleNotice]:
        """Those of the caller's operator."""
        found: QuerySet[IdleNotice] = IdleNotice.objects.select_related("session__station__site")
        return found.order_by("-idle_since_at", "-id")


urls = [address("idle-notices", IdleNoticeList, "idle_notices")]
