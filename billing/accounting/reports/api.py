"""REST: the reports of the books."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting.reports.forms import ReportForm
from billing.accounting.reports.registry import REPORTS
from billing.accounting.reports.report import Asked, Report, Result
from billing.accounting.reports.report_pdf import report_pdf
from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput
from core.files.serving import pdf_response
from core.lists.export import file_name


class TieSerializer(serializers.Serializer[Any]):
    """What the rows add up to, what the journal says, and the difference."""

    tied_to = serializers.CharField(source="label")
    rows = serializers.DecimalField(max_digits=20, decimal_places=4)
    journal = serializers.DecimalField(max_digits=20, decimal_places=4)
    difference = serializers.DecimalField(max_digits=20, decimal_places=4)
    currency = serializers.CharField()


class BookReportSerializer(serializers.Serializer[Any]):
    """A report: its columns, its rows in their order, and its ties to the journal."""

    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField())
    ties = TieSerializer(many=True)


_PARAMETERS: Final = [
    OpenApiParameter(name, str) for name in ("seller", "from_on", "until_on", "by")
]


def _made(request: Request, ref: str) -> tuple[Report, Asked, Result]:
    """What is asked for; 404 for no report, 422 for a parameter it does not take."""
    if ref not in REPORTS:
        raise Http404(_("There is no such report."))
    report = REPORTS[ref]
    form = ReportForm(request.query_params, operator=operator_of(request), report=report)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidInput("filter", " ".join(map(str, errors)), field=name)
    asked = form.asked()
    return report, asked, report.make(asked)


class BookReport(ScopedView):
    """One report of the books."""

    read_permission = Permission.LEDGER_VIEW

    @extend_schema(parameters=_PARAMETERS, responses=BookReportSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Without days the month before this one; without a seller the default one."""
        _report, _asked, result = _made(request, ref)
        shown = {
            "columns": [column.header for column in result.columns],
            "rows": result.file_rows(),
            "ties": result.ties,
        }
        return Response(BookReportSerializer(shown).data)


class BookReportPdf(ScopedView):
    """One report of the books on paper."""

    read_permission = Permission.LEDGER_VIEW

    @extend_schema(
        parameters=_PARAMETERS, responses={(200, "application/pdf"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, ref: str) -> HttpResponse:
        """In the caller's language; 409 for more rows than a PDF takes."""
        report, asked, result = _made(request, ref)
        name = file_name(f"books-{report.name}", "pdf")
        return pdf_response(report_pdf(report, asked, result), name)


urls = [
    address("book-reports/{ref}", BookReport, "book_report"),
    address("book-reports/{ref}/pdf", BookReportPdf, "book_report_pdf"),
]
