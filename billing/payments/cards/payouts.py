"""Payouts: what a provider sends to the bank, with what it is made of, and seeing it there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.payments.bank_models import BankTransaction, Direction, TransactionState
from billing.payments.bringing import lock_payments
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import provider_of
from billing.payments.cards.event_models import CardPayout, CardPayoutPart, CardPayoutState
from billing.payments.cards.models import CardPayment, change
from billing.payments.cards.provider import (
    PayoutLook,
    PayoutPart,
    Provider,
    ProviderRefused,
    ProviderSilent,
)
from billing.payments.seller_of import seller_of_bank_account
from billing.payments.sorting import ignore_transaction
from core.audit.services import record
from core.errors import RuleViolation
from core.ids import public_id

EARLY: Final = timedelta(days=1)
LATE: Final = timedelta(days=7)
"""How far the bank's day may lie before or after the day that the provider named."""
UNREAD_AFTER: Final = timedelta(days=1)
"""How long a payout may be listed without its parts."""
_LOOK_BACK: Final = timedelta(days=14)
Unread = dict[str, str]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnreadPayout:
    """A payout that the provider lists, and why it is not here."""

    ref: str
    card_account: ProviderAccount
    amount: Decimal
    currency: str
    why: str
    since_at: datetime


@transaction.atomic
def apply_payout(
    card_account: ProviderAccount, look: PayoutLook, *, now: datetime | None = None
) -> CardPayout | None:
    """Take over a payout, with its parts once they are known: they must add up to it. Refuses
    parts that do not; None while they are not there yet."""
    now = now or timezone.now()
    lock_payments(card_account.operator_id)
    row: CardPayout | None = (
        CardPayout.objects.select_for_update(of=("self",))
        .filter(card_account=card_account, ref=look.ref)
        .first()
    )
    if row is None:
        if not look.parts:
            return None
        return _stored(card_account, look)
    if row.state == CardPayoutState.PENDING or look.status.value == CardPayoutState.FAILED:
        if row.state != look.status.value:
            record(
                "card_payout.state", row, operator_id=row.operator_id,
                before={"state": row.state}, after={"state": look.status.value},
            )  # fmt: skip
        change(row, state=look.status.value, message=look.message, arrives_on=look.arrives_on)
    return row


def _stored(card_account: ProviderAccount, look: PayoutLook) -> CardPayout:
    net = sum((one.net for one in look.parts), Decimal(0))
    if net != look.amount or any(one.currency != look.currency for one in look.parts):
        raise RuleViolation("payout_sum", _("The parts of payout %(ref)s do not add up.") % {
            "ref": look.ref})  # fmt: skip
    row: CardPayout = CardPayout.objects.create(
        operator_id=card_account.operator_id, public_id=public_id("cpo"),
        card_account=card_account, ref=look.ref, state=look.status.value, amount=look.amount,
        gross=sum((one.amount for one in look.parts), Decimal(0)),
        fee=sum((one.fee for one in look.parts), Decimal(0)),
        currency=look.currency, arrives_on=look.arrives_on, message=look.message,
    )  # fmt: skip
    refs = [one.payment_ref for one in look.parts if one.payment_ref]
    known = {
        one.ref: one for one in CardPayment.objects.filter(card_account=card_account, ref__in=refs)
    }
    CardPayoutPart.objects.bulk_create(
        [_part(row, one, known.get(one.payment_ref)) for one in look.parts]
    )
    record(
        "card_payout.read", row, operator_id=row.operator_id,
        after={"amount": row.amount, "fee": row.fee, "parts": len(look.parts)},
    )  # fmt: skip
    return row


def _part(row: CardPayout, one: PayoutPart, about: CardPayment | None) -> CardPayoutPart:
    return CardPayoutPart(
        operator_id=row.operator_id, payout=row, ref=one.ref, kind=one.kind.value,
        amount=one.amount, fee=one.fee, net=one.net, card_payment=about,
    )  # fmt: skip


def read_payouts(*, now: datetime) -> int:
    """Read the payouts of the last weeks that are not here yet, or were not paid when they were
    read; returns how many. One that cannot be read holds up no other: it is noted, and read again
    however old it grows. Days of terminals are read also once no cards are taken there."""
    accounts = ProviderAccount.objects.filter(Q(is_active=True) | Q(is_terminal=True))
    done = 0
    for card_account in accounts.select_related("operator").order_by("pk"):
        try:
            done += _read(card_account, now)
        except (ProviderRefused, ProviderSilent) as failure:
            logger.warning("Payouts of %s were not listed: %s", card_account.public_id, failure)
    return done


