"""Pages of charts of accounts and account maps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounting import chart_services as services
from billing.accounting.book_models import Books, ChartAccount, RevenueMapping, TaxMapping
from billing.accounting.books import ensure_books
from billing.accounting.filters import ChartFilter
from billing.accounting.forms import ChartAccountForm, MapForm, RevenueRuleForm, TaxRuleForm
from billing.accounting.selectors import chart_accounts, sellers
from billing.accounting.tables import ChartTable
from billing.sellers.models import Seller
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.stale import StaleCheck

CHART = ListSpec(
    name="chart_accounts",
    title=_("Chart of accounts"),
    permission=Permission.LEDGER_VIEW,
    queryset=lambda _request: chart_accounts(),
    filterset=ChartFilter,
    table=ChartTable,
    csv=(
        CsvColumn("number"),
        CsvColumn("name"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("is_booked"),
        CsvColumn("map_count"),
    ),
    empty=EmptyText(
        _("No account yet"),
        _("A seller's books begin with the BAS chart as soon as there is a seller."),
    ),
    search_hint=_("Number or name"),
    actions=(
        ListAction(_("Account map"), "account_map", permission=Permission.LEDGER_VIEW),
        ListAction(_("Sites in the books"), "site_code_list", "building",
                   permission=Permission.LEDGER_VIEW, primary=False),
        ListAction(_("New ledger account"), "chart_account_create",
                   permission=Permission.LEDGER_EDIT),
    ),
)  # fmt: skip

chart_list = list_view(CHART)
FORM = "billing/accounting/chart_account_form.html"
RULE_FORM = "billing/accounting/rule_form.html"


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def chart_account_create(request: HttpRequest) -> HttpResponse:
    """A new account of a seller's chart."""
    form = ChartAccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: services.create_account(**values)):
            messages.success(request, _t("The ledger account has been added."))
            return redirect("chart_account_list")
    return render(request, FORM, {"form": form, "account": None})


def _account_or_404(pk: int) -> ChartAccount:
    account: ChartAccount = get_object_or_404(chart_accounts(), pk=pk)
    return account


@permission_required(Permission.LEDGER_VIEW)
@require_http_methods(["GET", "POST"])
def chart_account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """An account: its name and number, and where it is used; changed by who may."""
    account = _account_or_404(pk)
    may_edit = has_permission(request, Permission.LEDGER_EDIT)
    initial = {"number": account.number, "name": account.name}
    form = ChartAccountForm(posted(request) if may_edit else None, initial=initial, account=account)
    check = StaleCheck(request, form, [account])
    if may_edit and request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(account, form, changes):
            messages.success(request, _t("The ledger account has been changed."))
            return redirect("chart_account_list")
    context = {"form": form, "account": account, "may_edit": may_edit}
    return render(request, FORM, context | check.context())


def _change(account: ChartAccount, form: ChartAccountForm, changes: dict[str, Any]) -> bool:
    fresh = ChartAccount.objects.select_related("seller").get(pk=account.pk)
    return attempt(form, lambda: services.change_account(account=fresh, **changes)) is not None


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def chart_account_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an account out of the chart, with a reason."""
    account = _account_or_404(pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def delete() -> bool:
            services.delete_account(account=account, reason=reason)
            return True

        if attempt(form, delete):
            messages.success(request, _t("The ledger account has been removed."))
            return redirect("chart_account_list")
    context = {
        "title": _t("Remove %(name)s") % {"name": account},
        "consequence": _t("The account leaves the chart. An account that is booked on stays."),
        "verb": _t("Remove"),
        "form": form,
        "cancel_url": reverse("chart_account_edit", args=[pk]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.LEDGER_VIEW)
@require_safe
def account_map(request: HttpRequest) -> HttpResponse:
    """The sellers whose maps there are."""
    rows = list(sellers().select_related("books"))
    return render(request, "billing/accounting/account_maps.html", {"sellers": rows})


def _seller_or_404(public_id: str) -> Seller:
    seller: Seller = get_object_or_404(sellers().select_related("books"), public_id=public_id)
    return seller


@permission_required(Permission.LEDGER_VIEW)
@require_http_methods(["GET", "POST"])
def account_map_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which account each use and rule has; changed by who may."""
    seller = _seller_or_404(public_id)
    books = Books.objects.filter(seller=seller).first()
    may_edit = has_permission(request, Permission.LEDGER_EDIT)
    context: dict[str, Any] = {"seller": seller, "may_edit": may_edit, "books": books}
    if books is not None:
        data = posted(request) if may_edit else None
        form = MapForm(data, seller=seller, books=books)
        check = StaleCheck(request, form, [books], audit_names=form.audit_names)
        if data is not None and form.is_valid():
            changes = check.changes()
            if changes is not None and _set_map(form, seller, changes):
                messages.success(request, _t("The account map has been changed."))
                return redirect("account_map_edit", public_id=public_id)
        context |= check.context() | {
            "form": form,
            "revenue": RevenueMapping.objects.filter(seller=seller).select_related("account"),
            "taxes": TaxMapping.objects.filter(seller=seller).select_related("account"),
        }
    return render(request, "billing/accounting/account_map.html", context)


def _set_map(form: MapForm, seller: Seller, changes: dict[str, Any]) -> bool:
    def change() -> bool:
        services.set_map(
            seller=seller,
            uses=form.chosen("use", changes),
            revenue={int(key): row for key, row in form.chosen("revenue", changes).items()},
            taxes={int(key): row for key, row in form.chosen("tax", changes).items()},
            **{name: changes[name] for name in ("site_dimension", "reason") if name in changes},
        )
        return True

    return bool(attempt(form, change))


@permission_required(Permission.LEDGER_EDIT)
@require_POST
def books_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the books of a seller that has none yet."""
    ensure_books(_seller_or_404(public_id))
    return redirect("account_map_edit", public_id=public_id)


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def revenue_rule_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new rule for sales."""
    seller = _seller_or_404(public_id)
    form = RevenueRuleForm(posted(request), seller=seller)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: services.add_revenue_rule(seller=seller, **values)):
            messages.success(request, _t("The rule has been added."))
            return redirect("account_map_edit", public_id=public_id)
    context = {"form": form, "seller": seller, "title": _t("New rule for revenue")}
    return render(request, RULE_FORM, context)


@permission_required(Permission.LEDGER_EDIT)
@require_http_methods(["GET", "POST"])
def tax_rule_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new rule for output tax."""
    seller = _seller_or_404(public_id)
    form = TaxRuleForm(posted(request), seller=seller)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: services.add_tax_rule(seller=seller, **values)):
            messages.success(request, _t("The rule has been added."))
            return redirect("account_map_edit", public_id=public_id)
    context = {"form": form, "seller": seller, "title": _t("New rule for VAT")}
    return render(request, RULE_FORM, context)
