"""REST: the reports of the books."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting.reports.forms import ReportForm
from billing.accounting.reports.registry import REPORTS
from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput


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


class BookReport(ScopedView):
    """One report of the books."""

    read_permission = Permission.LEDGER_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str) for name in ("seller", "from_on", "until_on", "by")
        ],
        responses=BookReportSerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        """Without days the month before this one; without a seller the default one."""
        if ref not in REPORTS:
            raise Http404(_("There is no such report."))
        report = REPORTS[ref]
        form = ReportForm(request.query_params, operator=operator_of(request), report=report)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise InvalidInput("filter", " ".join(map(str, errors)), field=name)
        result = report.make(form.asked())
        shown = {
            "columns": [column.header for column in result.columns],
            "rows": result.rows,
            "ties": result.ties,
        }
        return Response(BookReportSerializer(shown).data)


urls = [address("book-reports/{ref}", BookReport, "book_report")]
