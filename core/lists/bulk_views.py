"""The pages of a bulk action: what is affected and why, then what came of each row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.middleware import has_permission
from core.forms import posted
from core.lists import bulk, registry
from core.lists.actions import BulkAction
from core.lists.models import BulkOutcome, BulkRun, BulkState
from core.lists.paging import page_number
from core.lists.spec import ListSpec

PER_PAGE = 100


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def bulk_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a bulk action of one's own, and then see its result row by row."""
    run, spec, action = _find(request, public_id)
    if run.state != BulkState.DRAFT:
        if request.method == "POST":
            messages.info(request, _("This was confirmed before; it is not done again."))
            return redirect("bulk_run", public_id=public_id)
        return render(request, "core/lists/bulk_result.html", _result(request, run, spec, action))
    form = action.form(request, posted(request))
    if request.method == "POST" and form.is_valid():
        if not bulk.confirm(run=run, action=action, data=request.POST, request=request):
            messages.info(request, _("This was confirmed before; it is not done again."))
        return redirect("bulk_run", public_id=public_id)
    context = _context(request, run, spec, action) | {"form": form}
    return render(request, "core/lists/bulk_confirm.html", context)


def _find(request: HttpRequest, public_id: str) -> tuple[BulkRun, ListSpec, BulkAction]:
    if getattr(request, "operator", None) is None:
        raise Http404
    run = get_object_or_404(BulkRun.objects.filter(user=request.user.pk), public_id=public_id)
    spec = registry.find(run.list_name)
    action = spec.bulk_action(run.action) if spec else None
    if spec is None or action is None or not has_permission(request, action.permission):
        raise Http404
    return run, spec, action


def _context(
    request: HttpRequest, run: BulkRun, spec: ListSpec, action: BulkAction
) -> dict[str, Any]:
    rows = run.rows.order_by("position")
    if outcome := request.GET.get("outcome"):
        rows = rows.filter(outcome=outcome)
    pages = Paginator(rows, PER_PAGE)
    back = registry.address_of(spec)
    return {
        "run": run,
        "spec": spec,
        "action": action,
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
        "back_url": f"{back}?{run.query}" if run.query else back,
    }


def _result(
    request: HttpRequest, run: BulkRun, spec: ListSpec, action: BulkAction
) -> dict[str, Any]:
    outcomes = list(run.rows.order_by().values_list("outcome", flat=True))
    counts = [(value, label, outcomes.count(value)) for value, label in BulkOutcome.choices]
    return _context(request, run, spec, action) | {
        "counts": [one for one in counts if one[2]],
        "outcome": request.GET.get("outcome", ""),
        "finished": sum(n for value, _label, n in counts if value != BulkOutcome.WAITING),
        "is_finished": run.state == BulkState.FINISHED,
    }
