"""Importing a file step by step; changing, putting away and deleting a layer."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.paging import page_number
from core.stale import StaleCheck
from core.undo import tell_done
from planning.layers import drafts, services
from planning.layers.forms import ArchiveForm, CommitForm, LayerForm, MappingForm, UploadForm
from planning.layers.kinds import WEIGHTS, LayerKind
from planning.layers.marks import marks_of
from planning.layers.models import LayerDraft
from planning.layers.plan import LayerPlan
from planning.layers.systems import name_of
from planning.layers.views import find_layer_or_404
from planning.layers.words import oddity, told

PER_PAGE: Final = 25


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_import(request: HttpRequest) -> HttpResponse:
    """Upload a file; the next page shows how it is read."""
    data = posted(request)
    form = UploadForm(
        data, request.FILES if data is not None else None,
        initial={"kind": request.GET.get("kind", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        draft = attempt(
            form,
            lambda: drafts.begin(
                operator=operator_of(request),
                kind=form.cleaned_data["kind"],
                name=file.name or "",
                raw=file.read(),
            ),
        )
        if draft is not None:
            return redirect("layer_mapping", public_id=draft.public_id)
    return render(request, "planning/layers/layer_import.html", {"form": form})


def _find(public_id: str) -> LayerDraft:
    draft: LayerDraft = get_object_or_404(LayerDraft.objects.all(), public_id=public_id)
    return draft


@permission_required(Permission.PLANNING_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def layer_mapping(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which column holds what; the first rows show what is in them."""
    draft = _find(public_id)
    table = drafts.table_of(draft)
    form = MappingForm(
        posted(request), table=table, kind=draft.kind, mapping=drafts.mapping_of(draft)
    )
    if request.method == "POST" and form.is_valid():
        kind, chosen = form.cleaned_data["kind"], form.cleaned_data.get("table", "")
        is_same = kind == draft.kind and chosen in ("", draft.table)
        if attempted(
            form,
            lambda: drafts.set_mapping(
                draft=draft, kind=kind, mapping=form.mapping(), table=chosen
            ),
        ):
            page = "layer_preview" if is_same else "layer_mapping"
            return redirect(page, public_id=public_id)
    context = {"draft": draft, "table": table, "form": form, "sample": _sample(table)}
    return render(request, "planning/layers/layer_mapping.html", context)


def _sample(table: Any) -> list[tuple[str, list[Any]]]:
    """Each column with its first cells."""
    rows = table.rows[:3]
    return [(name, [row.cells.get(name, "") for row in rows]) for name in table.columns[:60]]


@permission_required(Permission.PLANNING_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def layer_preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """What would be kept, on the map and in a table, and all that is wrong; POST keeps it."""
    draft = _find(public_id)
    plan = drafts.plan_of_draft(draft)
    digest = plan.digest(draft.kind)
    form = CommitForm(
        posted(request), initial={"shown": digest, "name": draft.file_name.rsplit(".", 1)[0]}
    )
    if request.method == "POST" and form.is_valid():
        result = attempt(form, lambda: drafts.commit(draft=draft, **form.cleaned_data))
        if result is not None and result.layer is not None:
            messages.success(request, _("The layer has been added."))
            return redirect("layer_detail", public_id=result.layer.public_id)
        if result is not None:
            messages.warning(
                request, _("Nothing was kept: the file is read differently now. Look again.")
            )
            form = CommitForm(initial={**form.cleaned_data, "shown": digest})
    context = _preview(request, draft, plan) | {"form": form}
    return render(request, "planning/layers/layer_preview.html", context)


def _preview(request: HttpRequest, draft: LayerDraft, plan: LayerPlan) -> dict[str, Any]:
    pages = Paginator(list(zip(plan.numbers, plan.spots, strict=True)), PER_PAGE)
    return {
        "draft": draft,
        "plan": plan,
        "system": f"{name_of(plan.epsg)} (EPSG:{plan.epsg})",
        "weight_label": WEIGHTS[LayerKind(draft.kind)],
        "problems": [told(one) for one in plan.problems],
        "more_problems": plan.problem_count - len(plan.problems),
        "warnings": [oddity(one) for one in plan.warnings],
        "marks": marks_of(plan.spots),
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
    }


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a draft away."""
    draft = _find(public_id)
    if request.method == "POST":
        drafts.discard(draft=draft)
        messages.success(request, _("The file has been discarded; nothing was changed."))
        return redirect("layer_list")
    context = {
        "title": _("Discard %(file)s") % {"file": draft},
        "consequence": _("What the file holds is forgotten; nothing has been changed."),
        "verb": _("Discard the file"),
        "cancel_url": "../",
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what a layer is called and said to be."""
    layer, again = find_layer_or_404(public_id), find_layer_or_404(public_id)
    form = LayerForm(posted(request), instance=again)
    check = StaleCheck(request, form, [layer])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and attempted(
            form, lambda: services.change_layer(layer=layer, **changes)
        ):
            messages.success(request, _("The layer has been changed."))
            return redirect("layer_detail", public_id=public_id)
    context = {"form": form, "layer": layer} | check.context()
    return render(request, "planning/layers/layer_form.html", context)


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_archive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a layer away, or take it out again; what is posted says which, so that a second post
    (another tab, an undo that comes late) changes nothing."""
    layer = find_layer_or_404(public_id)
    is_away = not layer.is_archived
    form = ArchiveForm(posted(request), initial={"is_archived": "1" if is_away else "0"})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["is_archived"]
        if attempted(form, lambda: services.archive_layer(layer=layer, **form.cleaned_data)):
            tell_done(
                request,
                _("The layer has been put away.")
                if wanted
                else _("The layer can be chosen again."),
                undo=request.path,
                values={"reason": _("Undone"), "is_archived": "0" if wanted else "1"},
            )
            return redirect("../")
    title = _("Put %(layer)s away") if is_away else _("Take %(layer)s out again")
    context = {
        "form": form,
        "cancel_url": "../",
        "title": title % {"layer": layer},
        "consequence": _(
            "It can no longer be chosen for new work; what has read it stays as it is."
        )
        if is_away
        else _("It can be chosen again."),
        "verb": _("Put away") if is_away else _("Take out again"),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.PLANNING_EDIT)
@require_http_methods(["GET", "POST"])
def layer_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a layer that nothing has read."""
    layer = find_layer_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.delete_layer(layer=layer, reason=reason)):
            messages.success(request, _("The layer has been deleted."))
            return redirect("layer_list")
    context = {
        "form": form,
        "cancel_url": "../",
        "title": _("Delete %(layer)s") % {"layer": layer},
        "consequence": _("The layer, its places and its file are gone for good."),
        "verb": _("Delete"),
    }
    return render(request, "confirm.html", context)
