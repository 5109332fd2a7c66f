"""Pages of payouts to hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.accounts.dated import operator_day
from billing.settlement import payout_services as services
from billing.settlement.forms import BatchForm, PaidOnForm
from billing.settlement.payable import balances, unpaid
from billing.settlement.payout_lists import BATCHES, batches
from billing.settlement.payout_models import HostPayout, PayoutBatch
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.files.serving import made_response
from core.forms import attempt, posted
from core.lists.views import list_view

payout_batch_list = list_view(BATCHES)


def find_batch(public_id: str) -> PayoutBatch:
    """A batch of the operator in scope, or 404."""
    found: PayoutBatch = get_object_or_404(batches(), public_id=public_id)
    return found


@permission_required(Permission.SETTLEMENT_VIEW)
@require_safe
def payout_batch_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A batch: whom it pays for what, who approved it, and its file."""
    batch = find_batch(public_id)
    payouts = batch.payouts.select_related("host").prefetch_related(
        "statements__site", "set_offs__invoice"
    )
    context = {
        "batch": batch,
        "payouts": payouts.order_by("host__name", "pk"),
        "can_edit": has_permission(request, Permission.SETTLEMENT_EDIT),
        "can_issue": has_permission(request, Permission.SETTLEMENT_ISSUE),
    }
    return render(request, "billing/settlement/payout_batch_detail.html", context)


@permission_required(Permission.SETTLEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payout_batch_create(request: HttpRequest) -> HttpResponse:
    """What is owed to hosts, and a batch of it."""
    form = BatchForm(posted(request), operator=operator_of(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        batch = attempt(form, lambda: services.propose_batch(**values))
        if batch is not None:
            messages.success(request, _("The batch has been proposed."))
            return redirect("payout_batch_detail", public_id=batch.public_id)
    context = {"form": form, "balances": balances(list(unpaid()[:500]))}
    return render(request, "billing/settlement/payout_batch_form.html", context)


def _confirm(
    request: HttpRequest,
    batch: PayoutBatch,
    question: Question,
    act: Callable[[str], object],
    *,
    is_reason_needed: bool = False,
) -> HttpResponse:
    back_url = reverse("payout_batch_detail", args=[batch.public_id])
    return confirm(request, question, act, back_url=back_url, is_reason_needed=is_reason_needed)


@permission_required(Permission.SETTLEMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def payout_batch_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve what was proposed."""
    batch = find_batch(public_id)
    question = Question(
        _("Approve the batch"),
        _(
            "After that its file can be made and sent to the bank. What is set off settles "
            "invoices now."
        ),
        _("Approve"),
        _("The batch has been approved."),
    )
    user = cast("User", request.user)
    return _confirm(
        request,
        batch,
        question,
        lambda reason: services.approve_batch(batch=batch, by=user, reason=reason),
    )


@permission_required(Permission.SETTLEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def payout_batch_order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the file for the bank."""
    batch = find_batch(public_id)
    question = Question(
        _("Make the file (pain.001)"),
        _("The file is made once and kept; send it to your bank."),
        _("Make the file"),
        _("The file has been made; send it to your bank."),
    )
    return _confirm(
        request,
        batch,
        question,
        lambda reason: services.order_batch(batch=batch, reason=reason),
    )


@permission_required(Permission.SETTLEMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def payout_batch_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a batch off."""
    batch = find_batch(public_id)
    question = Question(
        _("Call the batch off"),
        _("What it would have paid is owed again. If the bank has the file already, stop it "
          "there first."),
        _("Call off"),
        _("The batch has been called off."),
    )  # fmt: skip
    return _confirm(
        request,
        batch,
        question,
        lambda reason: services.cancel_batch(batch=batch, reason=reason),
        is_reason_needed=True,
    )


@permission_required(Permission.SETTLEMENT_VIEW)
@require_safe
def payout_batch_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file as it was made."""
    batch = find_batch(public_id)
    if batch.content is None:
        raise Http404
    return made_response(bytes(batch.content), batch.file_name, "application/xml")


@permission_required(Permission.SETTLEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def host_payout_paid(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that a payment has gone out."""
    payout: HostPayout = get_object_or_404(
        HostPayout.objects.select_related("batch__operator", "host"), public_id=public_id
    )
    form = PaidOnForm(posted(request), initial={"paid_on": operator_day(payout.batch.operator)})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["paid_on"]
        if attempt(form, lambda: services.finish_payout(payout=payout, paid_on=day)):
            messages.success(request, _("The payment is noted as paid out."))
            return redirect("payout_batch_detail", public_id=payout.batch.public_id)
    context = {
        "title": _("%(host)s was paid") % {"host": payout.host},
        "consequence": _("What was paid out cannot be called off."),
        "verb": _("It was paid out"),
        "form": form,
        "cancel_url": reverse("payout_batch_detail", args=[payout.batch.public_id]),
    }
    return render(request, "confirm.html", context)
