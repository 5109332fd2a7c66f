"""What Stripe's objects say, in the words of every provider (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from billing.payments.cards.provider import (
    About,
    Card,
    DisputeLook,
    DisputeStatus,
    Look,
    MoneyKind,
    PayoutLook,
    PayoutPart,
    PayoutStatus,
    RefundLook,
    RefundStatus,
    Status,
)
from billing.payments.stripe.minor_units import from_minor

Values = Mapping[str, Any]
_INTENT: Final = {
    "requires_confirmation": Status.WAITING,
    "requires_action": Status.WAITING,
    "processing": Status.PROCESSING,
    "requires_capture": Status.HELD,
    "succeeded": Status.PAID,
    "canceled": Status.CANCELLED,
}
_REFUND: Final = {
    "succeeded": RefundStatus.DONE,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
_DISPUTE: Final = {
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "lost": DisputeStatus.LOST,
    "won": DisputeStatus.WON,
    "warning_closed": DisputeStatus.WON,
    "prevented": DisputeStatus.WON,
}
_PAYOUT: Final = {
    "paid": PayoutStatus.PAID,
    "failed": PayoutStatus.FAILED,
    "canceled": PayoutStatus.FAILED,
}
_MONEY: Final = {
    "charge": MoneyKind.PAYMENT,
    "payment": MoneyKind.PAYMENT,
    "refund": MoneyKind.REFUND,
    "payment_refund": MoneyKind.REFUND,
    "refund_failure": MoneyKind.REFUND,
    "payment_failure_refund": MoneyKind.REFUND,
    "stripe_fee": MoneyKind.FEE,
    "stripe_fx_fee": MoneyKind.FEE,
    "tax_fee": MoneyKind.FEE,
}
_ABOUT: Final = {
    "payment_intent": About.PAYMENT,
    "checkout.session": About.PAGE,
    "refund": About.REFUND,
    "dispute": About.DISPUTE,
    "payout": About.PAYOUT,
    "payment_method": About.METHOD,
}


def moment(seconds: int | None) -> datetime | None:
    """Seconds since 1970 as an instant."""
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def _id(value: Any) -> str:
    """The id of an object that stands there whole or by its id."""
    return str(value.get("id") or "") if isinstance(value, Mapping) else str(value or "")


def card_of(method: Values) -> Card:
    """A PaymentMethod, or the details of a Charge."""
    kind = str(method.get("type") or "card")
    facts = method.get(kind) or {}
    return Card(
        ref=str(method.get("id") or ""),
        kind=kind[:30],
        brand=str(facts.get("brand") or "")[:30],
        last4=str(facts.get("last4") or "")[-4:],
        exp_month=facts.get("exp_month"),
        exp_year=facts.get("exp_year"),
    )


def intent_look(intent: Values, *, is_on_page: bool = False) -> Look:
    """A PaymentIntent with its latest charge. On a page a refused card is no failure: the person
    may take another."""
    currency = str(intent["currency"]).upper()
    error = intent.get("last_payment_error") or {}
    charge = intent.get("latest_charge")
    details = charge.get("payment_method_details") if isinstance(charge, Mapping) else None
    status = _INTENT.get(str(intent["status"]), Status.WAITING if is_on_page else Status.FAILED)
    facts = (details or {}).get("card") or {}
    redirect = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return Look(
        ref=str(intent["id"]),
        status=status,
        amount=from_minor(int(intent["amount"]), currency),
        currency=currency,
        captured=from_minor(int(intent.get("amount_received") or 0), currency),
        charge_ref=_id(charge),
        url=str(redirect.get("url") or ""),
        code=str(error.get("code") or "")[:60],
        decline_code=str(error.get("decline_code") or "")[:60],
        message=str(error.get("message") or "")[:500],
        capture_before=moment(facts.get("capture_before")),
        card=card_of(details) if details else None,
    )


def page_look(page: Values) -> Look:
    """A Checkout Session with its PaymentIntent."""
    intent = page.get("payment_intent")
    if page["status"] == "complete" and isinstance(intent, Mapping):
        return intent_look(intent)
    currency = str(page.get("currency") or "sek").upper()
    status = Status.CANCELLED if page["status"] == "expired" else Status.WAITING
    return Look(
        ref=_id(intent),
        status=status,
        amount=from_minor(int(page.get("amount_total") or 0), currency),
        currency=currency,
        url=str(page.get("url") or "") if status is Status.WAITING else "",
        code="page_expired" if status is Status.CANCELLED else "",
    )


def refund_look(refund: Values) -> RefundLook:
    """A Refund."""
    currency = str(refund["currency"]).upper()
    return RefundLook(
        ref=str(refund["id"]),
        status=_REFUND.get(str(refund.get("status")), RefundStatus.PROCESSING),
        amount=from_minor(int(refund["amount"]), currency),
        currency=currency,
        message=str(refund.get("failure_reason") or "")[:500],
    )


def dispute_look(dispute: Values) -> DisputeLook:
    """A Dispute."""
    currency = str(dispute["currency"]).upper()
    opened = moment(int(dispute["created"]))
    assert opened is not None
    return DisputeLook(
        ref=str(dispute["id"]),
        payment_ref=_id(dispute.get("payment_intent")),
        status=_DISPUTE.get(str(dispute["status"]), DisputeStatus.NEEDS_RESPONSE),
        amount=from_minor(int(dispute["amount"]), currency),
        currency=currency,
        reason=str(dispute.get("reason") or "general")[:60],
        opened_at=opened,
        respond_by=moment((dispute.get("evidence_details") or {}).get("due_by")),
    )


def payout_look(payout: Values, parts: tuple[PayoutPart, ...] = ()) -> PayoutLook:
    """A Payout."""
    currency = str(payout["currency"]).upper()
    return PayoutLook(
        ref=str(payout["id"]),
        status=_PAYOUT.get(str(payout["status"]), PayoutStatus.PENDING),
        amount=from_minor(int(payout["amount"]), currency),
        currency=currency,
        arrives_on=datetime.fromtimestamp(int(payout["arrival_date"]), tz=UTC).date(),
        parts=parts,
        message=str(payout.get("failure_message") or "")[:300],
    )


def payout_part(row: Values) -> PayoutPart | None:
    """A BalanceTransaction with its source; None for the payout's own."""
    currency, kind = str(row["currency"]).upper(), str(row["type"])
    if kind == "payout":
        return None
    source = row.get("source")
    amount, fee = int(row["amount"]), int(row["fee"])
    what = _MONEY.get(kind, MoneyKind.OTHER)
    if kind == "adjustment" and str(row.get("reporting_category") or "").startswith("dispute"):
        what = MoneyKind.DISPUTE
    if what is MoneyKind.FEE:
        amount, fee = 0, fee - amount
    return PayoutPart(
        ref=str(row["id"]),
        kind=what,
        amount=from_minor(amount, currency),
        fee=from_minor(fee, currency),
        net=from_minor(int(row["net"]), currency),
        currency=currency,
        payment_ref=_id(source.get("payment_intent")) if isinstance(source, Mapping) else "",
    )


def about_of(thing: Values) -> tuple[About, str]:
    """What an event's object is about, and the id to look at."""
    kind, ref = str(thing.get("object") or ""), str(thing.get("id") or "")
    if kind == "charge":
        intent = _id(thing.get("payment_intent"))
        return (About.PAYMENT, intent) if intent else (About.NOTHING, ref)
    return _ABOUT.get(kind, About.NOTHING), ref
