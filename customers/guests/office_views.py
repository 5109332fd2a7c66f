"""The operator's pages about guests: visits, putting one right, codes to print."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.files.serving import made_response, pdf_response
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from core.tenancy.today import operator_today
from customers.guests.codes import as_png, as_svg, codes, renew_code
from customers.guests.links import code_url, visit_url
from customers.guests.lists import GUEST_CODES, GUEST_VISITS
from customers.guests.models import GuestCode, GuestVisit
from customers.guests.receipts import documents_of
from customers.guests.righting import paid_of, put_right, result_of
from customers.guests.selectors import visits
from customers.guests.sheets import MOST, sheet_pdf
from customers.guests.shown import WHY

guest_visit_list = list_view(GUEST_VISITS)
guest_code_list = list_view(GUEST_CODES)


class RightForm(ReasonForm):
    """How much goes back; ``paid`` and ``seen`` are what the page showed."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount that goes back, with VAT"), max_digits=12, decimal_places=2,
        min_value=Decimal("0.01"),
    )  # fmt: skip
    paid = forms.DecimalField(widget=forms.HiddenInput, max_digits=16, decimal_places=4)
    field_order = ("amount", "reason", "paid")


def find_visit_or_404(public_id: str) -> GuestVisit:
    """One in scope."""
    visit: GuestVisit = get_object_or_404(visits(), public_id=public_id)
    return visit


def find_code_or_404(pk: int) -> GuestCode:
    """One in scope."""
    code: GuestCode = get_object_or_404(codes(), pk=pk)
    return code


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def guest_visit_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One visit: where it stands, its money, its session and its documents."""
    visit = find_visit_or_404(public_id)
    payment = visit.card_payment
    context = {
        "visit": visit,
        "payment": payment,
        "why": WHY.get(visit.why, ""),
        "documents": documents_of(visit),
        "refunds": list(payment.card_refunds.order_by("pk")) if payment is not None else [],
        "paid": paid_of(visit),
        "link": visit_url(visit),
        "can_right": visit.is_paid
        and has_permission(request, Permission.PAYMENT_EDIT)
        and has_permission(request, Permission.INVOICE_ISSUE),
    }
    return render(request, "customers/guests/visit_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def guest_visit_put_right(request: HttpRequest, public_id: str) -> HttpResponse:
    """How much goes back; then what it leads to; then it is done."""
    visit = find_visit_or_404(public_id)
    paid = paid_of(visit)
    if not has_permission(request, Permission.INVOICE_ISSUE):
        raise Http404
    form = RightForm(posted(request), initial={"paid": paid, "amount": round(paid, 2)})
    result = None
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        if "sure" in request.POST:
            may_exceed = has_permission(request, Permission.PAYMENT_REFUND_ANY)
            if attempted(
                form, lambda: put_right(visit=visit, may_exceed_limit=may_exceed, **values)
            ):
                messages.success(request, _("It is put right; the money goes back to the card."))
                return redirect("guest_visit_detail", public_id)
        else:
            shown = {"amount": values["amount"], "reason": values["reason"]}
            result = attempt(form, lambda: result_of(visit=visit, **shown))
    context = {"visit": visit, "form": form, "result": result, "paid": paid}
    return render(request, "customers/guests/put_right.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def guest_code_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One code, large, with its address and its files."""
    code = find_code_or_404(pk)
    context = {
        "code": code,
        "url": code_url(code),
        "evse": code.connector.evse,
        "can_renew": has_permission(request, Permission.NETWORK_EDIT),
    }
    return render(request, "customers/guests/code_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def guest_code_svg(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The code as an SVG, shown on our page or kept."""
    code = find_code_or_404(pk)
    if "download" in request.GET:
        return made_response(as_svg(code).encode(), f"{code.code}.svg", "image/svg+xml")
    return HttpResponse(as_svg(code), content_type="image/svg+xml")


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def guest_code_png(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The code as a PNG."""
    code = find_code_or_404(pk)
    return made_response(as_png(code), f"{code.code}.png", "image/png")


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def guest_code_sheet(request: HttpRequest) -> HttpResponseBase:
    """Stickers of one connector (``code``), of a site (``site``), or of all."""
    rows = codes()
    if request.GET.get("code"):
        rows = rows.filter(code=request.GET["code"])
    if request.GET.get("site"):
        rows = rows.filter(connector__evse__station__site__public_id=request.GET["site"])
    found = list(rows[:MOST])
    if not found:
        raise Http404
    return pdf_response(sheet_pdf(found, on=operator_today()), "codes.pdf")


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def guest_code_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code for a connector whose sticker cannot be trusted."""
    code = find_code_or_404(pk)
    back = reverse("guest_code_detail", args=[pk])
    return confirm(
        request,
        Question(
            title=_("New code for %(place)s") % {"place": code.connector.evse},
            consequence=_("The sticker with the old code leads nowhere from now on."),
            verb=_("Make a new code"),
            done=_("The connector has a new code. Print its sticker."),
        ),
        lambda reason: renew_code(code=code, reason=reason),
        back_url=back,
    )
