"""Pages of sellers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.accounts.dated import operator_day
from billing.sellers import logo_services, services
from billing.sellers.forms import LogoForm, SellerForm, SeriesForm
from billing.sellers.lists import SELLERS
from billing.sellers.models import Purpose, Seller
from billing.sellers.selectors import contracts, missing_in, sellers, series_of
from billing.sellers.series_services import set_series
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.files.serving import file_response
from core.forms import ReasonForm, attempt, posted
from core.lists.views import list_view
from core.stale import StaleCheck

FORM = "billing/sellers/seller_form.html"
SHOWN = 20
seller_list = list_view(SELLERS)


def _seller(public_id: str) -> Seller:
    seller: Seller = get_object_or_404(sellers().select_related("operator"), public_id=public_id)
    return seller


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def seller_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A seller with its series and the sites where it sells."""
    seller = _seller(public_id)
    today = operator_day(seller.operator)
    context = {
        "seller": seller,
        "series": series_of(seller, today),
        "contracts": contracts().filter(seller=seller)[:SHOWN],
        "missing": missing_in(seller),
        "logo_form": LogoForm(),
        "can_edit": has_permission(request, Permission.SELLER_EDIT),
    }
    return render(request, "billing/sellers/seller_detail.html", context)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def seller_create(request: HttpRequest) -> HttpResponse:
    """A new seller."""
    form = SellerForm(posted(request))
    operator = operator_of(request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        seller = attempt(form, lambda: services.create_seller(operator=operator, **values))
        if seller is not None:
            messages.success(request, _("The seller has been added."))
            return redirect("seller_detail", public_id=seller.public_id)
    return render(request, FORM, {"form": form, "seller": None})


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def seller_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a seller."""
    seller = _seller(public_id)
    form = SellerForm(posted(request), instance=_seller(public_id))
    check = StaleCheck(request, form, [seller])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(seller, form, changes):
            messages.success(request, _("The seller has been changed."))
            return redirect("seller_detail", public_id=public_id)
    return render(request, FORM, {"form": form, "seller": seller} | check.context())


def _change(seller: Seller, form: SellerForm, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: services.change_seller(seller=seller, **changes)) is not None


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def seller_series(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another number series for a kind of document."""
    seller = _seller(public_id)
    shown = series_of(seller, operator_day(seller.operator))
    purpose = request.GET.get("purpose", Purpose.INVOICE)
    now = next((one.series for one in shown if one.series.purpose == purpose), None)
    initial = {"purpose": purpose} | ({"code": now.code, "pattern": now.pattern} if now else {})
    form = SeriesForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        values["purpose"] = Purpose(values["purpose"])
        values["last_number"] = values["last_number"] or 0
        if attempt(form, lambda: set_series(seller=seller, **values)) is not None:
            messages.success(request, _("The number series has been set."))
            return redirect("seller_detail", public_id=public_id)
    context = {"form": form, "seller": seller, "series": shown}
    return render(request, "billing/sellers/seller_series.html", context)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def seller_default(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let this one sell where no site contract says otherwise."""
    seller = _seller(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.make_default(seller=seller, reason=reason)):
            messages.success(request, _("This is the default seller now."))
            return redirect("seller_detail", public_id=public_id)
    context = {
        "title": _("Make %(name)s the default seller") % {"name": seller},
        "consequence": _(
            "From now on it stands on the invoices of all sites without a contract of their own."
        ),
        "verb": _("Make it the default"),
        "form": form,
        "cancel_url": reverse("seller_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def seller_retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a seller out of use."""
    seller = _seller(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        today, reason = operator_day(seller.operator), form.cleaned_data["reason"]
        if attempt(form, lambda: services.retire_seller(seller=seller, on=today, reason=reason)):
            messages.success(request, _("The seller is retired."))
            return redirect("seller_detail", public_id=public_id)
    context = {
        "title": _("Retire %(name)s") % {"name": seller},
        "consequence": _("It can no longer be chosen. Its invoices and numbers stay as they are."),
        "verb": _("Retire"),
        "form": form,
        "cancel_url": reverse("seller_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def seller_logo(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The seller's logo."""
    path = _seller(public_id).logo_path
    if not path:
        raise Http404(_("There is no logo."))
    return file_response(path, content_type="image/png", name="logo.png", inline=True)


@permission_required(Permission.SELLER_EDIT)
@require_POST
def seller_logo_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a logo, or remove the one that is there."""
    seller = _seller(public_id)
    if "remove" in request.POST:
        logo_services.remove_logo(seller=seller)
        messages.success(request, _("The logo has been removed."))
        return redirect("seller_detail", public_id=public_id)
    form = LogoForm(request.POST, request.FILES)
    changed = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        changed = attempt(form, lambda: logo_services.set_logo(seller=seller, upload=upload))
    if changed is not None:
        messages.success(request, _("The logo has been changed."))
    else:
        messages.error(request, " ".join(str(one) for e in form.errors.values() for one in e))
    return redirect("seller_detail", public_id=public_id)
