"""The list of studies: filters, table, files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn
from core.ui import units
from planning.studies import selectors
from planning.studies.choices import Objective, StudyState
from planning.studies.models import Study


class StudyFilter(ListFilterSet):
    """Studies by text, state, objective, and when they were asked."""

    search_fields = ("public_id", "name", "created_by")
    state = ChoiceFilter(label=_("State"), choices=StudyState.choices)
    objective = ChoiceFilter(label=_("Objective"), choices=Objective.choices)
    asked = DateRange(field_name="created_at", label=_("Asked"))

    class Meta:
        model = Study
        fields: list[str] = []


class StudyTable(ListTable):
    """Studies, the latest first."""

    name = TitleColumn(_("Study"), detail="study_detail", key="public_id")
    version = TextColumn(_("Version"), end=True)
    state = StatusColumn(_("State"), kind="study")
    objective = TextColumn(_("Objective"))
    gap = TextColumn(_("Gap"), end=True)
    created_by = TextColumn(_("Asked by"), card_hide=True)
    created_at = MomentColumn(_("Asked"))

    class Meta(ListTable.Meta):
        model = Study
        fields: tuple[str, ...] = ()
        order_by = "-created_at"

    def render_gap(self, value: Any) -> str:
        """As percent."""
        return units.percent(value, 2)


STUDIES = ListSpec(
    name="studies",
    title=_("Studies"),
    permission=Permission.PLANNING_VIEW,
    queryset=lambda _request: selectors.studies(),
    filterset=StudyFilter,
    table=StudyTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("version"),
        CsvColumn("state"),
        CsvColumn("objective"),
        CsvColumn("objective_value"),
        CsvColumn("bound"),
        CsvColumn("gap"),
        CsvColumn("seed"),
        CsvColumn("input_sha256"),
        CsvColumn("created_by"),
        CsvColumn("created_at"),
        CsvColumn("finished_at"),
    ),
    empty=EmptyText(
        _("No study yet"),
        _("A study says where the next sites reach most demand, and why."),
        "study_create",
        _("Ask where to build"),
        Permission.PLANNING_EDIT,
    ),
    search_hint=_("Name, id or who asked"),
    actions=(ListAction(_("New study"), "study_create", permission=Permission.PLANNING_EDIT),),
)
