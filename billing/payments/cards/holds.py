"""Holds for guests: an amount is held on a card, the exact cost is collected, the rest let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.payments.bringing import lock_payments
from billing.payments.cards.accounts import account_of_seller, provider_of
from billing.payments.cards.asking import refresh
from billing.payments.cards.models import CardPayment, CardState, Purpose, change
from billing.payments.cards.paying import check_amount
from billing.payments.cards.provider import ProviderRefused, ProviderSilent
from billing.payments.cards.sending import close_page, send, write_down
from billing.payments.cards.settling import ASK_AGAIN, apply_look, note_silence
from billing.payments.cards.states import State
from billing.sellers.models import Seller
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.money import smallest_unit

__all__ = ["cancel_hold", "capture_hold", "expiring_holds", "refresh", "start_hold"]
EXPIRES_SOON: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class GuestPage:
    """The page on which a guest pays: where it leads, in which language, and what stands there."""

    return_url: str
    cancel_url: str
    language: str = "sv"
    email: str = ""
    description: str = ""


def start_hold(
    *,
    seller: Seller,
    amount: Decimal,
    currency: str,
    reference: str,
    page: GuestPage,
    account: BillingAccount | None = None,
    prepaid: bool = False,
    terminal: str = "",
) -> CardPayment:
    """Let a person hold an amount on a page of the provider's (``url``); ``held`` says that it
    is. ``reference`` is the caller's own id: one live hold each. ``prepaid``: the amount is
    collected at once, for ways of paying that cannot be held; the rest is refunded later, so it
    needs an account. ``terminal``: the card is presented there, and no page is opened. Calls the
    provider."""
    if not reference:
        raise InvalidInput("reference", _("Say what the amount is held for."), field="reference")
    if prepaid and account is None:
        raise InvalidInput("account", _("What is paid ahead needs an account."), field="account")
    card_account = account_of_seller(seller.pk, at_terminals=bool(terminal))
    if card_account is None:
        raise RuleViolation("no_provider", _("Cards are not taken here."))
    _check(amount, currency)
    check_amount(card_account, amount, currency)
    row = write_down(
        operator_id=seller.operator_id, card_account=card_account, account=account,
        purpose=Purpose.PREPAID if prepaid else Purpose.HOLD, amount=amount, currency=currency,
        description=(page.description or _("Charging"))[:200], reference=reference[:60],
        terminal=terminal,
        return_url=page.return_url, cancel_url=page.cancel_url, language=page.language,
        email=page.email,
    )  # fmt: skip
    return send(row)


def _check(amount: Decimal, currency: str) -> None:
    if amount <= 0 or amount != amount.quantize(smallest_unit(currency)):
        raise InvalidInput(
            "amount",
            _("Write an amount above zero in whole smallest units of %(currency)s.")
            % {"currency": currency},
            field="amount",
        )


def capture_hold(*, payment: CardPayment, amount: Decimal) -> CardPayment:
    """Collect the exact cost of what is held; the rest is let go.

    Nothing, or less than the provider collects, lets the whole hold go. Refuses more than is
    held, and a second amount. Calls the provider; silence is settled by asking.
    """
    if amount == 0 or amount < (provider_of(payment.card_account).least(payment.currency) or 0):
        return cancel_hold(payment=payment, reason=_("Too little to be collected"))
    _check(amount, payment.currency)
    if not _write_capture(payment, amount):
        return payment
    provider = provider_of(payment.card_account)
    try:
        look = provider.capture(
            payment.ref, amount, payment.currency, key=f"{payment.public_id}-capture"
        )
    except ProviderSilent as silence:
        return note_silence(payment, silence)
    except ProviderRefused:
        # It lapsed or was let go in the meantime: how it stands is the answer.
        return refresh(payment=payment)
    return apply_look(payment, look)


def _write_capture(payment: CardPayment, amount: Decimal) -> bool:
    """Commit what is to be collected; False where the same amount is collected already."""
    with transaction.atomic(durable=True):
        row = _locked(payment)
        if row.state in (CardState.CAPTURING, CardState.PAID):
            if row.wanted_amount != amount:
                raise RuleViolation("captured", _("Another amount was collected already."))
            payment.refresh_from_db()
            return False
        if row.state != CardState.HELD:
            raise RuleViolation("not_held", _("Nothing is held of it."))
        if amount > row.amount:
            raise RuleViolation("beyond_hold", _("That is more than is held."), field="amount")
        change(
            row, state=CardState.CAPTURING.value, wanted_amount=amount,
            next_check_at=timezone.now() + ASK_AGAIN[State.CAPTURING],
        )  # fmt: skip
        record(
            "card_payment.capturing", row, operator_id=row.operator_id,
            before={"state": "held"}, after={"state": "capturing", "amount": amount},
        )  # fmt: skip
    payment.refresh_from_db()
    return True


def _locked(payment: CardPayment) -> CardPayment:
    lock_payments(payment.operator_id)
    row: CardPayment = CardPayment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    return row


def cancel_hold(*, payment: CardPayment, reason: str) -> CardPayment:
    """Let all that is held go, or call the page off where nobody has paid yet. What was
    collected stays; then the payment comes back as ``paid``. Calls the provider."""
    # As it is now: somebody may have begun to collect since it was read.
    payment.refresh_from_db(fields=["state", "ref", "page_ref"])
    if not payment.is_live:
        return payment
    if payment.state == CardState.CAPTURING:
        raise RuleViolation("being_captured", _("It is being collected."))
    if payment.state != CardState.HELD:
        closed = close_page(payment)
        if closed.state != CardState.HELD:
            return closed
    record("card_payment.release", payment, operator_id=payment.operator_id, reason=reason)
    try:
        look = provider_of(payment.card_account).cancel(
            payment.ref, key=f"{payment.public_id}-cancel"
        )
    except ProviderSilent as silence:
        return note_silence(payment, silence)
    except ProviderRefused:
        return refresh(payment=payment)
    return apply_look(payment, look)


def expiring_holds(now: datetime) -> QuerySet[CardPayment]:
    """Holds that lapse within hours: collect what they are for now; what is used after that is
    paid otherwise."""
    rows: QuerySet[CardPayment] = CardPayment.objects.filter(
        state=CardState.HELD, capture_before_at__lte=now + EXPIRES_SOON
    )
    return rows.order_by("capture_before_at", "pk")
