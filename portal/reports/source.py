"""The reports as something that can be sent on a schedule."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.export import FORMATS, ProducedFile, csv_lines, file_name
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn
from core.schedules.source import FileItem
from portal.reports import tables
from portal.reports.connections import stations_report
from portal.reports.energy import energy_report
from portal.reports.forms import EnergyForm, StationsForm, UtilisationForm
from portal.reports.utilisation import utilisation_report


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what it is asked for, its rows, its columns and its page."""

    title: str | Promise
    url_name: str
    columns: Sequence[CsvColumn]
    form: Callable[[Mapping[str, Any], str], forms.Form]
    rows: Callable[[dict[str, Any]], Sequence[Any]]


REPORTS: Final[Mapping[str, Report]] = {
    "energy": Report(
        gettext_lazy("Energy and sessions"),
        "report_energy",
        tables.ENERGY,
        lambda query, zone: EnergyForm(query, zone=zone),
        lambda asked: energy_report(**asked).rows,
    ),
    "utilisation": Report(
        gettext_lazy("Utilisation by hour of the week"),
        "report_utilisation",
        tables.HOURS,
        lambda query, zone: UtilisationForm(query, zone=zone),
        lambda asked: utilisation_report(now=timezone.now(), **asked).hours,
    ),
    "stations": Report(
        gettext_lazy("Stations by firmware and connection"),
        "report_stations",
        tables.STATIONS,
        lambda query, _zone: StationsForm(query),
        lambda asked: stations_report(now=timezone.now(), **asked).rows,
    ),
}


class ReportSource:
    """Reports with their period and filters; without days they are about the last four weeks."""

    kind = "report"

    def items(self) -> Mapping[str, FileItem]:
        """All reports."""
        return {
            name: FileItem(name, report.title, Permission.REPORT_VIEW)
            for name, report in REPORTS.items()
        }

    def sound(self, request: HttpRequest, item: str, query: str) -> tuple[str, list[str]]:
        """Only what the report's form understands."""
        given = QueryDict(query)
        form = self._form(request, item, given)
        wrong = {name for name in given if name not in form.fields or name in form.errors}
        kept = QueryDict(mutable=True)
        for name in given:
            if name not in wrong and given[name]:
                kept[name] = given[name]
        return kept.urlencode(), sorted(wrong)

    def describe(self, request: HttpRequest, item: str) -> list[str]:
        """What is asked for, field by field."""
        form = self._form(request, item, request.GET)
        form.is_valid()
        return [
            f"{form.fields[name].label}: {form.cleaned_data.get(name)}"
            for name in form.fields
            if request.GET.get(name) and form.cleaned_data.get(name)
        ]

    def produce(self, request: HttpRequest, item: str, extension: str) -> ProducedFile:
        """All rows, as the report's CSV has them."""
        report = self._report(item)
        form = self._form(request, item, request.GET)
        if not form.is_valid():
            raise RuleViolation("filter", _("A filter is wrong; nothing was exported."))
        rows = report.rows(form.cleaned_data)
        file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - handed on
        if extension == "xlsx":
            write_sheet(file, str(report.title), iter(rows), list(report.columns))
        else:
            for line in csv_lines(iter(rows), list(report.columns)):
                file.write(line.encode())
        file.seek(0)
        name = file_name(f"report-{item}", extension)
        return ProducedFile(name, FORMATS[extension], len(rows), file)

    def address(self, item: str) -> str:
        """The report's page."""
        return reverse(self._report(item).url_name)

    def _form(self, request: HttpRequest, item: str, query: Mapping[str, Any]) -> forms.Form:
        zone = operator_of(request).time_zone
        return self._report(item).form(query, str(zone))

    def _report(self, item: str) -> Report:
        report = REPORTS.get(item)
        if report is None:
            raise RuleViolation("no_report", _("There is no such report any more."))
        return report
