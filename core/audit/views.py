"""The audit trail: list and one entry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.audit.filters import AuditFilter
from core.audit.models import AuditEntry
from core.audit.page import changes
from core.audit.tables import AuditTable
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view

AUDIT = ListSpec(
    name="audit",
    title=_("Audit trail"),
    permission=Permission.AUDIT_VIEW,
    queryset=lambda _request: AuditEntry.objects.order_by("-at", "-id"),
    filterset=AuditFilter,
    table=AuditTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "at",
            "actor_kind",
            "actor_label",
            "verb",
            "object_type",
            "object_id",
            "object_label",
            "before",
            "after",
            "reason",
            "request_id",
            "source_ip",
        )
    ),
    empty=EmptyText(_("Nothing has been changed yet"), _("Every change is kept here for ever.")),
    search_hint=_("Person, object or reason"),
    count_cap=10_000,
)

audit_list = list_view(AUDIT)


@permission_required(Permission.AUDIT_VIEW)
@require_safe
def audit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who, what, when, why, and each field before and after."""
    entry = get_object_or_404(AuditEntry.objects.all(), pk=pk)
    context = {"entry": entry, "changes": changes(entry)}
    return render(request, "core/audit/audit_detail.html", context)
