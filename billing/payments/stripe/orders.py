"""Orders as Stripe takes them (pure but for its types, which check the names)."""

from __future__ import annotations

from typing import Any, Final

from stripe import params as p

from billing.payments.cards.provider import Order
from billing.payments.stripe.minor_units import to_minor

_LANGUAGES: Final = ("sv", "en", "nb", "da", "fi", "de")


def intent(order: Order) -> p.PaymentIntentCreateParams:
    """Collect from a saved card at once: while the person is away, or (with ``return_url``) with
    the person there, whom the bank may send to a page of its own."""
    values: p.PaymentIntentCreateParams = {
        "amount": to_minor(order.amount, order.currency),
        "currency": order.currency.lower(),
        "customer": order.customer,
        "payment_method": order.method,
        "confirm": True,
        "description": order.description,
        "metadata": {"ref": order.ref},
        "expand": ["latest_charge"],
    }
    if order.return_url:
        values["automatic_payment_methods"] = {"enabled": True}
        values["return_url"] = order.return_url
    else:
        values["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
        values["off_session"] = True
    return values


def payment_page(order: Order) -> p.checkout.SessionCreateParams:
    """Pay on Stripe's page: one line with the whole amount, computed here."""
    values = _page(order, "payment")
    values["line_items"] = [
        {
            "price_data": {
                "currency": order.currency.lower(),
                "unit_amount": to_minor(order.amount, order.currency),
                "product_data": {"name": order.description},
            },
            "quantity": 1,
        }
    ]
    about: p.checkout.SessionCreateParamsPaymentIntentData = {
        "description": order.description,
        "metadata": {"ref": order.ref},
    }
    if order.hold:
        about["capture_method"] = "manual"
    values["payment_intent_data"] = about
    if order.expires_at is not None:
        values["expires_at"] = int(order.expires_at.timestamp())
    return values


def saving_page(order: Order) -> p.checkout.SessionCreateParams:
    """Save a card on Stripe's page."""
    values = _page(order, "setup")
    values["currency"] = order.currency.lower()
    values["setup_intent_data"] = {"metadata": {"ref": order.ref}}
    return values


def _page(order: Order, mode: Any) -> p.checkout.SessionCreateParams:
    values: p.checkout.SessionCreateParams = {
        "mode": mode,
        "success_url": order.return_url,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.ref,
        "metadata": {"ref": order.ref},
        "locale": order.language if order.language in _LANGUAGES else "auto",
    }
    if order.customer:
        values["customer"] = order.customer
    elif order.email:
        values["customer_email"] = order.email
    return values
