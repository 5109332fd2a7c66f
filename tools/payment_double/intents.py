"""PaymentIntents, their charges and what they add to the balance."""

from __future__ import annotations

from typing import Any, Final

from tools.payment_double.cards import CARDS, TestCard
from tools.payment_double.store import Account, Refusal, Values

HOLD_S: Final = 7 * 86_400
DAYS_S: Final = 3 * 86_400
_OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action",
                "processing", "requires_capture")  # fmt: skip


def method_of(account: Account, number: str, customer: str | None) -> Values:
    """A payment method of a test card."""
    card = CARDS[number]
    made = account.new(
        "pm", "payment_method", type="card", customer=customer, metadata={},
        billing_details={"address": None, "email": None, "name": None, "phone": None},
        card={
            "brand": card.brand, "last4": number[-4:], "exp_month": 12, "exp_year": 2034,
            "country": "SE", "funding": "credit", "fingerprint": number[-8:],
        },
    )  # fmt: skip
    account.cards[made["id"]] = number
    return made


def blank(account: Account, **values: Any) -> Values:
    """A PaymentIntent before anybody has paid."""
    return account.new(
        "pi", "payment_intent",
        **{
            "amount_capturable": 0, "amount_received": 0, "automatic_payment_methods": None,
            "canceled_at": None, "cancellation_reason": None, "capture_method": "automatic",
            "client_secret": "pi_secret_double", "confirmation_method": "automatic",
            "customer": None, "description": None, "last_payment_error": None,
            "latest_charge": None, "metadata": {}, "next_action": None, "payment_method": None,
            "payment_method_types": ["card"], "receipt_email": None, "setup_future_usage": None,
            "status": "requires_payment_method", **values,
        },
    )  # fmt: skip


def create(account: Account, given: Values, base_url: str) -> Values:
    """Create, and confirm where it says so."""
    if int(given["amount"]) < 1:
        raise Refusal(400, "amount_too_small", "Amount must be positive.", at="amount")
    kept = ("customer", "description", "metadata", "payment_method", "capture_method")
    if given.get("payment_method"):
        method = account.get(str(given["payment_method"]), "payment_method")
        if method["customer"] != given.get("customer"):
            raise Refusal(
                400, "payment_method_unexpected_state",
                "The payment method does not belong to the customer.", at="payment_method",
            )  # fmt: skip
    intent = blank(
        account, amount=int(given["amount"]), currency=given["currency"],
        automatic_payment_methods=given.get("automatic_payment_methods"),
        **{name: given[name] for name in kept if name in given},
    )  # fmt: skip
    account.tell("payment_intent.created", intent)
    if given.get("confirm") == "true":
        confirm(
            account, intent, is_away=given.get("off_session") == "true",
            return_url=str(given.get("return_url") or ""), base_url=base_url,
        )  # fmt: skip
    return intent


def confirm(
    account: Account, intent: Values, *, is_away: bool, return_url: str = "", base_url: str = ""
) -> None:
    """Try to collect. Raises the refusal of a bank, with the intent in it."""
    card = CARDS[account.cards[intent["payment_method"]]]
    if card.needs_person and is_away:
        fail(account, intent, card, "authentication_required", "authentication_required")
    if card.needs_person and return_url:
        intent["status"] = "requires_action"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {
                "url": f"{base_url}/c/bank/{account.key}/{intent['id']}", "return_url": return_url,
            },
        }  # fmt: skip
        account.tell("payment_intent.requires_action", intent)
        return
    collect(account, intent, card)


def collect(account: Account, intent: Values, card: TestCard) -> None:
    """What the bank says of this card."""
    intent["next_action"] = None
    if card.code:
        fail(account, intent, card, card.code, card.decline)
    if card.later:
        intent["status"] = "processing"
        account.tell("payment_intent.processing", intent)
        account.after(DAYS_S, lambda: _come_later(account, intent, card))
        return
    if intent["capture_method"] == "manual":
        _hold(account, intent, card)
        return
    _succeed(account, intent, card, intent["amount"])


def fail(account: Account, intent: Values, card: TestCard, code: str, decline: str) -> None:
    """A refusal: the intent waits for another way of paying."""
    _refuse(account, intent, code, decline)
    raise Refusal(
        402, code, "Your card was declined.", kind="card_error", decline=decline, intent=intent
    )


def _refuse(account: Account, intent: Values, code: str, decline: str) -> None:
    intent["last_payment_error"] = {
        "code": code, "decline_code": decline, "message": "Your card was declined.",
        "type": "card_error",
    }  # fmt: skip
    intent["status"] = "requires_payment_method"
    account.tell("payment_intent.payment_failed", intent)


def _come_later(account: Account, intent: Values, card: TestCard) -> None:
    if intent["status"] != "processing":
        return
    if card.later == "succeeded":
        _succeed(account, intent, card, intent["amount"])
    else:
        _refuse(account, intent, "card_declined", "insufficient_funds")


