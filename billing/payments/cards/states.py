"""How a card payment may go from state to state (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a card payment is. ``new``: written down, perhaps not sent. ``unknown``: sent, and
    nobody knows what came of it until the provider has been asked."""

    NEW = "new"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    PROCESSING = "processing"
    HELD = "held"
    CAPTURING = "capturing"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = State
LIVE: Final = (S.NEW, S.UNKNOWN, S.WAITING, S.PROCESSING, S.HELD, S.CAPTURING)
"""Money may still move; an invoice has at most one payment in these."""

_SENT: Final = frozenset({S.WAITING, S.PROCESSING, S.HELD, S.PAID, S.FAILED, S.CANCELLED})
MOVES: Final[Mapping[State, frozenset[State]]] = {
    S.NEW: _SENT | {S.UNKNOWN},
    S.UNKNOWN: _SENT,
    S.WAITING: frozenset({S.PROCESSING, S.HELD, S.PAID, S.FAILED, S.CANCELLED}),
    S.PROCESSING: frozenset({S.WAITING, S.HELD, S.PAID, S.FAILED, S.CANCELLED}),
    S.HELD: frozenset({S.CAPTURING, S.PAID, S.CANCELLED, S.FAILED}),
    # Held still: asked before the collecting arrived; asking.py sends that again.
    S.CAPTURING: frozenset({S.PAID, S.CANCELLED, S.FAILED}),
    # Money that moved after all is money: what the provider says wins, whenever it is heard.
    S.FAILED: frozenset({S.PAID}),
    S.CANCELLED: frozenset({S.PAID}),
    S.PAID: frozenset(),
}


def may_move(before: State, after: State) -> bool:
    """Whether a payment may go from ``before`` to ``after``; staying is no move."""
    return after in MOVES[before]
