"""Stripe as a payment provider. Names are those of the API version that the package pins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import stripe
from stripe import params as p

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
    RefundLook,
)
from billing.payments.stripe import minor_units, orders
from billing.payments.stripe.client import Values, ask, client_for, said
from billing.payments.stripe.minor_units import to_minor
from billing.payments.stripe.reading import (
    about_of,
    card_of,
    dispute_look,
    intent_look,
    page_look,
    payout_look,
    payout_part,
    refund_look,
)

_CHARGE: Final = ["latest_charge"]
_PAGE_CHARGE: Final = ["payment_intent.latest_charge"]
_MOST_LISTED: Final = 1_000


class StripeProvider:
    """One account at Stripe."""

    name = "stripe"
    at_terminals = False

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._api = client_for(keys).v1

    def is_live(self) -> bool:
        """Asks for the balance, which every key may read."""
        return bool(ask(self._api.balance.retrieve)["livemode"])

    def least(self, currency: str) -> Decimal | None:
        """By the table of minor units."""
        return minor_units.least(currency)

    def make_customer(self, *, key: str, ref: str, name: str, email: str, language: str) -> str:
        """A Customer with our id in its metadata."""
        values: p.CustomerCreateParams = {"metadata": {"ref": ref}, "name": name[:250]}
        if email:
            values["email"] = email
        if language:
            values["preferred_locales"] = [language]
        made = ask(lambda: self._api.customers.create(values, {"idempotency_key": key}))
        return str(made["id"])

    def open_saving(self, order: Order) -> Page:
        """A Checkout Session in mode ``setup``: it makes the SetupIntent."""
        return self._open(orders.saving_page(order), order.key)

    def saved(self, page_ref: str) -> Card | None:
        """The payment method of the session's SetupIntent."""
        wanted: p.checkout.SessionRetrieveParams = {"expand": ["setup_intent.payment_method"]}
        page = ask(lambda: self._api.checkout.sessions.retrieve(page_ref, wanted))
        if page["status"] == "expired":
            raise ProviderRefused("page_expired", "The page has lapsed.")
        intent: Any = page.get("setup_intent")
        if page["status"] != "complete" or not isinstance(intent, dict):
            return None
        method = intent.get("payment_method")
        if intent.get("status") != "succeeded" or not isinstance(method, dict):
            return None
        return card_of(method)

    def forget(self, method_ref: str) -> None:
        """Detach it; one that is gone is gone."""
        try:
            ask(lambda: self._api.payment_methods.detach(method_ref))
        except ProviderRefused as refusal:
            if refusal.code == "keys":
                raise

    def pay(self, order: Order) -> Look:
        """A PaymentIntent that is confirmed at once."""
        values = orders.intent(order)
        key: stripe.RequestOptions = {"idempotency_key": order.key}
        return intent_look(ask(lambda: self._api.payment_intents.create(values, key)))

    def open_page(self, order: Order) -> Page:
        """A Checkout Session in mode ``payment``; held only, where the order says so."""
        return self._open(orders.payment_page(order), order.key)

    def _open(self, values: p.checkout.SessionCreateParams, key: str) -> Page:
        page = ask(lambda: self._api.checkout.sessions.create(values, {"idempotency_key": key}))
        return Page(str(page["id"]), str(page["url"] or ""))

    def close_page(self, page_ref: str) -> None:
        """Expire the session."""
        ask(lambda: self._api.checkout.sessions.expire(page_ref))

    def look(self, payment_ref: str) -> Look:
        """The PaymentIntent with its charge."""
        wanted: p.PaymentIntentRetrieveParams = {"expand": _CHARGE}
        return intent_look(ask(lambda: self._api.payment_intents.retrieve(payment_ref, wanted)))

    def look_at_page(self, page_ref: str) -> Look:
        """The session with its PaymentIntent."""
        wanted: p.checkout.SessionRetrieveParams = {"expand": _PAGE_CHARGE}
        return page_look(ask(lambda: self._api.checkout.sessions.retrieve(page_ref, wanted)))

    def find(self, order: Order, since: datetime) -> Look | None:
        """By our id in the metadata, among what was made since. Lists are exact at once, the
        search is not."""
        created: Any = {"gte": int(since.timestamp()) - 60}
        if order.method:
            intents: p.PaymentIntentListParams = {"customer": order.customer, "created": created}
            made = self._listed(lambda: self._api.payment_intents.list(intents))
            found = [one for one in made if (one.get("metadata") or {}).get("ref") == order.ref]
            return self.look(str(found[0]["id"])) if found else None
        sessions: p.checkout.SessionListParams = {"created": created}
        pages = self._listed(lambda: self._api.checkout.sessions.list(sessions))
        found = [one for one in pages if one.get("client_reference_id") == order.ref]
        return self.look_at_page(str(found[0]["id"])) if found else None

    def _listed(self, call: Callable[[], Any]) -> list[Values]:
        """All rows of a list, up to a bound."""
        try:
            rows: list[Values] = []
            for one in call().auto_paging_iter():
                rows.append(one.to_dict())
                if len(rows) >= _MOST_LISTED:
                    break
        except stripe.StripeError as error:
            raise said(error) from error
        return rows

    def capture(self, payment_ref: str, amount: Decimal, currency: str, *, key: str) -> Look:
        """The exact amount; what is held beyond it is released."""
        values: p.PaymentIntentCaptureParams = {
            "amount_to_capture": to_minor(amount, currency),
            "expand": _CHARGE,
        }
        call = self._api.payment_intents.capture
        return intent_look(ask(lambda: call(payment_ref, values, {"idempotency_key": key})))

    def cancel(self, payment_ref: str, *, key: str) -> Look:
        """Cancel the PaymentIntent."""
        values: p.PaymentIntentCancelParams = {"expand": _CHARGE}
        call = self._api.payment_intents.cancel
        return intent_look(ask(lambda: call(payment_ref, values, {"idempotency_key": key})))

    def refund(
        self, payment_ref: str, amount: Decimal, currency: str, *, key: str, ref: str
    ) -> RefundLook:
        """A Refund of the PaymentIntent, with our id in its metadata."""
        values: p.RefundCreateParams = {
            "payment_intent": payment_ref,
            "amount": to_minor(amount, currency),
            "metadata": {"ref": ref},
        }
        return refund_look(ask(lambda: self._api.refunds.create(values, {"idempotency_key": key})))

    def find_refund(self, payment_ref: str, ref: str) -> RefundLook | None:
        """Among the refunds of the PaymentIntent, by our id."""
        values: p.RefundListParams = {"payment_intent": payment_ref}
        rows = self._listed(lambda: self._api.refunds.list(values))
        found = [one for one in rows if (one.get("metadata") or {}).get("ref") == ref]
        return refund_look(found[0]) if found else None

    def look_at_refund(self, refund_ref: str) -> RefundLook:
        """The Refund."""
        return refund_look(ask(lambda: self._api.refunds.retrieve(refund_ref)))

    def look_at_dispute(self, dispute_ref: str) -> DisputeLook:
        """The Dispute."""
        return dispute_look(ask(lambda: self._api.disputes.retrieve(dispute_ref)))

    def look_at_payout(self, payout_ref: str) -> PayoutLook:
        """The Payout with its balance transactions."""
        payout = ask(lambda: self._api.payouts.retrieve(payout_ref))
        values: p.BalanceTransactionListParams = {"payout": payout_ref, "expand": ["data.source"]}
        rows = self._listed(lambda: self._api.balance_transactions.list(values))
        parts = [part for row in rows if (part := payout_part(row)) is not None]
        return payout_look(payout, tuple(parts))

    def payouts(self, since: datetime) -> Sequence[PayoutLook]:
        """Payouts by the day they were made."""
        values: p.PayoutListParams = {"created": {"gte": int(since.timestamp())}}
        rows = self._listed(lambda: self._api.payouts.list(values))
        return [payout_look(one) for one in rows]

    def read_event(self, raw: bytes, signature: str) -> Event:
        """Signed with the account's secret, and not older than five minutes."""
        try:
            told = stripe.Webhook.construct_event(raw, signature, self._keys.webhook_secret)
            event = told.to_dict()
            about, ref = about_of(event["data"]["object"])
            made_at = datetime.fromtimestamp(int(event["created"]), tz=UTC)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
            raise BadSignature(str(error)[:200]) from error
        return Event(
            ref=str(event["id"])[:100],
            kind=str(event["type"])[:80],
            about=about,
            object_ref=ref[:120],
            made_at=made_at,
            is_live=bool(event.get("livemode")),
        )
