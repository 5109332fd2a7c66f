"""When an automatic payment that failed is tried again (pure).

Banks refuse for reasons that pass (no money until pay day) and for reasons that do not (the card
is gone, the person must confirm). Only the first are tried again, and only before a collection
demand would go out (docs/dunning.md): on the 2nd, 5th, 9th and 16th day after the first try.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

DAYS: Final = (2, 5, 9, 16)
"""Days after the first try."""

FOR_GOOD: Final = frozenset(
    {
        "authentication_required",
        "card_not_supported",
        "currency_not_supported",
        "expired_card",
        "incorrect_number",
        "invalid_account",
        "invalid_number",
        "lost_card",
        "new_account_information_available",
        "payment_method_detached",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
"""Codes after which the same card is of no use, or the person is needed."""


def next_try(*, first_at: datetime, tries: int, code: str, decline_code: str) -> datetime | None:
    """When to try again after ``tries`` failed ones; None: never by itself."""
    if {code, decline_code} & FOR_GOOD or not 1 <= tries <= len(DAYS):
        return None
    return first_at + timedelta(days=DAYS[tries - 1])
