"""A list of audit entries, as the tests of lists use it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path

from core.accounts.permissions import Permission
from core.audit.models import ActorKind, AuditEntry
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    MultipleChoiceFilter,
)
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from core.lists.views import list_view


class EntryFilter(ListFilterSet):
    """Filters of every kind."""

    search_fields = ("object_label", "verb")
    actor_kind = ChoiceFilter(label="Actor", choices=ActorKind.choices)
    verb = MultipleChoiceFilter(label="Verb", choices=[("edit", "Changed"), ("close", "Closed")])
    why = BooleanFilter(label="Reason given", field_name="reason", method="has_reason")
    at = DateRange(label="Time")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def has_reason(
        self, queryset: QuerySet[AuditEntry], _name: str, value: bool
    ) -> QuerySet[AuditEntry]:
        """Entries with a reason, or without."""
        return queryset.exclude(reason="") if value else queryset.filter(reason="")


class EntryTable(ListTable):
    """Two columns."""

    object_label = TitleColumn("Object", detail="entry")
    verb = TextColumn("Verb")
    at = MomentColumn("Time")

    class Meta(ListTable.Meta):
        order_by = "-at"


def entries(_request: HttpRequest) -> QuerySet[AuditEntry]:
    """All entries of the operator in scope."""
    found: QuerySet[AuditEntry] = AuditEntry.objects.all()
    return found


SPEC = ListSpec(
    name="entries",
    title="Entries",
    permission=Permission.AUDIT_VIEW,
    queryset=entries,
    filterset=EntryFilter,
    table=EntryTable,
    csv=(CsvColumn("at"), CsvColumn("object_label"), CsvColumn("verb")),
    empty=EmptyText("No entries yet", "Nothing has happened."),
    actions=(ListAction("Forbidden fruit", "entries", permission="no.such"),),
    page_size=25,
)
CAPPED = ListSpec(
    name="capped", title="Capped", permission=Permission.AUDIT_VIEW, queryset=SPEC.queryset,
    filterset=EntryFilter, table=EntryTable, csv=SPEC.csv, empty=SPEC.empty, count_cap=30,
    page_size=25,
)  # fmt: skip

urlpatterns = [
    path("entries/", list_view(SPEC), name="entries"),
    path("entries/<int:pk>/", list_view(SPEC), name="entry"),
    path("capped/", list_view(CAPPED), name="capped"),
    path("accounts/", include("allauth.urls")),
]
