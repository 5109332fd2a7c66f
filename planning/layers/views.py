"""The list and the page of layers."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.files.store import load
from core.lists.paging import page_number
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from planning.layers.filters import LayerFilter
from planning.layers.kinds import WEIGHTS, LayerKind
from planning.layers.marks import layer_marks
from planning.layers.models import Layer, LayerDraft
from planning.layers.selectors import layers
from planning.layers.tables import LayerTable
from planning.layers.words import kept_warnings

PER_PAGE: Final = 50


def _drafts(request: HttpRequest) -> dict[str, Any]:
    """Files that wait to be looked at, for who may import them."""
    if not has_permission(request, Permission.PLANNING_EDIT):
        return {"drafts": []}
    return {"drafts": list(LayerDraft.objects.order_by("-created_at", "-id")[:10])}


LAYERS = ListSpec(
    name="layers",
    title=_("Layers"),
    permission=Permission.PLANNING_VIEW,
    queryset=lambda _request: layers(),
    filterset=LayerFilter,
    table=LayerTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("kind"),
        CsvColumn("row_count"),
        CsvColumn("weight_total"),
        CsvColumn("source"),
        CsvColumn("source_on"),
        CsvColumn("licence"),
        CsvColumn("origin"),
        CsvColumn("file_name"),
        CsvColumn("content_sha256"),
        CsvColumn("is_archived"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No layer yet"),
        _("Layers hold what is known of places: people, cars, traffic, stations, candidates."),
        "layer_import",
        _("Import a file"),
        Permission.PLANNING_EDIT,
    ),
    search_hint=_("Name, source or file"),
    actions=(
        ListAction(
            _("Generate candidate sites"), "layer_generate", "map-pin", Permission.PLANNING_EDIT
        ),
        ListAction(_("Import a file"), "layer_import", "upload", Permission.PLANNING_EDIT),
    ),
    template="planning/layers/layer_list.html",
    context=_drafts,
)  # fmt: skip
layer_list = list_view(LAYERS)


def find_layer_or_404(public_id: str) -> Layer:
    """One in scope."""
    layer: Layer = get_object_or_404(layers(), public_id=public_id)
    return layer


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def layer_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its places on the map and in a table, and where they come from."""
    layer = find_layer_or_404(public_id)
    pages = Paginator(layer.points.order_by("number"), PER_PAGE)
    pages.count = layer.row_count
    context = {
        "layer": layer,
        "weight_label": WEIGHTS[LayerKind(layer.kind)],
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
        "marks": layer_marks(layer),
        "warnings": kept_warnings(layer.warnings),
        "can_edit": has_permission(request, Permission.PLANNING_EDIT),
    }
    return render(request, "planning/layers/layer_detail.html", context)


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def layer_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it was imported."""
    layer = find_layer_or_404(public_id)
    content = load(layer.file) if layer.file else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    plain = layer.file_name.encode("ascii", "replace").decode().replace("?", "_")
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["Cache-Control"] = "no-store"
    return response
