"""The page of revenue: chart, table twin and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.rating.revenue import RevenueReport, revenue_report
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.charts.figures import column_chart
from core.forms import day_widget
from core.lists.export import csv_lines
from core.lists.spec import CsvColumn
from core.ui import units
from stations.sites.models import Site

DAY: Final = timedelta(days=1)
MOST_DAYS: Final = 366
MOST_ROWS: Final = 200
GROUPINGS: Final = [
    ("day", _("Day")),
    ("site", _("Site")),
    ("station", _("Station")),
    ("tariff", _("Tariff")),
    ("place_class", _("Place class")),
]
COLUMNS: Final = (
    CsvColumn("label"),
    CsvColumn("id", "ref"),
    CsvColumn("currency"),
    CsvColumn("sessions"),
    CsvColumn("energy_wh"),
    CsvColumn("net"),
    CsvColumn("tax"),
    CsvColumn("gross"),
)


class RevenueForm(forms.Form):
    """Days from and to, both included, where, and by what. Without days: the last four weeks."""

    from_on = forms.DateField(label=_("From"), widget=day_widget(), required=False)
    to_on = forms.DateField(label=_("To"), widget=day_widget(), required=False)
    site: Any = forms.ModelChoiceField(
        label=_("Site"),
        queryset=None,  # set per request, in scope
        to_field_name="public_id",
        required=False,
        empty_label=_("All sites"),
    )
    by = forms.ChoiceField(label=_("Group by"), choices=GROUPINGS, required=False)

    def __init__(self, query: Mapping[str, Any], *, zone: str) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        today: date = timezone.now().astimezone(ZoneInfo(zone)).date()
        given["from_on"] = given["from_on"] or (today - 27 * DAY).isoformat()
        given["to_on"] = given["to_on"] or today.isoformat()
        super().__init__(given)
        site: Any = self.fields["site"]
        site.queryset = Site.objects.order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is longer than a year."""
        values = super().clean() or {}
        begin, end = values.get("from_on"), values.get("to_on")
        if begin and end and end < begin:
            self.add_error("to_on", _("The period ends before it begins."))
        elif begin and end and (end - begin).days >= MOST_DAYS:
            self.add_error("to_on", _("At most %(days)d days at a time.") % {"days": MOST_DAYS})
        return values

    def clean_by(self) -> str:
        """By day unless told."""
        return str(self.cleaned_data["by"] or "day")


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    """What sessions earned, by day, site, station or tariff."""
    zone = str(operator_of(request).time_zone)
    form = RevenueForm(request.GET, zone=zone)
    if not form.is_valid():
        if request.GET.get("format") == "csv":
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
        return render(request, "billing/rating/revenue.html", {"form": form})
    asked = {name: form.cleaned_data[name] for name in ("from_on", "to_on", "site", "by")}
    report = revenue_report(**asked)
    if request.GET.get("format") == "csv":
        return _download(report)
    shown = report.rows if asked["by"] == "day" else report.rows[:MOST_ROWS]
    context = asked | {"form": form, "report": report, "rows": shown, "chart": _chart(report)}
    return render(request, "billing/rating/revenue.html", context)


def _chart(report: RevenueReport) -> dict[str, Any] | None:
    """Columns of the currency that most was earned in; others stand in the table."""
    if not report.totals:
        return None
    currency = max(report.totals, key=lambda row: row.gross).currency
    rows = [row for row in report.rows if row.currency == currency][:MOST_DAYS]
    return column_chart(
        [(row.label, float(row.net), units.money(row.net, currency)) for row in rows],
        str(_("Net")),
        shown_top=lambda top: units.money(top, currency),
    )


def _download(report: RevenueReport) -> HttpResponse:
    body = "".join(csv_lines(iter(report.rows), list(COLUMNS)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"revenue-{timezone.now():%Y-%m-%dT%H%MZ}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
