"""The months of a site as CSV and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounting.reports.columns import money
from billing.accounting.reports.report import Asked, Column, Report, Result, Row
from billing.accounting.reports.report_pdf import report_pdf
from billing.energy.balance import BalanceRow
from billing.sellers.selectors import default_seller
from core.errors import RuleViolation
from core.lists.export import csv_lines, file_name
from core.lists.spec import CsvColumn
from core.months import last_day
from portal.hosts.overview import Month
from stations.sites.models import Site

_COUNTS: Final = (
    CsvColumn("month"),
    CsvColumn("sessions"),
    CsvColumn("delivered_kwh"),
)
_COSTS: Final = (
    CsvColumn("currency"),
    CsvColumn("bought_kwh"),
    CsvColumn("revenue_net"),
    CsvColumn("cost_net"),
    CsvColumn("margin_net"),
)
_REPORT: Final = Report(
    "host-months",
    gettext_lazy("Energy and sessions by month"),
    gettext_lazy("Sessions by the month they ended, in the zone of the site."),
    lambda _asked: Result([], []),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A month of a site in one currency; without costs there is none."""

    month: str
    sessions: int | None
    delivered_kwh: Decimal | None
    currency: str = ""
    bought_kwh: Decimal | None = None
    revenue_net: Decimal | None = None
    cost_net: Decimal | None = None
    margin_net: Decimal | None = None


def lines_of(months: Sequence[Month], costs: Sequence[BalanceRow]) -> list[Line]:
    """Each month, with each currency of its costs; counts stand in the first of a month."""
    found: list[Line] = []
    for month in months:
        of_month = [one for one in costs if one.month_on == month.month_on]
        name = f"{month.month_on:%Y-%m}"
        if not of_month:
            found.append(Line(name, month.sessions, month.energy_kwh))
        for place, one in enumerate(of_month):
            first = place == 0
            found.append(
                Line(
                    name,
                    month.sessions if first else None,
                    month.energy_kwh if first else None,
                    one.currency,
                    one.bought_kwh,
                    one.revenue,
                    one.cost,
                    one.margin,
                )
            )
    return found


def months_csv(site: Site, months: Sequence[Month], costs: Sequence[BalanceRow]) -> HttpResponse:
    """All months; columns of costs only where there are any."""
    columns = [*_COUNTS, *(_COSTS if costs else ())]
    body = "".join(csv_lines(iter(lines_of(months, costs)), columns))
    return download(body.encode(), "text/csv; charset=utf-8", f"months-{site.public_id}", "csv")


def months_pdf(site: Site, months: Sequence[Month], costs: Sequence[BalanceRow]) -> HttpResponse:
    """The same on paper, with the operator's name and sums."""
    seller = default_seller()
    if seller is None:
        raise RuleViolation("no_seller", _("The operator has no default seller yet."))
    columns = [
        Column("Month", _("Month")),
        Column("Sessions", _("Sessions"), is_number=True),
        money("Delivered", _("Delivered (kWh)")),
    ]
    if costs:
        columns += [
            Column("Currency", _("Currency"), is_currency=True),
            money("Revenue", _("Net revenue")),
            money("Cost", _("Cost")),
            money("Margin", _("Margin")),
        ]
    rows: list[Row] = [_row(one, has_costs=bool(costs)) for one in lines_of(months, costs)]
    asked = Asked(seller, months[0].month_on, last_day(months[-1].month_on))
    titled = Report(_REPORT.name, f"{_REPORT.title}: {site.name}", _REPORT.about, _REPORT.make)
    made = report_pdf(titled, asked, Result(columns, rows))
    return download(made, "application/pdf", f"months-{site.public_id}", "pdf")


def _row(line: Line, *, has_costs: bool) -> Row:
    counts: Row = (line.month, line.sessions, line.delivered_kwh)
    money_of = (line.currency, line.revenue_net, line.cost_net, line.margin_net)
    return (*counts, *money_of) if has_costs else counts


def download(body: bytes, kind: str, name: str, extension: str) -> HttpResponse:
    """A file to keep; its name tells when it was made."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, extension)}"'
    response["Cache-Control"] = "no-store"
    return response