def _read(card_account: ProviderAccount, now: datetime) -> int:
    provider = provider_of(card_account)
    rows = CardPayout.objects.filter(card_account=card_account)
    stored = dict(rows.values_list("ref", "state"))
    listed = {one.ref: one for one in provider.payouts(now - _LOOK_BACK)}
    before: dict[str, Unread] = card_account.unread_payouts
    unread: dict[str, Unread] = {}
    done = 0
    for ref in dict.fromkeys([*before, *listed]):
        if stored.get(ref, CardPayoutState.PENDING) != CardPayoutState.PENDING:
            continue
        why, is_bad = _taken_over(card_account, provider, ref, now)
        if not why:
            done += 1
        elif ref not in stored:
            unread[ref] = _noted(before.get(ref), listed.get(ref), why, is_bad, now)
    if unread != before:
        ProviderAccount.objects.filter(pk=card_account.pk).update(unread_payouts=unread)
    return done


def _taken_over(
    card_account: ProviderAccount, provider: Provider, ref: str, now: datetime
) -> tuple[str, bool]:
    """Why a payout was not taken over, and whether waiting will not help; nothing where it was."""
    try:
        if apply_payout(card_account, provider.look_at_payout(ref), now=now) is not None:
            return "", False
        return "no_parts", False
    except ProviderSilent as silence:
        why, is_bad = str(silence) or "silent", False
    except ProviderRefused as refusal:
        why, is_bad = refusal.message or refusal.code, True
    except RuleViolation as refusal:
        why, is_bad = str(refusal.message), True
    except Exception as error:
        logger.exception("Payout %s of %s failed", ref, card_account.public_id)
        return type(error).__name__, True
    logger.warning("Payout %s of %s was not read: %s", ref, card_account.public_id, why)
    return why, is_bad


def _noted(
    before: Unread | None, listed: PayoutLook | None, why: str, is_bad: bool, now: datetime
) -> Unread:
    found = dict(before or {"since": now.isoformat()})
    if listed is not None:
        found |= {"amount": f"{listed.amount:f}", "currency": listed.currency}
    since = datetime.fromisoformat(found["since"])
    shown = since if is_bad else since + UNREAD_AFTER
    return found | {"why": why[:300], "shown_from": shown.isoformat()}


def unread_payouts(now: datetime) -> list[UnreadPayout]:
    """Payouts that were listed and are not here: at once where the provider's words are wrong,
    after a day where it was silent or their parts are not there."""
    rows = ProviderAccount.objects.exclude(unread_payouts={}).select_related("seller")
    return [
        UnreadPayout(
            ref, account, Decimal(one.get("amount", "0")), one.get("currency", ""),
            one["why"], datetime.fromisoformat(one["since"]),
        )
        for account in rows.order_by("pk")
        for ref, one in sorted(account.unread_payouts.items())
        if datetime.fromisoformat(one["shown_from"]) <= now
    ]  # fmt: skip


def match_payouts(*, now: datetime) -> int:
    """See payouts on the bank's files: the one transaction of the amount, on the seller's own
    account, around the day. It leaves the work list, since the payout books it. Several that fit
    wait for a person."""
    waiting = CardPayout.objects.filter(
        state=CardPayoutState.PAID, bank_transaction=None, amount__gt=0
    ).select_related("card_account__seller")
    done = 0
    for payout in waiting.order_by("arrives_on", "pk")[:500]:
        found = candidates(payout)
        if len(found) == 1:
            match_payout(payout=payout, row=found[0], now=now)
            done += 1
    return done


def candidates(payout: CardPayout) -> list[BankTransaction]:
    """Transactions on the work list that may be the payout."""
    rows = BankTransaction.objects.filter(
        operator_id=payout.operator_id, state=TransactionState.WORK_LIST,
        direction=Direction.CREDIT, amount=payout.amount, currency=payout.currency,
        booked_on__range=(payout.arrives_on - EARLY, payout.arrives_on + LATE),
        card_payout=None,
    )  # fmt: skip
    own = payout.card_account.seller_id
    return [
        one
        for one in rows.order_by("booked_on", "pk")[:20]
        if seller_of_bank_account(one.operator_id, one.bank_account) == own
    ]


@transaction.atomic
def match_payout(
    *, payout: CardPayout, row: BankTransaction, now: datetime | None = None
) -> CardPayout:
    """Say that a bank transaction is a payout. Refuses another amount, and what is matched."""
    lock_payments(payout.operator_id)
    fresh: CardPayout = CardPayout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
    if fresh.bank_transaction_id is not None or fresh.state != CardPayoutState.PAID:
        raise RuleViolation("payout_matched", _("The payout was matched already, or not paid."))
    if (row.amount, row.currency) != (fresh.amount, fresh.currency):
        raise RuleViolation("other_amount", _("The transaction has another amount."))
    ignore_transaction(
        row=row, reason=_("Payout %(ref)s of the card provider") % {"ref": fresh.ref}
    )
    change(fresh, bank_transaction=row, matched_at=now or timezone.now())
    record(
        "card_payout.match", fresh, operator_id=fresh.operator_id,
        after={"bank_transaction": row.public_id},
    )  # fmt: skip
    return fresh
