"""The list of incidents: filters, table, files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from stations.hardware.fault_words import fault_words
from stations.incidents import selectors
from stations.incidents.choices import IncidentKind, IncidentState, Resolution, Severity
from stations.incidents.models import IS_LIVE, Incident
from stations.sites.models import Site
from stations.sites.selectors import sites

STATES = [("live", _("Still going on")), ("snoozed", _("Snoozed")), *IncidentState.choices]


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


def owner_choices(_request: HttpRequest | None) -> QuerySet[User]:
    """Members who may have incidents."""
    rows = selectors.incidents().order_by().values("owner_id")
    return User.objects.filter(pk__in=rows).order_by("name", "email", "pk")


class IncidentFilter(ListFilterSet):
    """Incidents by text, site, kind, severity, state, who has them, how they ended, days."""

    search_fields = (
        "public_id",
        "summary",
        "error_code",
        "site__name",
        "station__name",
        "station__public_id",
        "evse__public_id",
    )
    state = ChoiceFilter(method="by_state", label=_("State"), choices=STATES)
    severity = ChoiceFilter(label=_("Severity"), choices=Severity.choices)
    kind = ChoiceFilter(label=_("What"), choices=IncidentKind.choices)
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    owner = ModelChoiceFilter(queryset=owner_choices, label=_("Who has it"))
    resolution = ChoiceFilter(label=_("How it ended"), choices=Resolution.choices)
    detected = DateRange(field_name="detected_at", label=_("Detected"))

    class Meta:
        model = Incident
        fields: list[str] = []

    def by_state(self, queryset: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """Live ones together, those that rest, or one state."""
        if value == "live":
            return queryset.filter(IS_LIVE)
        if value == "snoozed":
            return queryset.filter(IS_LIVE, snoozed_until_at__gt=timezone.now())
        return queryset.filter(Q(state=value))


class StateColumn(StatusColumn):
    """The state; of a live one that rests, that it does."""

    def render(self, value: object, record: Any, bound_column: Any) -> SafeString:
        """From the map of status words."""
        resting = record.is_live and record.is_snoozed
        return html.status_html("snoozed" if resting else record.state, self.kind)


class IncidentTable(ListTable):
    """Incidents, the latest first."""

    kind = TitleColumn(_("What"), detail="incident_detail", key="public_id")
    severity = StatusColumn(_("Severity"), kind="incident")
    state = StateColumn(_("State"), kind="incident")
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    station = TextColumn(_("Station"), order_by="station__name")
    evse = TextColumn(_("EVSE"), accessor="evse__number", order_by="evse__number")
    error_code = TextColumn(_("Error code"), card_hide=True)
    first_symptom_at = MomentColumn(_("Since"))
    restored_at = MomentColumn(_("Works again"))
    owner = TextColumn(_("Who has it"), order_by="owner__name")

    class Meta(ListTable.Meta):
        model = Incident
        fields: tuple[str, ...] = ()

    def render_error_code(self, value: str) -> str:
        """In words, with the code."""
        return fault_words(value)


INCIDENTS = ListSpec(
    name="incidents",
    title=_("Incidents"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: selectors.incidents(),
    filterset=IncidentFilter,
    table=IncidentTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("kind"),
        CsvColumn("severity"),
        CsvColumn("state"),
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("station", "station.name"),
        CsvColumn("station_id", "station.public_id", label=_("Station (public id)")),
        CsvColumn("evse", "evse.number"),
        CsvColumn("error_code"),
        CsvColumn("summary"),
        CsvColumn("first_symptom_at"),
        CsvColumn("detected_at"),
        CsvColumn("acknowledged_at"),
        CsvColumn("restored_at"),
        CsvColumn("resolved_at"),
        CsvColumn("resolution"),
        CsvColumn("occurrences"),
        CsvColumn("reopened"),
        CsvColumn("owner"),
    ),
    empty=EmptyText(
        _("No incident yet"),
        _("Incidents open by themselves when something is wrong, seconds after it shows."),
        "incident_create",
        _("Report an incident"),
        Permission.INCIDENT_WORK,
    ),
    search_hint=_("Station, site, error code or id"),
    actions=(
        ListAction(
            _("Rules of incidents"), "incident_rules", "adjustments", Permission.NETWORK_VIEW, False
        ),
        ListAction(_("Report an incident"), "incident_create", permission=Permission.INCIDENT_WORK),
    ),
)
