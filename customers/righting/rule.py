"""Which way a session is put right, by where its money stands (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Route(StrEnum):
    """``waive`` and ``rerate``: no bill has taken it. ``credit``: a line of a credit note, which
    lowers what is owed. ``refund``: the credit note goes back to the card. ``guest``: the same,
    and the guest gets a new receipt."""

    WAIVE = "waive"
    RERATE = "rerate"
    CREDIT = "credit"
    REFUND = "refund"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a session's money stands. ``billing``: its BillingState, empty before there is any;
    ``billed`` and ``credited``: gross, by documents that were issued; ``creditable``: what remains
    of the lines that billed it; ``on_card``: what of the payment can still go back to a card."""

    billing: str
    is_over: bool = True
    waits_for_second: bool = False
    adjustment_waits: bool = False
    is_guest_settled: bool = False
    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    creditable: Decimal = Decimal(0)
    on_card: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """The routes that are open, and how much may go back at most; or the code of why none is."""

    routes: tuple[Route, ...] = ()
    most: Decimal = Decimal(0)
    refused: str = ""


_UNBILLED: Final[Mapping[str, tuple[Route, ...]]] = {
    "rated": (Route.WAIVE, Route.RERATE),
    "held": (Route.WAIVE, Route.RERATE),
    "awaiting_price": (Route.WAIVE,),
}


def choose(stand: Stand) -> Choice:
    """The way, of which there is one; before a bill the person chooses between two."""
    if not stand.is_over:
        return Choice(refused="not_over")
    if stand.waits_for_second:
        return Choice(refused="decision_waits")
    if stand.is_guest_settled:
        return _billed(stand, Route.GUEST)
    if stand.billed <= 0:
        routes = _UNBILLED.get(stand.billing, ())
        if routes:
            return Choice(routes)
        return Choice(refused="not_rated" if stand.billing in ("", "waiting") else "costs_nothing")
    if stand.adjustment_waits:
        return Choice(refused="adjustment_waits")
    return _billed(stand, Route.REFUND if stand.on_card > 0 else Route.CREDIT)


def _billed(stand: Stand, route: Route) -> Choice:
    most = min(stand.billed - stand.credited, stand.creditable)
    return Choice((route,), most) if most > 0 else Choice(refused="all_back")
