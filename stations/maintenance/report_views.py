"""Pages between orders, incidents and agreements: one click from an incident, the report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.export import FORMATS, file_chunks, streamed
from core.lists.views import list_view
from core.months import last_day
from stations.incidents.selectors import incidents
from stations.maintenance import report
from stations.maintenance.from_incident import order_of_incident
from stations.maintenance.letter_lists import LETTERS

letter_list = list_view(LETTERS)


@permission_required(Permission.ORDER_EDIT)
@require_POST
def incident_order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the order of an incident, or go to the open one that it has."""
    incident = get_object_or_404(incidents(), public_id=public_id)
    try:
        order = order_of_incident(incident=incident)
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
        return redirect("incident_detail", public_id=public_id)
    messages.success(request, _("The work order has been made."))
    return redirect("order_detail", public_id=order.public_id)


@permission_required(Permission.ORDER_VIEW)
@require_safe
def order_report(request: HttpRequest) -> HttpResponseBase:
    """How agreements were kept, by month and partner: page, CSV or XLSX."""
    form = report.KeptForm(request.GET, operator=operator_of(request))
    extension = request.GET.get("format", "")
    if not form.is_valid():
        if extension in FORMATS:
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
        return render(request, "stations/maintenance/report.html", {"form": form})
    rows = report.kept_report(operator_of(request), **form.cleaned_data)
    if extension in FORMATS:
        made = report.produce(_("Agreements kept"), rows, extension)
        return streamed(request, file_chunks(made.content), made.content_type, made.name)
    shown = [(row, last_day(row.month), report.reason_words(row)) for row in rows]
    context = {"form": form, "rows": shown}
    return render(request, "stations/maintenance/report.html", context)
