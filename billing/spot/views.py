"""Pages of spot prices: a day as chart and table, and the lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from billing.spot.filters import ExchangeRateFilter, SpotImportFilter, SpotPriceFilter
from billing.spot.forms import DayForm
from billing.spot.quarters import MARKET_ZONE, QUARTER, ranges, shown
from billing.spot.selectors import (
    DayQuarter,
    SpotDay,
    exchange_rates,
    spot_day,
    spot_imports,
    spot_prices,
)
from billing.spot.tables import ExchangeRateTable, SpotImportTable, SpotPriceTable, trimmed
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.charts.figures import column_chart
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view

_IMPORT: Final = ListAction(
    gettext_lazy("Import a file"), "spot_import_create", "upload", Permission.TARIFF_EDIT
)
_DAY: Final = ListAction(gettext_lazy("By day"), "spot_day_page", "chart-line", primary=False)

PRICES = ListSpec(
    name="spot-prices",
    title=gettext_lazy("Spot prices"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: spot_prices(),
    filterset=SpotPriceFilter,
    table=SpotPriceTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "area", "starts_at", "price", "currency", "minutes", "source", "is_own", "imported_at",
        )
    ),
    empty=EmptyText(
        gettext_lazy("No spot price yet"),
        gettext_lazy("Import a file of prices, or have the installation fetch them from ENTSO-E."),
        "spot_import_create",
        gettext_lazy("Import a file"),
        Permission.TARIFF_EDIT,
    ),
    search_hint=gettext_lazy("Bidding zone or file"),
    count_cap=10_000,
    actions=(_IMPORT, _DAY),
)  # fmt: skip
spot_price_list = list_view(PRICES)

RATES = ListSpec(
    name="exchange-rates",
    title=gettext_lazy("Exchange rates"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: exchange_rates(),
    filterset=ExchangeRateFilter,
    table=ExchangeRateTable,
    csv=tuple(
        CsvColumn(name)
        for name in ("published_on", "currency", "rate", "base", "source", "is_own", "imported_at")
    ),
    empty=EmptyText(
        gettext_lazy("No exchange rate yet"),
        gettext_lazy("Spot prices are in euro: a tariff in another currency needs its rates."),
        "exchange_rate_create",
        gettext_lazy("Enter a rate"),
        Permission.TARIFF_EDIT,
    ),
    search_hint=gettext_lazy("Currency or file"),
    count_cap=10_000,
    actions=(
        ListAction(
            gettext_lazy("Enter a rate"),
            "exchange_rate_create",
            permission=Permission.TARIFF_EDIT,
            primary=False,
        ),
        _IMPORT,
    ),
)
exchange_rate_list = list_view(RATES)

IMPORTS = ListSpec(
    name="spot-imports",
    title=gettext_lazy("Files of spot prices and rates"),
    permission=Permission.TARIFF_VIEW,
    queryset=lambda _request: spot_imports(),
    filterset=SpotImportFilter,
    table=SpotImportTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "public_id", "file_name", "kind", "area", "source", "form", "state", "created_count",
            "changed_count", "user_label", "reason", "sha256", "created_at", "done_at",
        )
    ),
    empty=EmptyText(
        gettext_lazy("No file yet"),
        gettext_lazy("Prices and rates that came from files are listed here with their files."),
        "spot_import_create",
        gettext_lazy("Import a file"),
        Permission.TARIFF_EDIT,
    ),
    search_hint=gettext_lazy("File, person or reason"),
    actions=(_IMPORT,),
)  # fmt: skip
spot_import_list = list_view(IMPORTS)


@permission_required(Permission.TARIFF_VIEW)
@require_safe
def spot_day_page(request: HttpRequest) -> HttpResponse:
    """The prices of a day in a zone; without one, the newest day that is stored."""
    operator_id: int = operator_of(request).pk
    form = DayForm(request.GET, operator_id=operator_id)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        found = spot_day(operator_id=operator_id, **form.cleaned_data)
        context |= _shown(found)
    return render(request, "billing/spot/spot_day.html", context)


def _shown(found: SpotDay) -> dict[str, Any]:
    now = timezone.now()
    rows = [
        {
            "time": _clock(quarter, found),
            "price": None if quarter.price is None else trimmed(quarter.price),
            "source": quarter.source,
            "is_own": quarter.is_own,
            "is_now": quarter.starts_at <= now < quarter.starts_at + QUARTER,
        }
        for quarter in found.quarters
    ]
    return {
        "found": found,
        "rows": rows,
        "chart": _chart(found),
        "gaps": [shown(*gap) for gap in ranges(found.missing)],
        "tiles": [
            None if value is None else trimmed(value)
            for value in (
                found.low,
                None if found.mean is None else round(found.mean, 2),
                found.high,
            )
        ],
        "before": found.day - timedelta(days=1),
        "after": found.day + timedelta(days=1),
        "length": len(found.quarters),
    }


def _clock(quarter: DayQuarter, found: SpotDay) -> str:
    """The time of a quarter; with its zone on the days when clocks change."""
    local = quarter.starts_at.astimezone(MARKET_ZONE)
    return f"{local:%H:%M}" if len(found.quarters) == 96 else f"{local:%H:%M %Z}"


def _chart(found: SpotDay) -> dict[str, Any]:
    values = [
        (
            _clock(quarter, found),
            0.0 if quarter.price is None else float(quarter.price),
            "–" if quarter.price is None else f"{trimmed(quarter.price)} EUR/MWh",
        )
        for quarter in found.quarters
    ]
    label = _("Spot price in %(area)s on %(day)s, EUR/MWh") % {
        "area": found.area, "day": found.day.isoformat(),
    }  # fmt: skip
    return column_chart(values, label, shown_top=lambda value: f"{value:g} EUR/MWh")
