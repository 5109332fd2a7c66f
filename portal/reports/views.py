"""The reports: their home, and one view each for page, print view and CSV."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.files.serving import pdf_response
from core.ui import units
from portal.reports import charts, tables
from portal.reports.connections import stations_report
from portal.reports.energy import energy_report
from portal.reports.forms import EnergyForm, PeriodForm, StationsForm, UtilisationForm, presets
from portal.reports.uptime_pdf import uptime_name, uptime_pdf
from portal.reports.utilisation import utilisation_report
from stations.uptime.forms import UptimeForm

MOST_ROWS: Final = 200
"""Rows on a page; totals and CSV have all."""


@permission_required(Permission.REPORT_VIEW)
@require_safe
def report_home(request: HttpRequest) -> HttpResponse:
    """Which reports there are."""
    return render(request, "reports/home.html")


@permission_required(Permission.REPORT_VIEW)
@require_safe
def report_energy(request: HttpRequest) -> HttpResponse:
    """Energy and sessions by day, site or station."""
    form = EnergyForm(request.GET, zone=_zone(request))
    if not form.is_valid():
        return _refused(request, form, "reports/energy.html")
    asked = {name: form.cleaned_data[name] for name in ("from_on", "to_on", "site", "by")}
    report = energy_report(**asked)
    if request.GET.get("format") == "csv":
        return tables.csv_response("energy", tables.ENERGY, report.rows)
    context = {
        "form": form,
        "report": report,
        "rows": report.rows[:MOST_ROWS] if asked["by"] != "day" else report.rows,
        "by": asked["by"],
        "chart": charts.energy_chart(report),
        "presets": presets(_zone(request)),
    }
    return _report(request, "reports/energy.html", context | asked)


@permission_required(Permission.REPORT_VIEW)
@require_safe
def report_utilisation(request: HttpRequest) -> HttpResponse:
    """Share of time occupied by hour of the week."""
    form = UtilisationForm(request.GET, zone=_zone(request))
    if not form.is_valid():
        return _refused(request, form, "reports/utilisation.html")
    asked = {name: form.cleaned_data[name] for name in ("from_on", "to_on", "site", "station")}
    report = utilisation_report(now=timezone.now(), **asked)
    if request.GET.get("format") == "csv":
        return tables.csv_response("utilisation", tables.HOURS, report.hours)
    context = {
        "form": form,
        "report": report,
        "total": units.percent(report.total.share, 1),
        "chart": charts.week_chart(report.hours),
        "days": [WEEKDAYS[day] for day in range(7)],
        "by_hour": [
            (
                f"{hour:02d}–{hour + 1:02d}",
                [units.percent(h.share, 1) for h in report.hours if h.hour == hour],
            )
            for hour in range(24)
        ],
        "presets": presets(_zone(request)),
    }
    return _report(request, "reports/utilisation.html", context | asked)


@permission_required(Permission.REPORT_VIEW)
@require_safe
def report_stations(request: HttpRequest) -> HttpResponse:
    """Stations by firmware and by how they kept their connection."""
    form = StationsForm(request.GET)
    if not form.is_valid():
        return _refused(request, form, "reports/stations.html")
    site = form.cleaned_data["site"]
    report = stations_report(now=timezone.now(), site=site)
    if request.GET.get("format") == "csv":
        return tables.csv_response("stations", tables.STATIONS, report.rows)
    context = {
        "form": form,
        "site": site,
        "report": report,
        "rows": report.rows[:MOST_ROWS],
        "parts": charts.band_parts(report),
    }
    return _report(request, "reports/stations.html", context)


def _zone(request: HttpRequest) -> str:
    return str(operator_of(request).time_zone)


def _report(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or with ``print=1`` the same for paper."""
    printed = request.GET.get("print") == "1"
    if printed:
        context["theme"] = "light"
    context |= {
        "layout": "base_print.html" if printed else "base_app.html",
        "printed": printed,
        "most_rows": MOST_ROWS,
        "now": timezone.now(),
        "schedule_url": _schedule_url(request, template),
    }
    return render(request, template, context)


def _schedule_url(request: HttpRequest, template: str) -> str:
    """Where this very report is sent on a schedule."""
    query = request.GET.copy()
    query.pop("print", None)
    item = template.partition("/")[2].removesuffix(".html")
    asked = {"source": "report", "item": item, "query": query.urlencode()}
    return f"{reverse('schedule_create')}?{urlencode(asked)}"


def _refused(request: HttpRequest, form: PeriodForm | StationsForm, template: str) -> HttpResponse:
    """The form with what is wrong with it, and no figures."""
    if request.GET.get("format") == "csv":
        reasons = "; ".join(f"{name}: {' '.join(map(str, e))}" for name, e in form.errors.items())
        return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
    return _report(request, template, {"form": form, "presets": presets(_zone(request))})


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def uptime_paper(request: HttpRequest) -> HttpResponse:
    """The uptime report as PDF in the reader's language; the same question as the page's."""
    operator = operator_of(request)
    form = UptimeForm(request.GET, operator=operator)
    if not form.is_valid():
        reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
        return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
    asked = form.asked()
    language = "sv" if (get_language() or "").startswith("sv") else "en"
    name = uptime_name(operator, asked["from_on"], asked["until_on"], asked["site"])
    return pdf_response(uptime_pdf(operator=operator, language=language, **asked), name)
