"""Test cards: what each does, by its number. The numbers are Stripe's where it has such a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TestCard:
    """``decline``: the code of a refusal; ``needs_person``: the bank wants to see the person;
    ``later``: what comes of a payment that is ``processing`` first; ``refund``: what comes of a
    refund; ``disputed``: the bank wants the money back at once."""

    number: str
    words: str
    brand: str = "visa"
    code: str = ""
    decline: str = ""
    needs_person: bool = False
    later: str = ""
    refund: str = "succeeded"
    disputed: bool = False
    fails_saved: bool = False


CARDS: Final[dict[str, TestCard]] = {
    one.number: one
    for one in (
        TestCard("4242424242424242", "Works"),
        TestCard("5555555555554444", "Works (Mastercard)", brand="mastercard"),
        TestCard("4000000000000002", "Refused", code="card_declined", decline="generic_decline"),
        TestCard(
            "4000000000009995", "No money", code="card_declined", decline="insufficient_funds"
        ),
        TestCard("4000000000009987", "Lost", code="card_declined", decline="lost_card"),
        TestCard("4000000000000069", "Expired", code="expired_card", decline="expired_card"),
        TestCard(
            "4000000000000341", "Can be saved, is refused later", code="card_declined",
            decline="insufficient_funds", fails_saved=True,
        ),
        TestCard("4000002760003184", "The bank asks the person each time", needs_person=True),
        TestCard("4000000000000259", "Disputed at once", disputed=True),
        TestCard("4000000000007726", "Refunds take a while", refund="pending"),
        TestCard("4000000000005126", "Refunds fail later", refund="pending_failed"),
        TestCard("4000000000000077", "Takes days, then works", later="succeeded"),
        TestCard("4000000000000119", "Takes days, then fails", later="failed"),
    )
}  # fmt: skip
