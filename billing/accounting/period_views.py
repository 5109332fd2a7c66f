"""The accountant's home, and the months of the books."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounting.accruals import from_json
from billing.accounting.checklist import left_open
from billing.accounting.filters import PeriodFilter
from billing.accounting.models import Period, PeriodState
from billing.accounting.month import month_of
from billing.accounting.period_services import close_period, reopen_period
from billing.accounting.selectors import changes_of, periods, sellers
from billing.accounting.tables import PeriodTable
from billing.accounts.dated import operator_day
from billing.sellers.models import Seller
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from core.months import last_day, month_before

MOST_SHOWN = 200

PERIODS = ListSpec(
    name="periods",
    title=_("Months of the books"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: periods(),
    filterset=PeriodFilter,
    table=PeriodTable,
    csv=(
        CsvColumn("begins_on"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("state"),
        CsvColumn("closed_at"),
        CsvColumn("closed_by_label"),
    ),
    empty=EmptyText(
        _("No month has been closed yet"),
        _("The books' first page shows what is open of the month, and closes it."),
        "books_home",
        _("To close the month"),
        Permission.LEDGER_VIEW,
    ),
)

period_list = list_view(PERIODS)


def chosen_seller(request: HttpRequest) -> Seller | None:
    """The seller of the query, or the first; Http404 for one that there is not."""
    ref = request.GET.get("seller", "").replace("\x00", "")
    rows: QuerySet[Seller] = sellers().select_related("operator")
    if not ref:
        return rows.first()
    seller: Seller = get_object_or_404(rows, public_id=ref)
    return seller


def _asked_month(request: HttpRequest) -> date | None:
    """The month of the query, if any; Http404 for what is none."""
    text = request.GET.get("month", "")
    if not text:
        return None
    # No books of ours are older, nor kept that far ahead.
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        raise Http404
    return date.fromisoformat(f"{text}-01")


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def books_home(request: HttpRequest) -> HttpResponse:
    """What is open of a month: the first open one, unless another is asked for."""
    seller = chosen_seller(request)
    if seller is None:
        return render(request, "billing/accounting/home.html", {"seller": None})
    found = month_of(seller, _asked_month(request))
    context: dict[str, Any] = {
        "seller": seller,
        "sellers": list(sellers()),
        "month": found.begins_on,
        "months": found.months,
        "checks": found.checks,
        "open_count": found.open_count,
        "period": found.period,
        "accrued_count": found.accrued_count,
        "accrued": found.rows[:MOST_SHOWN],
        "sums": [(one["currency"], one["net"]) for one in found.accrued],
        "may_close": has_permission(request, Permission.LEDGER_CLOSE),
    }
    return render(request, "billing/accounting/home.html", context)


@permission_required(Permission.LEDGER_CLOSE)
@require_http_methods(["GET", "POST"])
def period_close(request: HttpRequest) -> HttpResponse:
    """Close a month of a seller's books; what is open is named."""
    seller = chosen_seller(request)
    if seller is None:
        raise Http404
    begins_on = _asked_month(request) or month_before(operator_day(seller.operator))
    form = ReasonForm(posted(request))
    form.fields["reason"].required = False
    back = f"{reverse('books_home')}?seller={seller.public_id}&month={begins_on:%Y-%m}"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, lambda: close_period(seller=seller, begins_on=begins_on, reason=reason)
        )
        if done is not None:
            messages.success(request, _t("The month is closed."))
            return redirect("period_detail", public_id=done.public_id)
    told = {"month": f"{begins_on:%Y-%m}", "name": seller}
    context = {
        "title": _t("Close %(month)s of %(name)s") % told,
        "consequence": _t(
            "What is not booked is booked, what was delivered and not invoiced accrues, and the "
            "month is locked: later corrections stand in an open month."
        ),
        "verb": _t("Close the month"),
        "form": form,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context)


def _period_or_404(public_id: str) -> Period:
    period: Period = get_object_or_404(periods(), public_id=public_id)
    return period


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def period_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A month: its closings, with what was open and what accrued then."""
    period = _period_or_404(public_id)
    changes = list(changes_of(period))
    last = next((one for one in changes if one.state == PeriodState.CLOSED), None)
    accrued = [from_json(one) for one in last.accrued] if last else []
    context = {
        "period": period,
        "changes": [(one, left_open(one.checklist)) for one in changes],
        "accrued": accrued[:MOST_SHOWN],
        "accrued_count": len(accrued),
        "last": last,
        "last_day": last_day(period.begins_on),
        "may_reopen": has_permission(request, Permission.LEDGER_REOPEN),
    }
    return render(request, "billing/accounting/period_detail.html", context)


@permission_required(Permission.LEDGER_REOPEN)
@require_http_methods(["GET", "POST"])
def period_reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a closed month again, with a reason."""
    period = _period_or_404(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: reopen_period(period=period, reason=reason)):
            messages.success(request, _t("The month is open again."))
            return redirect("period_detail", public_id=public_id)
    context = {
        "title": _t("Open %(month)s of %(name)s again") % {"month": period, "name": period.seller},
        "consequence": _t(
            "Entries can be made in the month again. Figures that were reported may change."
        ),
        "verb": _t("Open the month"),
        "form": form,
        "cancel_url": reverse("period_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
