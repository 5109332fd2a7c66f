"""The lists of tariffs and assignments, the page of one tariff, its JSON."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.tariffs.documents import parsed
from billing.tariffs.filters import AssignmentFilter, TariffFilter
from billing.tariffs.model import dump_tariff
from billing.tariffs.models import TariffVersion
from billing.tariffs.page import newest_of, rights, tariff_or_404
from billing.tariffs.selectors import assignments, shown_versions, tariff_rows
from billing.tariffs.shown import shown_for
from billing.tariffs.tables import AssignmentTable, TariffTable, place_text
from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view

TARIFFS = ListSpec(
    name="tariffs",
    title=_("Tariffs"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: tariff_rows(timezone.now()),
    filterset=TariffFilter,
    table=TariffTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("status", "shown_status"),
        CsvColumn("version", "version_number"),
        CsvColumn("changes_at"),
        CsvColumn("has_draft"),
        CsvColumn("assignments", "place_count"),
        CsvColumn("currency"),
        CsvColumn("is_tax_included"),
        CsvColumn("note"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No tariff yet"),
        _("A tariff says what charging costs. Begin with one of six templates."),
        "tariff_create",
        _("Create a tariff"),
        Permission.TARIFF_EDIT,
    ),
    search_hint=_("Name or note"),
    actions=(
        ListAction(_("New tariff"), "tariff_create", permission=Permission.TARIFF_EDIT),
        ListAction(
            _("Assignments"), "tariff_assignment_list", "map-pin", Permission.TARIFF_VIEW, False
        ),
    ),
)

ASSIGNMENTS = ListSpec(
    name="tariff-assignments",
    title=_("Tariff assignments"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: assignments(timezone.now()),
    filterset=AssignmentFilter,
    table=AssignmentTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("tariff", "tariff.name"),
        CsvColumn("tariff_id", "tariff.public_id"),
        CsvColumn("status", "shown_status"),
        CsvColumn("place", place_text),
        CsvColumn("site", "site.public_id"),
        CsvColumn("station", "station.public_id"),
        CsvColumn("evse", "evse.public_id"),
        CsvColumn("connector_type"),
        CsvColumn("price_group", "price_group.name"),
        CsvColumn("valid_from_at"),
        CsvColumn("valid_to_at"),
    ),
    empty=EmptyText(
        _("No tariff is assigned"),
        _("Open a tariff and say where it holds: the whole network, a site, a station or an EVSE."),
        "tariff_list",
        _("Tariffs"),
        Permission.TARIFF_VIEW,
    ),
    search_hint=_("Tariff, place or price group"),
)

tariff_list = list_view(TARIFFS)
tariff_assignment_list = list_view(ASSIGNMENTS)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def tariff_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A tariff: its price in words, its versions and what they changed, and where it holds."""
    tariff = tariff_or_404(public_id)
    versions = shown_versions(tariff, timezone.now())
    current = next((one for one in versions if one.status == "in_force"), None)
    read = current or (versions[0] if versions else None)
    context = {
        "tariff": tariff,
        "versions": versions,
        "draft": next((one for one in versions if one.status == "draft"), None),
        "read": read,
        "shown": shown_for(request, parsed(read.version.document)) if read else None,
        "assignments": assignments(timezone.now()).filter(tariff=tariff)[:50],
        **rights(request),
    }
    return render(request, "billing/tariffs/tariff_detail.html", context)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def tariff_version(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """One version: what it says, and what it changed."""
    tariff = tariff_or_404(public_id)
    found = [o for o in shown_versions(tariff, timezone.now()) if o.version.number == version]
    if not found:
        raise Http404
    context = {
        "tariff": tariff,
        "one": found[0],
        "shown": shown_for(request, parsed(found[0].version.document)),
        **rights(request),
    }
    return render(request, "billing/tariffs/tariff_version.html", context)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def tariff_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """The tariff as OCPI JSON: ``?number=`` a version, ``?ocpi=2.2.1`` the older form, without
    ``?extras=1`` what OCPI has words for alone."""
    tariff = tariff_or_404(public_id)
    number = request.GET.get("number", "")
    row: TariffVersion | None = (
        get_object_or_404(tariff.versions, number=int(number[:9]))
        if number.isdigit()
        else newest_of(tariff)
    )
    if row is None:
        raise Http404
    old = request.GET.get("ocpi") == "2.2.1"
    document = dump_tariff(
        parsed(row.document),
        "2.2.1" if old else "2.3.0",
        extras=request.GET.get("extras") == "1",
    )
    text = json.dumps(document, indent=2, ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"tariff-{tariff.public_id}-v{row.number}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
