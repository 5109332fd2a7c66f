"""Pages of uptime: the report, one EVSE, outages with what tells of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.charts.figures import column_chart, heat_map
from core.forms import attempt, posted
from core.lists.export import FORMATS, file_chunks, streamed
from core.lists.views import list_view
from stations.hardware.models import Evse
from stations.uptime import selectors, services
from stations.uptime.evidence import evidence_of
from stations.uptime.files import produce
from stations.uptime.forms import BY, CorrectForm, UptimeForm, month_of_page
from stations.uptime.lists import OUTAGES
from stations.uptime.models import UptimeDay
from stations.uptime.summary import uk_of
from stations.uptime.words import duration

MOST_ROWS: Final = 300
"""Rows on a page; sums and files have all."""
outage_list = list_view(OUTAGES)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def uptime_report(request: HttpRequest) -> HttpResponseBase:
    """Uptime by month, site, station, EVSE, model or firmware: page, CSV or XLSX."""
    form = UptimeForm(request.GET, operator=operator_of(request))
    extension = request.GET.get("format", "")
    if not form.is_valid():
        if extension in FORMATS:
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
        return render(request, "stations/uptime/report.html", {"form": form})
    asked = form.asked()
    report = selectors.uptime_report(**asked)
    if extension in FORMATS:
        made = produce(_("Uptime"), report.rows, extension)
        return streamed(request, file_chunks(made.content), made.content_type, made.name)
    context = {
        "form": form,
        "asked": asked,
        "report": report,
        "rows": [(row, _row_url(asked["by"], row.key)) for row in report.rows[:MOST_ROWS]],
        "chart": _months_chart(report.months),
        "by_name": dict(BY)[asked["by"]],
    }
    return render(request, "stations/uptime/report.html", context)


def _row_url(by: str, key: tuple[Any, ...]) -> str:
    if by == "evse":
        return reverse("evse_uptime", args=[key[0], key[2]])
    names = {"site": "site_detail", "station": "station_detail"}
    return reverse(names[by], args=[key[0]]) if by in names else ""


def _months_chart(months: Any) -> dict[str, Any]:
    """Minutes down by month, since percentages near 100 tell little."""
    return column_chart(
        [(row.label, row.sums.down / 3_600_000, duration(row.sums.down)) for row in months],
        _("Time down by month"),
        shown_top=lambda top: f"{top:.0f} h",
        tone="bad",
    )


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def evse_uptime(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Twelve months of one EVSE: a strip for each month, the formulas side by side, outages."""
    evse: Evse = get_object_or_404(
        Evse.objects.select_related("station__site"), station__public_id=public_id, number=number
    )
    first, until = month_of_page(request.GET.get("month", ""), operator_of(request))
    rows = selectors.evse_days(evse, first, until)
    sums = selectors.evse_sums(rows)
    context = {
        "evse": evse,
        "station": evse.station,
        "first": first,
        "until": until,
        "sums": sums,
        "nevi": sums.nevi(),
        "uk": uk_of([sums]),
        "energy": selectors.energy_weighted_of(evse, first, until),
        "strips": _strips(rows),
        "outages": selectors.outages_of(evse, first, until)[:MOST_ROWS],
        "conventions": selectors.conventions_shown(evse),
    }
    return render(request, "stations/uptime/evse.html", context)


def _strips(rows: list[UptimeDay]) -> dict[str, Any]:
    """A row a month, a cell a day: the share of the known time that was down."""
    months: dict[date, list[tuple[str, float | None, str]]] = {}
    for row in rows:
        known = row.service_ms - row.unknown_ms
        share = row.down_ms / known if known else None
        text = _("nothing known") if share is None else duration(row.down_ms)
        cells = months.setdefault(row.day_on.replace(day=1), [])
        while len(cells) < row.day_on.day - 1:
            cells.append(("–", None, _("not in service")))
        cells.append((f"{row.day_on:%d}", share, text))
    blank: tuple[str, float | None, str] = ("–", None, "")
    full = {
        month: [*cells, *[blank] * (31 - len(cells))] for month, cells in sorted(months.items())
    }
    return heat_map(
        [(f"{month:%Y-%m}", full[month]) for month in reversed(full)],
        _("Time down by day"),
        top=1.0,
        shades=5,
        ticks=["1", "8", "15", "22", "31"],
    )


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def outage_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One outage and the rows of the journals behind it."""
    outage = selectors.outage_or_404(public_id)
    context = {
        "outage": outage,
        "evidence": evidence_of(outage),
        "statements": selectors.causes_touching(outage),
        "can_edit": has_permission(request, Permission.UPTIME_EDIT),
    }
    return render(request, "stations/uptime/outage_detail.html", context)


@permission_required(Permission.UPTIME_EDIT)
@require_http_methods(["GET", "POST"])
def outage_correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """State another cause for one outage; it counts once it is approved."""
    outage = selectors.outage_or_404(public_id)
    form = CorrectForm(posted(request), initial={"cause": outage.cause})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(form, lambda: services.correct_cause(outage=outage, **values))
        if made is not None:
            messages.success(request, _("The cause has been stated; it counts once approved."))
            return redirect("cause_detail", public_id=made.public_id)
    context = {
        "title": _("Another cause for the outage of %(name)s") % {"name": outage.station},
        "consequence": _("The facts stay as they are; the cause counts once it is approved."),
        "verb": _("State the cause"),
        "form": form,
        "cancel_url": reverse("outage_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
