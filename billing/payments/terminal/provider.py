"""Payment terminals as a payment provider. docs/payments.md says what the gateway is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NoReturn
from urllib.parse import quote

from billing.payments.cards.provider import (
    BadSignature,
    Card,
    DisputeLook,
    Event,
    Keys,
    Look,
    Order,
    Page,
    PayoutLook,
    ProviderRefused,
    ProviderSilent,
    RefundLook,
)
from billing.payments.terminal import reading
from billing.payments.terminal.client import Values, ask, read_text
from core.money import smallest_unit


def _none(what: str) -> NoReturn:
    raise ProviderRefused("not_at_terminals", f"Terminals know no {what}.")


def _said(amount: Decimal, currency: str) -> str:
    """With the decimals of the currency: 50.00."""
    return f"{amount.quantize(smallest_unit(currency)):f}"


def _at(ref: str) -> str:
    return f"/v1/authorisations/{quote(ref, safe='')}"


class TerminalProvider:
    """One merchant at the gateway of terminals."""

    name = "terminal"
    at_terminals = True

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def _post(self, path: str, key: str, body: Values) -> Values:
        return ask(self._keys, "POST", path, key=key, body=body)

    def is_live(self) -> bool:
        """As the gateway says of the key."""
        live = ask(self._keys, "GET", "/v1/status").get("live")
        if not isinstance(live, bool):
            raise ProviderSilent("The gateway does not say whether the key is live.")
        return live

    def least(self, currency: str) -> Decimal | None:
        """Any whole number of smallest units."""
        return smallest_unit(currency)

    def pay(self, order: Order) -> Look:
        """Ask a terminal to let a card be presented, and to hold or collect the amount."""
        body = {
            "terminal": order.terminal, "reference": order.ref, "currency": order.currency,
            "amount": _said(order.amount, order.currency), "text": order.description,
            "language": order.language, "capture": not order.hold,
        }  # fmt: skip
        return reading.authorisation(self._post("/v1/authorisations", order.key, body))

    def look(self, payment_ref: str) -> Look:
        """The authorisation."""
        return reading.authorisation(ask(self._keys, "GET", _at(payment_ref)))

    def find(self, order: Order, since: datetime) -> Look | None:
        """By our id."""
        rows = ask(self._keys, "GET", "/v1/authorisations", query={"reference": order.ref})
        told = rows.get("authorisations") or []
        found = [one for one in told if one.get("reference") == order.ref]
        return reading.authorisation(found[0]) if found else None

    def capture(self, payment_ref: str, amount: Decimal, currency: str, *, key: str) -> Look:
        """The exact amount; what is held beyond it is let go."""
        body = {"amount": _said(amount, currency)}
        return reading.authorisation(self._post(f"{_at(payment_ref)}/capture", key, body))

    def cancel(self, payment_ref: str, *, key: str) -> Look:
        """Let go what is held; the terminal asks for no card any more."""
        return reading.authorisation(self._post(f"{_at(payment_ref)}/cancel", key, {}))

    def refund(
        self, payment_ref: str, amount: Decimal, currency: str, *, key: str, ref: str
    ) -> RefundLook:
        """Give money back to the card that was presented."""
        body = {"amount": _said(amount, currency), "reference": ref}
        return reading.refund(self._post(f"{_at(payment_ref)}/refunds", key, body))

    def find_refund(self, payment_ref: str, ref: str) -> RefundLook | None:
        """By our id."""
        rows = ask(self._keys, "GET", f"{_at(payment_ref)}/refunds").get("refunds") or []
        found = [one for one in rows if one.get("reference") == ref]
        return reading.refund(found[0]) if found else None

    def look_at_refund(self, refund_ref: str) -> RefundLook:
        """The refund."""
        return reading.refund(ask(self._keys, "GET", f"/v1/refunds/{quote(refund_ref, safe='')}"))

    def look_at_payout(self, payout_ref: str) -> PayoutLook:
        """A closed day with the rows of its file."""
        path = f"/v1/days/{quote(payout_ref, safe='')}"
        found = reading.day(ask(self._keys, "GET", path))
        parts = reading.day_file(read_text(self._keys, f"{path}/file"), found.currency)
        return replace(found, parts=parts)

    def payouts(self, since: datetime) -> Sequence[PayoutLook]:
        """The days that were closed since."""
        rows = ask(self._keys, "GET", "/v1/days", query={"since": f"{since:%Y-%m-%d}"})
        return [reading.day(one) for one in rows.get("days") or []]

    def make_customer(self, *, key: str, ref: str, name: str, email: str, language: str) -> str:
        """Nobody is known there."""
        _none("customers")

    def open_saving(self, order: Order) -> Page:
        """No card is saved."""
        _none("saved cards")

    def saved(self, page_ref: str) -> Card | None:
        """No card is saved."""
        _none("saved cards")

    def forget(self, method_ref: str) -> None:
        """No card is saved."""
        _none("saved cards")

    def open_page(self, order: Order) -> Page:
        """Cards are presented, not written on a page."""
        _none("pages")

    def close_page(self, page_ref: str) -> None:
        """Cards are presented, not written on a page."""
        _none("pages")

    def look_at_page(self, page_ref: str) -> Look:
        """Cards are presented, not written on a page."""
        _none("pages")

    def look_at_dispute(self, dispute_ref: str) -> DisputeLook:
        """The acquirer tells of them on paper."""
        _none("disputes")

    def read_event(self, raw: bytes, signature: str) -> Event:
        """The gateway is asked; it calls nobody."""
        raise BadSignature("The gateway of terminals sends no webhooks.")
