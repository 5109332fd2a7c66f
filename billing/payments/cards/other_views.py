"""Pages of disputes, webhooks, payouts and keys."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.payments.bank_models import BankTransaction
from billing.payments.cards import accounts, events, payouts, selectors
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import CardPayout, ProviderEvent
from billing.payments.cards.forms import KeysForm, TerminalKeysForm
from billing.payments.cards.models import CardDispute
from billing.payments.cards.other_lists import CARD_PAYOUTS, DISPUTES, EVENTS
from billing.sellers.models import Seller
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.lists.views import list_view

card_dispute_list = list_view(DISPUTES)
card_event_list = list_view(EVENTS)
card_payout_list = list_view(CARD_PAYOUTS)


def find_dispute(public_id: str) -> CardDispute:
    """A dispute of the operator in scope, or 404."""
    found: CardDispute = get_object_or_404(selectors.disputes(), public_id=public_id)
    return found


def find_payout(public_id: str) -> CardPayout:
    """A payout of the operator in scope, or 404."""
    found: CardPayout = get_object_or_404(selectors.payouts(), public_id=public_id)
    return found


def find_event(pk: int) -> ProviderEvent:
    """A webhook of the operator in scope, or 404."""
    found: ProviderEvent = get_object_or_404(selectors.events(), pk=pk)
    return found


def hook_url(card_account: ProviderAccount) -> str:
    """Where the provider sends its webhooks."""
    return settings.PUBLIC_URL + reverse("card_events", args=[card_account.public_id])


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def card_dispute_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One dispute."""
    context = {"dispute": find_dispute(public_id)}
    return render(request, "billing/cards/card_dispute_detail.html", context)


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def card_event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook as it came."""
    event = find_event(pk)
    try:
        body = json.loads(event.raw)
    except ValueError:
        body = event.raw
    context = {
        "event": event, "body": body,
        "may_replay": has_permission(request, Permission.PAYMENT_EDIT),
    }  # fmt: skip
    return render(request, "billing/cards/card_event_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_http_methods(["GET", "POST"])
def card_event_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a webhook again."""
    event = find_event(pk)
    return confirm(
        request,
        Question(
            title=_("Apply webhook %(kind)s again") % {"kind": event.kind},
            consequence=_("How things stand now is asked at the provider and taken over; "
                          "nothing is booked twice."),
            verb=_("Apply again"),
            done=_("The webhook has been applied again."),
        ),
        lambda reason: events.replay(event=event, reason=reason),
        back_url=reverse("card_event_detail", args=[pk]),
    )  # fmt: skip


@permission_required(Permission.PAYMENT_VIEW)
@require_safe
def card_payout_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One payout: what it is made of, and where the bank shows it."""
    payout = find_payout(public_id)
    is_open = payout.bank_transaction is None and payout.state == "paid"
    context = {
        "payout": payout,
        "parts": payout.parts.select_related("card_payment__account").order_by("pk")[:1_000],
        "candidates": payouts.candidates(payout) if is_open else [],
        "is_open": is_open,
        "can_edit": has_permission(request, Permission.PAYMENT_EDIT),
    }
    return render(request, "billing/cards/card_payout_detail.html", context)


@permission_required(Permission.PAYMENT_EDIT)
@require_POST
def card_payout_match(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say which bank transaction a payout is."""
    payout = find_payout(public_id)
    ref = request.POST.get("transaction", "")
    row = get_object_or_404(BankTransaction.objects.all(), public_id=ref)
    try:
        payouts.match_payout(payout=payout, row=row)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The payout has been matched."))
    return redirect("card_payout_detail", public_id=public_id)


@permission_required(Permission.OPERATOR_EDIT)
@require_safe
def card_settings(request: HttpRequest) -> HttpResponse:
    """Which sellers take cards, and where providers send webhooks."""
    rows = [(one, hook_url(one)) for one in selectors.card_accounts()]
    context = {
        "rows": rows,
        "sellers": selectors.sellers_without(),
        "without_terminals": selectors.sellers_without(at_terminals=True),
    }
    return render(request, "billing/cards/card_settings.html", context)


def _seller(public_id: str) -> Seller:
    found: Seller = get_object_or_404(
        Seller.objects.select_related("operator"), public_id=public_id
    )
    return found


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def card_keys(request: HttpRequest, public_id: str) -> HttpResponse:
    """The keys of a seller."""
    return _keys_page(request, _seller(public_id), at_terminals=False)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def terminal_keys(request: HttpRequest, public_id: str) -> HttpResponse:
    """The key of a seller at the gateway of terminals."""
    return _keys_page(request, _seller(public_id), at_terminals=True)


def _keys_page(request: HttpRequest, seller: Seller, *, at_terminals: bool) -> HttpResponse:
    kept = ProviderAccount.objects.filter(seller=seller, is_terminal=at_terminals).first()
    initial: dict[str, Any] = {"hold_amount": Decimal(500)}
    if kept is not None:
        limit = kept.refund_limit
        initial = {
            "hold_amount": round(kept.hold_amount, 2),
            "refund_limit": round(limit, 2) if limit is not None else None,
        }
    kind, provider = (TerminalKeysForm, "terminal") if at_terminals else (KeysForm, "stripe")
    form = kind(posted(request), initial=initial, is_new=kept is None)
    if request.method == "POST" and form.is_valid():
        values = {"provider": provider, **form.cleaned_data}
        made = attempt(form, lambda: accounts.save_account(seller=seller, **values))
        if made is not None:
            messages.success(request, _("The keys work and have been kept."))
            return redirect("card_settings")
    context = {"form": form, "seller": seller, "kept": kept, "at_terminals": at_terminals}
    return render(request, "billing/cards/card_keys.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def card_switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take cards, or take none any more."""
    return _switched(request, public_id, at_terminals=False)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def terminal_switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take cards at terminals, or take none any more."""
    return _switched(request, public_id, at_terminals=True)


def _switched(request: HttpRequest, public_id: str, *, at_terminals: bool) -> HttpResponse:
    rows = selectors.card_accounts().filter(is_terminal=at_terminals)
    row = get_object_or_404(rows, seller__public_id=public_id)
    is_active = not row.is_active
    question = Question(
        title=_("Take cards for %(seller)s") % {"seller": row.seller},
        consequence=_("Customers can pay by card again."),
        verb=_("Take cards"),
        done=_("Cards are taken."),
    )
    if not is_active:
        question = Question(
            title=_("Take no cards any more for %(seller)s") % {"seller": row.seller},
            consequence=_("Nobody can pay by card; what is under way is finished."),
            verb=_("Take no cards"),
            done=_("Cards are not taken any more."),
        )
    return confirm(
        request,
        question,
        lambda reason: accounts.set_active(card_account=row, is_active=is_active, reason=reason),
        back_url=reverse("card_settings"),
    )
