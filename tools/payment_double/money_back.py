"""Refunds and payouts."""

from __future__ import annotations

from typing import Final

from tools.payment_double.cards import CARDS
from tools.payment_double.intents import move
from tools.payment_double.store import Account, Refusal, Values

REFUND_S: Final = 86_400


def refund(account: Account, given: Values) -> Values:
    """Give back at most what was captured and not given back before."""
    intent = account.get(str(given["payment_intent"]), "payment_intent")
    charge = account.objects.get(intent["latest_charge"] or "")
    if charge is None or not charge["captured"]:
        raise Refusal(400, "charge_not_captured", "Nothing was captured.", at="payment_intent")
    if charge["disputed"]:
        raise Refusal(400, "charge_disputed", "The charge has been charged back.")
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = int(given.get("amount") or left)
    if left <= 0:
        raise Refusal(400, "charge_already_refunded", "Charge has already been refunded.")
    if not 0 < amount <= left:
        raise Refusal(
            400, "amount_too_large",
            "Refund amount is greater than unrefunded amount on charge.", at="amount",
        )  # fmt: skip
    card = CARDS[account.cards[charge["payment_method"]]]
    made = account.new(
        "re", "refund", amount=amount, currency=charge["currency"], charge=charge["id"],
        payment_intent=intent["id"], metadata=given.get("metadata") or {},
        reason=given.get("reason"), status="succeeded" if card.refund == "succeeded" else "pending",
        balance_transaction=None, failure_reason=None, receipt_number=None,
    )  # fmt: skip
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    entry = move(account, "refund", -amount, 0, made, charge["currency"])
    made["balance_transaction"] = entry["id"]
    account.tell("refund.created", made)
    account.tell("charge.refunded", charge)
    if card.refund != "succeeded":
        account.after(REFUND_S, lambda: _come_later(account, made, charge, card.refund))
    return made


def _come_later(account: Account, made: Values, charge: Values, how: str) -> None:
    if how == "pending":
        made["status"] = "succeeded"
        account.tell("refund.updated", made)
        return
    made |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    charge["amount_refunded"] -= made["amount"]
    charge["refunded"] = False
    move(account, "refund_failure", made["amount"], 0, made, made["currency"])
    account.tell("refund.failed", made)


def pay_out(account: Account) -> Values | None:
    """Send all that is in the balance to the bank; None where that is nothing."""
    rows = [
        one for one in account.all("balance_transaction")
        if "paid_by" not in one and one["type"] != "payout"
    ]  # fmt: skip
    total = sum(one["net"] for one in rows)
    if not rows or total <= 0:
        return None
    payout = account.new(
        "po", "payout", amount=total, currency=rows[0]["currency"], arrival_date=account.now(),
        automatic=True, status="in_transit", method="standard", type="bank_account", metadata={},
        balance_transaction=None, description="STRIPE PAYOUT", destination="ba_double",
        failure_code=None, failure_message=None, reconciliation_status="completed",
        source_type="card", statement_descriptor=None,
    )  # fmt: skip
    for one in rows:
        one["paid_by"] = payout["id"]
    account.tell("payout.created", payout)
    return payout


def arrive(account: Account, payout: Values) -> None:
    """The bank has it."""
    payout["status"] = "paid"
    account.tell("payout.paid", payout)
