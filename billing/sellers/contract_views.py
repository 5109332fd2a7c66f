"""Pages of site contracts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.accounts.forms import FromDayForm
from billing.sellers.contract_services import end_contract, set_contract
from billing.sellers.forms import ContractEntryForm
from billing.sellers.lists import CONTRACTS
from billing.sellers.selectors import contracts_of, default_seller
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, attempted, posted
from core.lists.views import list_view
from stations.sites.models import Site
from stations.sites.selectors import sites

FORM = "billing/sellers/contract_form.html"
contract_list = list_view(CONTRACTS)


def _site(public_id: str) -> Site:
    site: Site = get_object_or_404(sites().select_related("operator"), public_id=public_id)
    return site


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def site_contract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who sells at a site, now, before and later."""
    site = _site(public_id)
    today = operator_day(site.operator)
    rows = [(row, row.holds_on(today)) for row in contracts_of(site.pk)]
    context = {
        "site": site,
        "contracts": rows,
        "default": default_seller(),
        "is_by_contract": any(holds for _row, holds in rows),
        "can_edit": has_permission(request, Permission.SELLER_EDIT),
        "can_settle": has_permission(request, Permission.SETTLEMENT_VIEW),
    }
    return render(request, "billing/sellers/site_contract.html", context)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def site_contract_new(request: HttpRequest) -> HttpResponse:
    """A contract of a site that is chosen in the form."""
    operator = operator_of(request)
    form = ContractEntryForm(posted(request), initial={"from_on": operator_day(operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        saved = _save(request, form, values.pop("site"), values)
        if saved is not None:
            return saved
    return render(request, FORM, {"form": form, "site": None})


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def site_contract_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another contract from a day on."""
    site = _site(public_id)
    today = operator_day(site.operator)
    now = next((row for row in contracts_of(site.pk) if row.holds_on(today)), None)
    initial: dict[str, Any] = {"from_on": today}
    if now is not None:
        names = (
            "form", "seller", "host", "host_is_vat_registered", "self_billing_agreed_on",
            "minimum_payout_amount", "basis_email", "note",
        )  # fmt: skip
        initial |= {name: getattr(now, name) for name in names}
    form = ContractEntryForm(posted(request), initial=initial, has_site=True)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form, site, form.cleaned_data)
        if saved is not None:
            return saved
    return render(request, FORM, {"form": form, "site": site})


def _save(
    request: HttpRequest, form: ContractEntryForm, site: Site, values: dict[str, Any]
) -> HttpResponse | None:
    """Enter the contract and lead to its page; None when it was refused."""
    if attempt(form, lambda: set_contract(site=site, **values)) is None:
        return None
    messages.success(request, _("The contract has been entered."))
    return redirect("site_contract", public_id=site.public_id)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def site_contract_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the default seller sell here from a day on."""
    site = _site(public_id)
    form = FromDayForm(posted(request), initial={"from_on": operator_day(site.operator)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: end_contract(site=site, **values)):
            messages.success(request, _("The contract ends."))
            return redirect("site_contract", public_id=public_id)
    context = {
        "title": _("End the contract of %(site)s") % {"site": site},
        "consequence": _("From that day on the default seller sells at the site."),
        "verb": _("End the contract"),
        "form": form,
        "cancel_url": reverse("site_contract", args=[public_id]),
    }
    return render(request, "confirm.html", context)
