"""Pages of charging bases."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.files.store import load
from core.forms import attempt, attempted, posted
from core.lists.views import list_view
from core.months import first_day, last_day, month_of
from core.soon import soon
from core.stale import StaleCheck
from core.tenancy.today import operator_today
from customers.basis import services
from customers.basis.due import BasisDue, load_basis
from customers.basis.files import layout_of
from customers.basis.forms import FreezeForm, LayoutForm, SendForm
from customers.basis.lists import BASES
from customers.basis.models import ChargingBasis
from customers.basis.selectors import bases, open_months, rows_of
from customers.basis.sending import content_type
from customers.basis.tasks import send_bases
from customers.basis.words import CURES
from stations.sites.models import Site
from stations.sites.selectors import sites

MOST_UNKNOWN = 200
charging_basis_list = list_view(BASES)


def _site(public_id: str) -> Site:
    site: Site = get_object_or_404(sites().select_related("operator"), public_id=public_id)
    return site


def find_basis_or_404(public_id: str) -> ChargingBasis:
    """The basis in scope."""
    basis: ChargingBasis = get_object_or_404(bases(), public_id=public_id)
    return basis


def _month(request: HttpRequest, default: date) -> date:
    """The month that ``?month=2026-11`` asks for."""
    text = request.GET.get("month", "")
    month = month_of(text) if text else default
    if month is None:
        raise Http404
    return month


@permission_required(Permission.RESIDENT_VIEW)
@require_safe
def site_charging_basis(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is due at a site up to the end of an open month, and the bases before."""
    site = _site(public_id)
    months = open_months(site)
    over = [one.month_on for one in months if one.is_over]
    month = _month(request, next(iter(over), months[0].month_on if months else operator_today()))
    first = first_day(month)
    due = load_basis(site, last_day(month))
    context: dict[str, Any] = {
        "site": site,
        "months": months,
        "month": first,
        "is_over": first in over,
        "contract": services.contract_of(site, first),
        "groups": [(currency, shown_rows(due, currency)) for currency in due.currencies],
        "unknown": [(one, CURES[one.unknown or "no_token"]) for one in due.unknown[:MOST_UNKNOWN]],
        "unknown_count": len(due.unknown),
        "undecided": dict(due.undecided),
        "bases": bases().filter(site=site)[:24],
        "layout": layout_of(site),
        "can_freeze": has_permission(request, Permission.INVOICE_ISSUE),
        "can_change": has_permission(request, Permission.SELLER_EDIT),
        "can_edit": has_permission(request, Permission.RESIDENT_EDIT),
    }
    return render(request, "customers/basis/site_basis.html", context)


def shown_rows(due: BasisDue, currency: str) -> list[dict[str, Any]]:
    """Rows as those of a frozen basis."""
    return [
        {field.name: getattr(line, field.name) for field in fields(line)} | {"resident": resident}
        for resident, line, _items in due.lines(currency)
    ]


@permission_required(Permission.INVOICE_ISSUE)
@require_http_methods(["GET", "POST"])
def site_charging_basis_freeze(request: HttpRequest, public_id: str) -> HttpResponse:
    """Freeze a month's basis and have it sent."""
    site = _site(public_id)
    over = [one.month_on for one in open_months(site) if one.is_over]
    month = _month(request, over[-1] if over else operator_today())
    contract = services.contract_of(site, month)
    to = contract.basis_email if contract else ""
    form = FreezeForm(posted(request), initial={"sends": bool(to)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        frozen = attempt(
            form,
            lambda: services.freeze_basis(site=site, month_on=month, now=timezone.now(), **values),
        )
        if frozen:
            soon(send_bases)
            messages.success(request, _("The charging basis is frozen."))
            return redirect("charging_basis_detail", public_id=frozen[0].public_id)
    context = {
        "title": _("Freeze the basis of %(site)s for %(month)s")
        % {"site": site, "month": f"{month:%Y-%m}"},
        "consequence": _(
            "It stays as it is from now on and goes to %(to)s. What is known later comes with the "
            "next basis as a correction."
        )
        % {"to": to}
        if to
        else _(
            "It stays as it is from now on. The contract has no address to send it to: download "
            "it. What is known later comes with the next basis as a correction."
        ),
        "verb": _("Freeze"),
        "form": form,
        "cancel_url": reverse("site_charging_basis", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.SELLER_EDIT)
@require_http_methods(["GET", "POST"])
def site_charging_basis_layout(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the site's next files look."""
    site = _site(public_id)
    form = LayoutForm(posted(request), instance=layout_of(site))
    check = StaleCheck(request, form, [site])
    if request.method == "POST" and form.is_valid() and check.changes() is not None:
        values = form.values()
        if attempted(form, lambda: services.change_layout(site=site, **values)):
            messages.success(request, _("The layout has been changed."))
            return redirect("site_charging_basis", public_id=public_id)
    context = {"site": site, "form": form} | check.context()
    return render(request, "customers/basis/layout_form.html", context)


@permission_required(Permission.RESIDENT_VIEW)
@require_safe
def charging_basis_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A basis as it was sent, with the receipt."""
    basis = find_basis_or_404(public_id)
    context = {
        "basis": basis,
        "rows": rows_of(basis),
        "can_send": has_permission(request, Permission.INVOICE_ISSUE),
    }
    return render(request, "customers/basis/basis_detail.html", context)


@permission_required(Permission.RESIDENT_VIEW)
@require_safe
def charging_basis_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it was sent."""
    return file_response(find_basis_or_404(public_id))


def file_response(basis: ChargingBasis) -> HttpResponse:
    """The stored bytes, always the same."""
    data = load(basis.file_path)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type=content_type(basis))
    named = content_disposition_header(as_attachment=True, filename=basis.file_name)
    response["Content-Disposition"] = named or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@permission_required(Permission.INVOICE_ISSUE)
@require_http_methods(["GET", "POST"])
def charging_basis_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the same file again."""
    basis = find_basis_or_404(public_id)
    contract = services.contract_of(basis.site, basis.month_on)
    to = basis.to_email or (contract.basis_email if contract else "")
    form = SendForm(posted(request), initial={"to_email": to})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: services.send_again(basis=basis, **values)):
            soon(send_bases)
            messages.success(request, _("The basis will be sent."))
            return redirect("charging_basis_detail", public_id=public_id)
    context = {
        "title": _("Send the basis of %(site)s for %(month)s")
        % {"site": basis.site, "month": f"{basis.month_on:%Y-%m}"},
        "consequence": _("The same file goes out once more."),
        "verb": _("Send"),
        "form": form,
        "cancel_url": reverse("charging_basis_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
