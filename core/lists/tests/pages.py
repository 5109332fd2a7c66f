"""A list of audit entries, as the tests of lists use it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path

from core.accounts.permissions import Permission
from core.audit.models import ActorKind, AuditEntry
from core.errors import RuleViolation
from core.lists.actions import BulkAction, BulkContext
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


APPLIED: list[tuple[str, str]] = []
"""What the bulk action was applied to, and why."""


def note(entry: AuditEntry, context: BulkContext) -> None:
    """Note the row; the reason may ask for trouble."""
    reason = context.values["reason"]
    if f"refuse {entry.object_label}" in reason:
        raise RuleViolation("no", "Not this one.")
    if f"break {entry.object_label}" in reason:
        raise ZeroDivisionError
    APPLIED.append((entry.object_label, reason))


SPEC = ListSpec(
    name="entries",
    title="Entries",
    permission=Permission.AUDIT_VIEW,
    queryset=entries,
    filterset=EntryFilter,
    table=EntryTable,
    csv=(CsvColumn("at"), CsvColumn("object_label"), CsvColumn("verb"), CsvColumn("reason")),
    empty=EmptyText("No entries yet", "Nothing has happened."),
    actions=(ListAction("Forbidden fruit", "entries", permission="no.such"),),
    bulk=(
        BulkAction(
            name="note",
            label="Take note",
            permission=Permission.AUDIT_VIEW,
            apply=note,
            consequence="Nothing can undo this.",
        ),
        BulkAction(
            name="forbidden",
            label="Forbidden",
            permission="no.such",
            apply=note,
            consequence="",
        ),
    ),
    keys=("pk",),
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
    path("", include("core.lists.urls")),
    path("accounts/", include("allauth.urls")),
]
