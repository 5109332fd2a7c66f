"""The reports of the books: their home, and one page for all of them."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.accounting.reports.files import REPORT_FORMATS, produce
from billing.accounting.reports.forms import ReportForm
from billing.accounting.reports.registry import REPORTS
from billing.accounting.reports.report import Report, Result
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.export import file_chunks, streamed

MOST_ROWS: Final = 500
"""Rows on a page; sums and files have all."""


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def book_reports(request: HttpRequest) -> HttpResponse:
    """Which reports there are."""
    return render(request, "billing/accounting/reports.html", {"reports": REPORTS.values()})


def _report_or_404(name: str) -> Report:
    if name not in REPORTS:
        raise Http404(_("There is no such report."))
    return REPORTS[name]


def _refusal(text: str) -> HttpResponse:
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")


def _shown_places(result: Result, *, everything: bool) -> list[int]:
    """Columns of the page: minor ones when all are asked for; files have all."""
    return [
        place for place, column in enumerate(result.columns) if everything or not column.is_minor
    ]


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def book_report(request: HttpRequest) -> HttpResponseBase:
    """One report: page, CSV, XLSX or PDF."""
    found = _report_or_404(request.GET.get("report") or "reconciliation")
    form = ReportForm(request.GET, operator=operator_of(request), report=found)
    extension = request.GET.get("format", "")
    context: dict[str, Any] = {"form": form, "report": found}
    if not form.is_valid():
        if extension in REPORT_FORMATS:
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return _refusal(reasons)
        return render(request, "billing/accounting/report.html", context)
    asked = form.asked()
    result = found.make(asked)
    if extension in REPORT_FORMATS:
        try:
            made = produce(found, asked, result, extension)
        except RuleViolation as refusal:
            return _refusal(str(refusal.message))
        return streamed(request, file_chunks(made.content), made.content_type, made.name)
    totals = result.totals
    places = _shown_places(result, everything=request.GET.get("columns") == "all")
    context |= {
        "result": result,
        "asked": asked,
        "columns": [result.columns[place] for place in places],
        "left_out": len(result.columns) - len(places),
        "has_minor": any(column.is_minor for column in result.columns),
        "rows": [
            [(result.columns[place], row[place]) for place in places]
            for row in result.rows[:MOST_ROWS]
        ],
        "totals": [(result.columns[place], totals[place]) for place in places],
        "row_count": len(result.rows),
        "is_summed": result.is_summed,
    }
    return render(request, "billing/accounting/report.html", context)