def _charge(account: Account, intent: Values, card: TestCard, captured: int) -> Values:
    details: Values = {
        "type": "card",
        "card": {"brand": card.brand, "last4": card.number[-4:], "exp_month": 12,
                 "exp_year": 2034, "country": "SE", "funding": "credit"},
    }  # fmt: skip
    charge = account.new(
        "ch", "charge", amount=intent["amount"], amount_captured=captured, amount_refunded=0,
        captured=bool(captured), currency=intent["currency"], customer=intent["customer"],
        payment_intent=intent["id"], payment_method=intent["payment_method"], paid=True,
        refunded=False, disputed=False, status="succeeded", metadata=dict(intent["metadata"]),
        payment_method_details=details, balance_transaction=None,
        billing_details={"address": None, "email": None, "name": None, "phone": None},
    )  # fmt: skip
    intent["latest_charge"] = charge["id"]
    return charge


def _hold(account: Account, intent: Values, card: TestCard) -> None:
    charge = _charge(account, intent, card, 0)
    charge["payment_method_details"]["card"]["capture_before"] = account.now() + HOLD_S
    intent["status"], intent["amount_capturable"] = "requires_capture", intent["amount"]
    account.tell("payment_intent.amount_capturable_updated", intent)
    account.after(HOLD_S, lambda: _lapse(account, intent))


def _lapse(account: Account, intent: Values) -> None:
    if intent["status"] == "requires_capture":
        _cancel(account, intent, "automatic")


def _succeed(account: Account, intent: Values, card: TestCard, amount: int) -> None:
    charge = account.objects.get(intent["latest_charge"] or "")
    if charge is None:
        charge = _charge(account, intent, card, amount)
    charge["captured"], charge["amount_captured"] = True, amount
    intent |= {
        "status": "succeeded", "amount_received": amount, "amount_capturable": 0,
        "last_payment_error": None,
    }  # fmt: skip
    # A double's own price list: 1.5 % and 1.80.
    fee = (amount * 15 + 500) // 1000 + 180
    entry = move(account, "charge", amount, fee, charge, intent["currency"])
    charge["balance_transaction"] = entry["id"]
    account.tell("payment_intent.succeeded", intent)
    account.tell("charge.succeeded", charge)
    if card.disputed:
        dispute(account, charge)


def move(
    account: Account, kind: str, amount: int, fee: int, source: Values, currency: str,
    category: str = "",
) -> Values:  # fmt: skip
    """A movement of the balance; it is paid out once."""
    return account.new(
        "txn", "balance_transaction", type=kind, amount=amount, fee=fee, net=amount - fee,
        currency=currency, source=source["id"], reporting_category=category or kind,
        status="available", available_on=account.now(), description=None, exchange_rate=None,
        balance_type="payments",
        fee_details=[{"type": "stripe_fee", "amount": fee, "currency": currency}] if fee else [],
    )  # fmt: skip


def dispute(account: Account, charge: Values) -> Values:
    """The bank wants it back; the sum and a fee leave the balance."""
    made = account.new(
        "du", "dispute", amount=charge["amount_captured"], currency=charge["currency"],
        charge=charge["id"], payment_intent=charge["payment_intent"], reason="fraudulent",
        status="needs_response", metadata={}, balance_transactions=[], evidence={},
        evidence_details={"due_by": account.now() + 7 * 86_400, "has_evidence": False,
                          "past_due": False, "submission_count": 0},
        is_charge_refundable=False,
    )  # fmt: skip
    charge["disputed"] = True
    move(account, "adjustment", -made["amount"], 15_000, made, made["currency"], "dispute")
    account.tell("charge.dispute.created", made)
    return made


def close_dispute(account: Account, made: Values, status: str) -> None:
    """Won: the sum comes back; the fee does not."""
    made["status"] = status
    if status == "won":
        move(account, "adjustment", made["amount"], 0, made, made["currency"], "dispute_reversal")
    account.tell("charge.dispute.closed", made)


def capture(account: Account, intent: Values, given: Values) -> Values:
    """Collect what is held, or a part."""
    if intent["status"] != "requires_capture":
        raise Refusal(
            400, "payment_intent_unexpected_state",
            f"This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}.", intent=intent,
        )  # fmt: skip
    amount = int(given.get("amount_to_capture") or intent["amount"])
    if not 0 < amount <= intent["amount"]:
        raise Refusal(400, "amount_too_large", "More than can be captured.",
                      at="amount_to_capture")  # fmt: skip
    card = CARDS[account.cards[intent["payment_method"]]]
    _succeed(account, intent, card, amount)
    return intent


def cancel(account: Account, intent: Values, given: Values) -> Values:
    """Let go; what moved already is refused."""
    if intent["status"] not in _OPEN or intent["status"] == "processing":
        raise Refusal(
            400, "payment_intent_unexpected_state",
            f"You cannot cancel this PaymentIntent because it has a status of "
            f"{intent['status']}.", intent=intent,
        )  # fmt: skip
    _cancel(account, intent, str(given.get("cancellation_reason") or "requested_by_customer"))
    return intent


def _cancel(account: Account, intent: Values, reason: str) -> None:
    intent |= {"status": "canceled", "canceled_at": account.now(), "amount_capturable": 0,
               "cancellation_reason": reason}  # fmt: skip
    account.tell("payment_intent.canceled", intent)
