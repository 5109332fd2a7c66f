"""The reports of the books as something that can be sent on a schedule."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.accounting.reports.files import produce
from billing.accounting.reports.forms import ReportForm
from billing.accounting.reports.registry import REPORTS
from billing.accounting.reports.report import Report
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.export import ProducedFile
from core.schedules.source import FileItem


class BookReportSource:
    """Reports of the books; without days they are about the month before."""

    kind = "book_report"

    def items(self) -> Mapping[str, FileItem]:
        """All reports."""
        return {
            name: FileItem(name, report.title, Permission.LEDGER_VIEW)
            for name, report in REPORTS.items()
        }

    def sound(self, request: HttpRequest, item: str, query: str) -> tuple[str, list[str]]:
        """Only what the report's form understands."""
        given = QueryDict(query)
        form = self._form(request, item, given)
        form.is_valid()
        wrong = {name for name in given if name not in form.fields or name in form.errors}
        wrong.discard("report")
        kept = QueryDict(mutable=True)
        kept["report"] = item
        for name in given:
            if name not in wrong and name != "report" and given[name]:
                kept[name] = given[name]
        return kept.urlencode(), sorted(wrong)

    def describe(self, request: HttpRequest, item: str) -> list[str]:
        """What is asked for, field by field."""
        form = self._form(request, item, request.GET)
        form.is_valid()
        return [
            f"{form.fields[name].label}: {form.cleaned_data[name]}"
            for name in form.fields
            if request.GET.get(name) and form.cleaned_data.get(name)
        ]

    def produce(self, request: HttpRequest, item: str, extension: str) -> ProducedFile:
        """All rows."""
        report = self._report(item)
        form = self._form(request, item, request.GET)
        if not form.is_valid():
            raise RuleViolation("filter", _("A filter is wrong; nothing was exported."))
        asked = form.asked()
        return produce(report, asked, report.make(asked), extension)

    def address(self, item: str) -> str:
        """The report's page."""
        return reverse("book_report")

    def _form(self, request: HttpRequest, item: str, query: QueryDict) -> ReportForm:
        return ReportForm(query, operator=operator_of(request), report=self._report(item))

    def _report(self, item: str) -> Report:
        report = REPORTS.get(item)
        if report is None:
            raise RuleViolation("no_report", _("There is no such report any more."))
        return report
