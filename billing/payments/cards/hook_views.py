"""Where a provider tells what became of payments: signed, not logged in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.events import apply_event, receive
from billing.payments.cards.provider import BadSignature, ProviderRefused
from core.tenancy.scopes import across_operators


@csrf_exempt
@require_POST
def card_events(request: HttpRequest, public_id: str) -> HttpResponse:
    """404 for an unknown account; 400 for a wrong or an old signature, with nothing stored. What
    was stored is taken, whether it can be applied now or later."""
    signature = request.headers.get("Stripe-Signature", "")
    with across_operators("a provider tells of payments of every operator"):
        account = ProviderAccount.objects.filter(public_id=public_id).first()
        if account is None:
            raise Http404
        try:
            event = receive(card_account=account, raw=request.body, signature=signature)
        except (BadSignature, ProviderRefused):
            return HttpResponse(status=400)
        apply_event(event.pk, now=timezone.now())
    return HttpResponse()
