"""Pages that change market data: files, and rates by hand."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing.spot import services
from billing.spot.forms import CommitForm, RateForm, UploadForm
from billing.spot.models import SpotImport
from billing.spot.plans import SpotPlan, plan_of
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from core.imports.models import ImportState
from core.lists.paging import page_number

PER_PAGE: Final = 100


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def spot_import_create(request: HttpRequest) -> HttpResponse:
    """Upload a file; the next page shows what it would do."""
    data = posted(request)
    form = UploadForm(data, request.FILES if data is not None else None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        begun = attempt(
            form,
            lambda: services.begin(
                operator=operator_of(request),
                kind=form.cleaned_data["kind"],
                area=form.cleaned_data["area"],
                name=file.name or "",
                raw=file.read(),
            ),
        )
        if begun is not None:
            return redirect("spot_import_detail", public_id=begun.public_id)
    return render(request, "billing/spot/spot_import_create.html", {"form": form})


def _find(public_id: str) -> SpotImport:
    run: SpotImport = get_object_or_404(SpotImport.objects.all(), public_id=public_id)
    return run


def _need_edit(request: HttpRequest) -> None:
    if not has_permission(request, Permission.TARIFF_EDIT):
        raise PermissionDenied(_("Your role may not do this."))


@permission_required(Permission.TARIFF_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def spot_import_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a file would do; POST does all of it. Afterwards: what was done."""
    run = _find(public_id)
    if request.method == "POST":
        _need_edit(request)
    if run.state != ImportState.DRAFT:
        if request.method == "POST":
            messages.info(request, _("This file was imported or discarded before."))
            return redirect("spot_import_detail", public_id=public_id)
        return render(request, "billing/spot/spot_import_done.html", {"run": run})
    plan = plan_of(run)
    form = CommitForm(
        posted(request), initial={"shown": plan.digest}, has_changes=bool(plan.changed)
    )
    if request.method == "POST" and form.is_valid():
        values = {"replaces": False, **form.cleaned_data}
        result = attempt(form, lambda: services.commit(run=run, **values))
        if result is not None and not result.is_stale:
            messages.success(request, _("The file has been imported."))
            return redirect("spot_import_detail", public_id=public_id)
        if result is not None:
            plan = result.plan
            messages.warning(
                request,
                _("Nothing was imported: rows have changed since the preview. Look again."),
            )
            form = CommitForm(initial={"shown": plan.digest}, has_changes=bool(plan.changed))
    context = _preview(request, run, plan) | {"form": form}
    return render(request, "billing/spot/spot_import_preview.html", context)


def _preview(request: HttpRequest, run: SpotImport, plan: SpotPlan) -> dict[str, Any]:
    pages = Paginator(plan.days or [*plan.new, *(one for one, _before in plan.changed)], PER_PAGE)
    return {
        "run": run,
        "plan": plan,
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
        "may_edit": has_permission(request, Permission.TARIFF_EDIT),
        "more_problems": len(plan.problems) - len(plan.shown_problems),
    }


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def spot_import_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a draft away."""
    run = _find(public_id)
    if request.method == "POST":
        services.discard(run=run)
        messages.success(request, _("The file has been discarded; nothing was changed."))
        return redirect("spot_import_list")
    context = {
        "title": _("Discard %(file)s") % {"file": run},
        "consequence": _("What the file holds is forgotten; nothing has been changed."),
        "verb": _("Discard the file"),
        "cancel_url": "../",
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def spot_import_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it came."""
    run = _find(public_id)
    response = HttpResponse(bytes(run.original), content_type="application/octet-stream")
    plain = run.file_name.encode("ascii", "replace").decode().replace("?", "_")
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["Cache-Control"] = "no-store"
    return response


@permission_required(Permission.TARIFF_EDIT)
@require_http_methods(["GET", "POST"])
def exchange_rate_create(request: HttpRequest) -> HttpResponse:
    """Enter a rate of a day by hand."""
    form = RateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        operator = operator_of(request)
        made = attempt(form, lambda: services.set_rate(operator=operator, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The rate has been stored."))
            return redirect("exchange_rate_list")
    return render(request, "billing/spot/exchange_rate_form.html", {"form": form})
