"""What a payment provider can do, and what it says (pure). One folder each; docs/payments.md.

Amounts are Decimals here; minor units are the provider's own affair. ``key`` is an idempotency key
of ours: the same call with the same key happens once, however often it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    """How a payment stands at the provider."""

    WAITING = "waiting"
    PROCESSING = "processing"
    HELD = "held"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ProviderSilent(Exception):
    """No answer, or none that says what happened: the money may have moved. Ask; never guess."""


class ProviderRefused(Exception):
    """The provider answered no, and nothing moved. ``code`` and ``decline_code`` are its own."""

    def __init__(self, code: str, message: str, *, decline_code: str = "", ref: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.decline_code = decline_code
        self.ref = ref


class BadSignature(Exception):
    """A webhook that the provider did not sign, or that is too old."""


@dataclass(frozen=True, slots=True)
class Keys:
    """An account at the provider. Never logged: ``repr`` shows none of it."""

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Card:
    """What may be shown of a way of paying."""

    ref: str
    kind: str = "card"
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the provider's where a person pays or saves a card."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True)
class Look:
    """A payment as the provider sees it now."""

    ref: str
    status: Status
    amount: Decimal
    currency: str
    captured: Decimal = Decimal(0)
    charge_ref: str = ""
    url: str = ""
    code: str = ""
    decline_code: str = ""
    message: str = ""
    capture_before: datetime | None = None
    receipt: str = ""
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Money to be collected. ``ref`` is our id, found again at the provider by it."""

    key: str
    ref: str
    amount: Decimal
    currency: str
    description: str
    customer: str = ""
    method: str = ""
    hold: bool = False
    terminal: str = ""
    return_url: str = ""
    cancel_url: str = ""
    language: str = "sv"
    email: str = ""
    expires_at: datetime | None = None


class RefundStatus(StrEnum):
    """How a refund stands at the provider."""

    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundLook:
    """A refund as the provider sees it now."""

    ref: str
    status: RefundStatus
    amount: Decimal
    currency: str
    message: str = ""


class DisputeStatus(StrEnum):
    """How a dispute stands."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeLook:
    """A dispute as the provider sees it now."""

    ref: str
    payment_ref: str
    status: DisputeStatus
    amount: Decimal
    currency: str
    reason: str
    opened_at: datetime
    respond_by: datetime | None = None


class PayoutStatus(StrEnum):
    """How a payout to the operator's bank stands."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class MoneyKind(StrEnum):
    """What a part of a payout is."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """One movement that a payout sums up: ``net`` is ``amount`` less ``fee``. ``payment_ref`` is
    the payment's, where the movement is about one."""

    ref: str
    kind: MoneyKind
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    payment_ref: str = ""


@dataclass(frozen=True, slots=True)
class PayoutLook:
    """Money that the provider sends to the operator's bank."""

    ref: str
    status: PayoutStatus
    amount: Decimal
    currency: str
    arrives_on: date
    parts: tuple[PayoutPart, ...] = ()
    message: str = ""


class About(StrEnum):
    """What an event tells of."""

    PAYMENT = "payment"
    PAGE = "page"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    METHOD = "method"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the provider's, its signature checked. It only names what to look at: how
    that stands is asked, so that the order in which events come means nothing."""

    ref: str
    kind: str
    about: About
    object_ref: str
    made_at: datetime
    is_live: bool


class Provider(Protocol):
    """A payment provider, for one account at it. Every method may raise ProviderSilent, and
    ProviderRefused where the provider says no."""

    name: str
    at_terminals: bool
    """Whether cards are presented at terminals (``pay`` with the terminal's id), not on pages."""

    def is_live(self) -> bool:
        """Whether the keys move real money; refuses keys that do not work."""
        ...

    def least(self, currency: str) -> Decimal | None:
        """The smallest amount that is collected in a currency; None: not collected at all."""
        ...

    def make_customer(self, *, key: str, ref: str, name: str, email: str, language: str) -> str:
        """A customer, by our id; returns the provider's."""
        ...

    def open_saving(self, order: Order) -> Page:
        """A page where the customer saves a card; nothing is collected."""
        ...

    def saved(self, page_ref: str) -> Card | None:
        """What was saved on a page; None while nothing is. Refuses a page that lapsed."""
        ...

    def forget(self, method_ref: str) -> None:
        """Never use a saved card again."""
        ...

    def pay(self, order: Order) -> Look:
        """Collect from a saved card while the person is away."""
        ...

    def open_page(self, order: Order) -> Page:
        """A page where a person pays, or lets an amount be held."""
        ...

    def close_page(self, page_ref: str) -> None:
        """Nobody can pay there any more; refuses a page on which somebody has."""
        ...

    def look(self, payment_ref: str) -> Look:
        """How a payment stands."""
        ...

    def look_at_page(self, page_ref: str) -> Look:
        """How the payment of a page stands."""
        ...

    def find(self, order: Order, since: datetime) -> Look | None:
        """The payment that an order of ours made, if it arrived."""
        ...

    def capture(self, payment_ref: str, amount: Decimal, currency: str, *, key: str) -> Look:
        """Collect a part of what is held; the rest is let go."""
        ...

    def cancel(self, payment_ref: str, *, key: str) -> Look:
        """Let go what is held, or call a payment off that has not moved money."""
        ...

    def refund(
        self, payment_ref: str, amount: Decimal, currency: str, *, key: str, ref: str
    ) -> RefundLook:
        """Give money back."""
        ...

    def find_refund(self, payment_ref: str, ref: str) -> RefundLook | None:
        """The refund of our id, if it arrived."""
        ...

    def look_at_refund(self, refund_ref: str) -> RefundLook:
        """How a refund stands."""
        ...

    def look_at_dispute(self, dispute_ref: str) -> DisputeLook:
        """How a dispute stands."""
        ...

    def look_at_payout(self, payout_ref: str) -> PayoutLook:
        """A payout with its parts."""
        ...

    def payouts(self, since: datetime) -> Sequence[PayoutLook]:
        """Payouts made since then, without their parts."""
        ...

    def read_event(self, raw: bytes, signature: str) -> Event:
        """What a webhook says. Raises BadSignature."""
        ...
