"""Filters of the OCPP journal, knocks and authorisation attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import moment_widget
from core.lists.filters import CharFilter, ChoiceFilter, DateRange, ListFilterSet
from stations.hardware.models import Station
from stations.ocpp.authorisation.reasons import WORDS
from stations.ocpp.journal import default_since, with_text
from stations.ocpp.knocks import REASONS
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, Knock

DIRECTIONS = [("in", _("From the station")), ("out", _("To the station")), ("stray", _("Stray"))]
OUTCOMES = [
    ("result", _("Answered")),
    ("error", _("Error")),
    ("none", _("No answer")),
    ("bad", _("Unreadable")),
]


class FrameFilter(ListFilterSet):
    """Exchanges by text, station, action, direction, outcome, correlation id and time."""

    action = CharFilter(
        method="by_action", label=_("Action"), help_text=_("Several: with commas between.")
    )
    direction = ChoiceFilter(label=_("Direction"), choices=DIRECTIONS)
    outcome = ChoiceFilter(label=_("Outcome"), choices=OUTCOMES)
    message_id = CharFilter(label=_("Correlation id"))
    since = django_filters.DateTimeFilter(method="leave", label=_("From"), widget=moment_widget())
    until = django_filters.DateTimeFilter(
        field_name="received_at", lookup_expr="lt", label=_("To"), widget=moment_widget()
    )
    station = CharFilter(method="by_station", label=_("Station (identity or public id)"))

    class Meta:
        model = FrameJournal
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[FrameJournal]) -> QuerySet[FrameJournal]:
        """A search in texts without a beginning looks back some days only."""
        found: QuerySet[FrameJournal] = super().filter_queryset(queryset)
        values: dict[str, Any] = self.form.cleaned_data
        since: datetime | None = default_since(values.get("since"), values.get("q") or "")
        return found.filter(received_at__gte=since) if since else found

    def search(
        self, queryset: QuerySet[FrameJournal], _name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """Anything in the texts, or the correlation id."""
        return with_text(queryset, value.replace("\x00", ""))

    def by_station(
        self, queryset: QuerySet[FrameJournal], _name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """Public id, or socket identity in any case."""
        wanted = Station.objects.filter(Q(public_id=value) | Q(identity__iexact=value))
        return queryset.filter(station_id__in=list(wanted.values_list("pk", flat=True)))

    def by_action(
        self, queryset: QuerySet[FrameJournal], _name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """One action, or several with commas between."""
        return queryset.filter(action__in=[part.strip() for part in value.split(",")])

    def leave(
        self, queryset: QuerySet[FrameJournal], _name: str, _value: datetime
    ) -> QuerySet[FrameJournal]:
        """The beginning is applied with the text search."""
        return queryset


class StationFrameFilter(FrameFilter):
    """The same on the page of one station."""

    station = None


class KnockFilter(ListFilterSet):
    """Refused connections by text and reason."""

    search_fields = ("identity", "remote_address")
    reason = ChoiceFilter(label=_("Reason"), choices=list(REASONS.items()))

    class Meta:
        model = Knock
        fields: list[str] = []


class AttemptFilter(ListFilterSet):
    """Authorisation attempts by token, decision, reason, station and day."""

    search_fields = ("id_token", "station__name", "station__identity")
    decision = ChoiceFilter(
        method="by_decision",
        label=_("Decision"),
        choices=[("accepted", _("Accepted")), ("refused", _("Refused"))],
    )
    reason = ChoiceFilter(field_name="reason_code", label=_("Reason"), choices=list(WORDS.items()))
    at = DateRange(label=_("Time"))
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))

    class Meta:
        model = AuthorisationAttempt
        fields: list[str] = []

    def by_decision(
        self, queryset: QuerySet[AuthorisationAttempt], _name: str, value: str
    ) -> QuerySet[AuthorisationAttempt]:
        """Accepted, or anything else."""
        accepted = Q(decision="Accepted")
        return queryset.filter(accepted if value == "accepted" else ~accepted)
