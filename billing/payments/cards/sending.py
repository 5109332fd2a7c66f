"""Sending a card payment that is written down: the provider is called outside any transaction.

The row is committed first, with its idempotency key. A process that dies between the call and the
commit leaves a row in ``new``; asking.py asks the provider for it, and sends it again by the same
key only where the provider does not know it. So it is collected once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.models import Invoice
from billing.payments.bringing import lock_payments
from billing.payments.cards.accounts import provider_of, silent
from billing.payments.cards.models import CardPayment, CardPaymentPart, CardState, Purpose
from billing.payments.cards.provider import (
    Look,
    Order,
    Provider,
    ProviderRefused,
    ProviderSilent,
    Status,
)
from billing.payments.cards.settling import apply_look, note_refusal, note_silence
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from core.ids import public_id

PAGE_STANDS: Final = timedelta(hours=1)
"""How long a page of the provider's may be paid on."""
SENT_AFTER: Final = timedelta(minutes=1)
"""A row that is older and still ``new`` was left by a process that died."""
_ON_PAGE: Final = (CardState.NEW, CardState.UNKNOWN, CardState.WAITING)


def back_to(url: str, ref: str) -> str:
    """Our own address with the id of what it comes back from."""
    if not url:
        return ""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode({'payment': ref})}"


def write_down(
    *, parts: Sequence[tuple[Invoice, Decimal]] = (), now: datetime | None = None, **values: Any
) -> CardPayment:
    """Commit what is to be collected, before anybody is asked for it. Refuses invoices that are
    being paid already or of which something else is open by now, and (RuntimeError) to be called
    inside a transaction."""
    now = now or timezone.now()
    try:
        with transaction.atomic(durable=True):
            _refuse_changed(parts)
            row: CardPayment = CardPayment.objects.create(
                public_id=public_id("cpy"), user_label=current_actor.get().label[:200],
                created_at=now, next_check_at=now + SENT_AFTER, **values,
            )  # fmt: skip
            for invoice, amount in parts:
                CardPaymentPart.objects.create(
                    operator_id=row.operator_id, card_payment=row, invoice=invoice, amount=amount
                )
            record(
                "card_payment.start", row, operator_id=row.operator_id,
                after={"amount": row.amount, "currency": row.currency, "purpose": row.purpose,
                       "invoices": [str(invoice.number) for invoice, _amount in parts]},
            )  # fmt: skip
    except IntegrityError as error:
        if "card_part_one_live" in str(error):
            raise RuleViolation(
                "being_paid", _("A payment of this invoice is under way.")
            ) from error
        if "card_payment_one_hold" in str(error):
            raise RuleViolation("being_held", _("An amount is held for this already.")) from error
        raise
    return row


def _refuse_changed(parts: Sequence[tuple[Invoice, Decimal]]) -> None:
    """What was read before another payment was booked is not collected once more: bookings wait
    until the row that stands in their way is committed."""
    if not parts:
        return
    lock_payments(parts[0][0].operator_id)
    rows = Invoice.objects.filter(pk__in=[one.pk for one, _amount in parts], is_disputed=False)
    still_open = dict(rows.values_list("pk", "open_amount"))
    if any(still_open.get(one.pk) != amount for one, amount in parts):
        raise RuleViolation("invoice_paid", _("An invoice was paid or disputed in the meantime."))


def order_of(row: CardPayment) -> Order:
    """What is asked of the provider: the same each time, as an idempotency key demands."""
    return Order(
        key=row.public_id,
        ref=row.public_id,
        amount=row.amount,
        currency=row.currency,
        description=row.description,
        customer=row.customer.ref if row.customer is not None else "",
        method=row.method.ref if row.method is not None else "",
        hold=row.purpose == Purpose.HOLD,
        terminal=row.terminal,
        return_url=back_to(row.return_url, row.public_id),
        cancel_url=back_to(row.cancel_url, row.public_id),
        language=row.language,
        email=row.email,
        expires_at=row.created_at + PAGE_STANDS if row.method_id is None else None,
    )


def send(row: CardPayment, *, now: datetime | None = None) -> CardPayment:
    """Ask the provider to collect; what it answers is taken over, silence is noted."""
    try:
        look = _sent(provider_of(row.card_account), row)
    except ProviderRefused as refusal:
        return note_refusal(row, refusal, now=now)
    except ProviderSilent as silence:
        return note_silence(row, silence, now=now)
    return apply_look(row, look, now=now)


def _sent(provider: Provider, row: CardPayment) -> Look:
    order = order_of(row)
    if row.method_id is not None or row.terminal:
        return provider.pay(order)
    page = provider.open_page(order)
    CardPayment.objects.filter(pk=row.pk, page_ref="").update(page_ref=page.ref)
    return Look("", Status.WAITING, row.amount, row.currency, url=page.url)


def close_page(row: CardPayment, *, now: datetime | None = None) -> CardPayment:
    """See to it that nobody can pay on the page of a waiting payment, be it the provider's or
    the bank's; if somebody has, that is taken over. Refuses one that may not have been sent."""
    if not is_sent(row):
        raise RuleViolation("not_sent", _("Nobody knows yet whether it was sent; wait a minute."))
    provider = provider_of(row.card_account)
    try:
        if row.page_ref:
            provider.close_page(row.page_ref)
        elif row.state == CardState.WAITING:
            provider.cancel(row.ref, key=f"{row.public_id}-cancel")
    except ProviderRefused:
        pass  # It was paid or lapsed in the meantime; the next question tells.
    except ProviderSilent as silence:
        raise silent() from silence
    try:
        return apply_look(row, look_at(provider, row), now=now)
    except (ProviderRefused, ProviderSilent) as failure:
        raise silent() from failure


def look_at(provider: Provider, row: CardPayment) -> Look:
    """How a payment that the provider knows stands there. While its page is open the page says
    it: a refused card is no failure there."""
    if row.page_ref and (not row.ref or row.state in _ON_PAGE):
        return provider.look_at_page(row.page_ref)
    return provider.look(row.ref)


def is_sent(row: CardPayment) -> bool:
    """Whether the provider's id of it is known."""
    return bool(row.ref or row.page_ref)


def free_invoices(rows: Sequence[CardPayment]) -> None:
    """Close the pages of earlier attempts that wait; refuses while one is on its way."""
    for row in rows:
        if row.state != CardState.WAITING or close_page(row).is_live:
            raise RuleViolation("being_paid", _("A payment of this invoice is under way."))
