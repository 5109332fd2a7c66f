"""Calls to Stripe: what went wrong is said in the words of every provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import stripe
from django.conf import settings

from billing.payments.cards.provider import Keys, ProviderRefused, ProviderSilent

TIMEOUT_S: Final = 20.0
Values = dict[str, Any]


def client_for(keys: Keys) -> stripe.StripeClient:
    """A client of one account. It retries nothing by itself: whoever calls asks first."""
    addresses: Any = {"api": settings.STRIPE_API_URL} if settings.STRIPE_API_URL else None
    return stripe.StripeClient(
        keys.secret_key,
        base_addresses=addresses,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


def ask(call: Callable[[], stripe.StripeObject]) -> Values:
    """What Stripe answers, as plain values.

    Raises ProviderSilent where the answer does not say what happened (none, 409 while the same
    call runs, 429, 5xx), else ProviderRefused.
    """
    try:
        return dict(call().to_dict())
    except stripe.StripeError as error:
        raise said(error) from error


def said(error: stripe.StripeError) -> ProviderRefused | ProviderSilent:
    """An error of the library in our words."""
    status = error.http_status or 0
    if isinstance(error, stripe.APIConnectionError) or status in (0, 409, 429) or status >= 500:
        return ProviderSilent(f"{type(error).__name__} {status}"[:300])
    if isinstance(error, stripe.IdempotencyError):
        return ProviderRefused("idempotency", "The same key was used for something else.")
    if isinstance(error, stripe.AuthenticationError):
        return ProviderRefused("keys", "Stripe does not accept the key.")
    body: Any = error.error.to_dict() if error.error is not None else {}
    intent = body.get("payment_intent") or {}
    return ProviderRefused(
        str(error.code or body.get("type") or "refused")[:60],
        str(error.user_message or body.get("message") or "")[:500],
        decline_code=str(body.get("decline_code") or "")[:60],
        ref=str(intent.get("id") or ""),
    )
