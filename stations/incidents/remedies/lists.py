"""The list of runs of remedies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
)
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from stations.incidents.choices import FaultClass, RunState
from stations.incidents.remedies.selectors import runs
from stations.incidents.remedy_models import RemedyRun
from stations.incidents.words import ACTIONS, REASONS
from stations.sites.models import Site
from stations.sites.selectors import sites


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites of the operator and the places in scope."""
    return sites()


class RunFilter(ListFilterSet):
    """Runs by text, site, class, state, whether they were carried out, days."""

    search_fields = ("public_id", "station__name", "site__name", "incident__public_id")
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    fault_class = ChoiceFilter(label=_("Class"), choices=FaultClass.choices)
    state = ChoiceFilter(label=_("State"), choices=RunState.choices)
    is_dry = BooleanFilter(label=_("Only written down"))
    started = DateRange(field_name="started_at", label=_("Began"))

    class Meta:
        model = RemedyRun
        fields: list[str] = []


class WordColumn(TextColumn):
    """A code of remedies in words."""

    def __init__(self, label: Any, words: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.words = words

    def render(self, value: str) -> str:
        """The word, or the code that has none."""
        return str(self.words.get(value, value))


class RunTable(ListTable):
    """Runs, the latest first."""

    station = TitleColumn(
        _("Station"), detail="incident_detail", key="incident.public_id", order_by="station__name"
    )
    fault_class = TextColumn(_("Class"))
    state = TextColumn(_("State"))
    why = WordColumn(_("Why it ended"), REASONS, card_hide=True)
    helped_by = WordColumn(_("Helped"), ACTIONS)
    started_at = MomentColumn(_("Began"))
    ended_at = MomentColumn(_("Ended"))

    class Meta(ListTable.Meta):
        model = RemedyRun
        fields: tuple[str, ...] = ()


RUNS = ListSpec(
    name="remedy-runs",
    title=_("Runs of remedies"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: runs(),
    filterset=RunFilter,
    table=RunTable,
    csv=(
        CsvColumn("id", "public_id"),
        CsvColumn("incident", "incident.public_id", label=_("Incident")),
        CsvColumn("site", "site.name", label=_("Site")),
        CsvColumn("station", "station.public_id"),
        CsvColumn("evse", "evse.number", label=_("EVSE")),
        CsvColumn("fault_class"),
        CsvColumn("is_dry"),
        CsvColumn("state"),
        CsvColumn("why"),
        CsvColumn("helped_by"),
        CsvColumn("started_at"),
        CsvColumn("ended_at"),
        CsvColumn("usual_s"),
        CsvColumn("saved_s"),
    ),
    empty=EmptyText(
        _("No remedy yet"), _("A run begins when something breaks that a playbook may heal.")
    ),
    search_hint=_("Station, site or id"),
)
