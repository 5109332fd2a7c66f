"""The page of the energy balance: what was lost and earned, by site and month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.energy.balance import BalanceRow, summed
from billing.energy.balance_facts import SiteBalance, site_balances
from billing.energy.balance_files import produce
from billing.energy.balance_forms import BalanceForm
from billing.energy.balance_words import DOUBTS
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.charts.figures import column_chart
from core.lists.export import FORMATS, file_chunks, streamed
from core.ui import units

MOST_ROWS: Final = 300
"""Rows on a page; sums and files have all."""
PAGE: Final = "billing/energy/energy_balance.html"


@permission_required(Permission.ENERGY_VIEW)
@require_safe
def energy_balance(request: HttpRequest) -> HttpResponseBase:
    """Energy bought against delivered, revenue against cost: page, CSV or XLSX."""
    form = BalanceForm(request.GET, operator=operator_of(request))
    extension = request.GET.get("format", "")
    if not form.is_valid():
        if extension in FORMATS:
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
        return render(request, PAGE, {"form": form})
    rows = site_balances(**form.asked())
    if extension in FORMATS:
        made = produce(_("Energy balance"), rows, extension)
        return streamed(request, file_chunks(made.content), made.content_type, made.name)
    context = {"form": form, "asked": form.asked()} | shown(rows)
    context["can_edit"] = has_permission(request, Permission.ENERGY_EDIT)
    return render(request, PAGE, context)


def shown(rows: Sequence[SiteBalance]) -> dict[str, Any]:
    """What the templates of the balance need."""
    months = summed((one.row for one in rows), by_month=True)
    return {
        "rows": [(one, [DOUBTS[doubt] for doubt in one.row.doubts]) for one in rows[:MOST_ROWS]],
        "row_count": len(rows),
        "months": months,
        "totals": summed(one.row for one in rows),
        "waiting": sum(one.row.lacks_invoice for one in rows),
        "doubtful": sum(bool(one.row.doubts) for one in rows),
        "charts": _charts(months),
    }


def _charts(months: Sequence[BalanceRow]) -> list[dict[str, Any]]:
    """Energy lost and margin by month, in the currency of most months."""
    if not months:
        return []
    currencies = [row.currency for row in months]
    main = max(sorted(set(currencies)), key=currencies.count)
    of_main = [row for row in months if row.currency == main and row.month_on is not None]
    lost = [(f"{row.month_on:%Y-%m}", row.loss_kwh) for row in months if row.loss_kwh is not None]
    return [
        column_chart(
            [(month, float(loss), units.quantity(loss, "kWh")) for month, loss in lost],
            _("Energy lost"),
            shown_top=lambda top: units.quantity(top, "kWh"),
            tone="warn",
        ),
        column_chart(
            [
                (f"{row.month_on:%Y-%m}", float(row.margin), units.money(row.margin, main))
                for row in of_main
            ],
            _("Margin"),
            shown_top=lambda top: units.money(top, main),
        ),
    ]
