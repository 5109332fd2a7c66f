"""What the gateway says, in the words of every provider (pure).

Raises ProviderSilent for what cannot be read: it says nothing of the money, so it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from billing.payments.cards.provider import (
    Card,
    Look,
    MoneyKind,
    PayoutLook,
    PayoutPart,
    PayoutStatus,
    ProviderRefused,
    ProviderSilent,
    RefundLook,
    RefundStatus,
    Status,
)

_STATES: Final = {
    "waiting": Status.WAITING,
    "held": Status.HELD,
    "captured": Status.PAID,
    "declined": Status.FAILED,
    "cancelled": Status.CANCELLED,
    "lapsed": Status.CANCELLED,
}
_REFUNDS: Final = {
    "pending": RefundStatus.PROCESSING,
    "done": RefundStatus.DONE,
    "failed": RefundStatus.FAILED,
}
_PAYOUTS: Final = {
    "open": PayoutStatus.PENDING, "paid": PayoutStatus.PAID, "failed": PayoutStatus.FAILED,
}  # fmt: skip
_KINDS: Final = {"capture": MoneyKind.PAYMENT, "refund": MoneyKind.REFUND, "fee": MoneyKind.FEE}


def authorisation(told: Mapping[str, Any]) -> Look:
    """A payment at a terminal."""
    try:
        until = told.get("held_until")
        return Look(
            ref=str(told["id"]), status=_STATES[told["state"]], amount=Decimal(told["amount"]),
            currency=str(told["currency"]), captured=Decimal(told.get("captured") or "0"),
            code="lapsed" if told["state"] == "lapsed" else str(told.get("reason") or ""),
            decline_code=str(told.get("reason") or "") if told["state"] == "declined" else "",
            message=str(told.get("message") or "")[:500], receipt=str(told.get("receipt") or ""),
            capture_before=datetime.fromisoformat(until) if until else None,
            card=_card(told.get("card")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ProviderSilent(f"An authorisation cannot be read: {error}"[:300]) from error


def _card(told: Any) -> Card | None:
    if not isinstance(told, dict):
        return None
    return Card(ref="", brand=str(told.get("brand") or "")[:30], last4=str(told["last4"])[-4:])


def refund(told: Mapping[str, Any]) -> RefundLook:
    """Money that goes back."""
    try:
        return RefundLook(
            str(told["id"]), _REFUNDS[told["state"]], Decimal(told["amount"]),
            str(told["currency"]), str(told.get("message") or "")[:500],
        )  # fmt: skip
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ProviderSilent(f"A refund cannot be read: {error}"[:300]) from error


def day(told: Mapping[str, Any]) -> PayoutLook:
    """A closed day without its rows."""
    try:
        return PayoutLook(
            str(told["id"]), _PAYOUTS[told["state"]], Decimal(told["net"]), str(told["currency"]),
            date.fromisoformat(told["pays_on"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ProviderSilent(f"A day cannot be read: {error}"[:300]) from error


def day_file(text: str, currency: str) -> tuple[PayoutPart, ...]:
    """The rows of an end-of-day file: ``H;version;id``, rows ``R;id;kind;authorisation;amount;fee``
    and ``T;count;amount;fee``. Refuses a file whose trailer does not agree with its rows."""
    lines = [line.split(";") for line in text.splitlines() if line.strip()]
    try:
        if lines[0][:2] != ["H", "1"] or lines[-1][0] != "T":
            raise ValueError("no head or no trailer")
        parts = tuple(_part(line, currency) for line in lines[1:-1])
        _count, amount, fee = int(lines[-1][1]), Decimal(lines[-1][2]), Decimal(lines[-1][3])
    except (IndexError, KeyError, ValueError, InvalidOperation) as error:
        raise ProviderRefused("day_file", f"The file cannot be read: {error}"[:300]) from error
    if (_count, amount, fee) != (
        len(parts),
        sum((one.amount for one in parts), Decimal(0)),
        sum((one.fee for one in parts), Decimal(0)),
    ):
        raise ProviderRefused("day_file", "The trailer of the file does not agree with its rows.")
    return parts


def _part(line: list[str], currency: str) -> PayoutPart:
    sign, ref, kind, about, amount, fee = line[:6]
    if sign != "R":
        raise ValueError(f"a row begins with {sign[:10]}")
    gross, cost = Decimal(amount), Decimal(fee)
    return PayoutPart(ref, _KINDS[kind], gross, cost, gross - cost, currency, payment_ref=about)
