"""Filters of the OCPP journal, knocks and authorisation attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget, moment_widget
from stations.hardware.models import Station
from stations.ocpp.authorisation.reasons import WORDS
from stations.ocpp.journal import default_since, with_text
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, Knock

DIRECTIONS = [("in", _("From the station")), ("out", _("To the station")), ("stray", _("Stray"))]
OUTCOMES = [
    ("result", _("Answered")),
    ("error", _("Error")),
    ("none", _("No answer")),
    ("bad", _("Unreadable")),
]


class FrameFilter(django_filters.FilterSet):
    """Exchanges by text, station, action, direction, outcome, correlation id and time."""

    q = django_filters.CharFilter(method="search", label=_("Text"))
    station = django_filters.CharFilter(method="by_station", label=_("Station"))
    action = django_filters.CharFilter(method="by_action", label=_("Action"))
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=DIRECTIONS)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=OUTCOMES)
    message_id = django_filters.CharFilter(label=_("Correlation id"))
    since = django_filters.DateTimeFilter(
        method="leave", label=_("From"), widget=moment_widget
    )
    until = django_filters.DateTimeFilter(
        field_name="received_at", lookup_expr="lt", label=_("To"), widget=moment_widget
    )

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
        self, queryset: QuerySet[FrameJournal], name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """Anything in the texts, or the correlation id."""
        return with_text(queryset, value)

    def by_station(
        self, queryset: QuerySet[FrameJournal], name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """Public id, or socket identity in any case."""
        wanted = Station.objects.filter(Q(public_id=value) | Q(identity__iexact=value))
        return queryset.filter(station_id__in=list(wanted.values_list("pk", flat=True)))

    def by_action(
        self, queryset: QuerySet[FrameJournal], name: str, value: str
    ) -> QuerySet[FrameJournal]:
        """One action, or several with commas between."""
        return queryset.filter(action__in=[part.strip() for part in value.split(",")])

    def leave(
        self, queryset: QuerySet[FrameJournal], name: str, value: datetime
    ) -> QuerySet[FrameJournal]:
        """The beginning is applied with the text search."""
        return queryset


class KnockFilter(django_filters.FilterSet):
    """Refused connections by text and reason."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    reason = django_filters.CharFilter(label=_("Reason"))

    class Meta:
        model = Knock
        fields: list[str] = []

    def search(self, queryset: QuerySet[Knock], name: str, value: str) -> QuerySet[Knock]:
        """Identity or address."""
        return queryset.filter(Q(identity__icontains=value) | Q(remote_address__icontains=value))


class AttemptFilter(django_filters.FilterSet):
    """Authorisation attempts by token, decision, reason, station and day."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    decision = django_filters.ChoiceFilter(
        method="by_decision",
        label=_("Decision"),
        choices=[("accepted", _("Accepted")), ("refused", _("Refused"))],
    )
    reason = django_filters.ChoiceFilter(
        field_name="reason_code", label=_("Reason"), choices=lambda: list(WORDS.items())
    )
    station = django_filters.CharFilter(
        field_name="station__public_id", label=_("Station (public id)")
    )
    at_from = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=day_widget
    )
    at_to = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("To"), widget=day_widget
    )

    class Meta:
        model = AuthorisationAttempt
        fields: list[str] = []

    def search(
        self, queryset: QuerySet[AuthorisationAttempt], name: str, value: str
    ) -> QuerySet[AuthorisationAttempt]:
        """Token or station."""
        condition = Q()
        for field in ("id_token", "station__name", "station__identity"):
            condition |= Q(**{f"{field}__icontains": value})
        return queryset.filter(condition)

    def by_decision(
        self, queryset: QuerySet[AuthorisationAttempt], name: str, value: str
    ) -> QuerySet[AuthorisationAttempt]:
        """Accepted, or anything else."""
        accepted = Q(decision="Accepted")
        return queryset.filter(accepted if value == "accepted" else ~accepted)
