"""Tasks of payments, all of them pulled by beat."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from billing.payments.cards.asking import ask_due
from billing.payments.cards.automatic import collect_due
from billing.payments.cards.events import apply_due
from billing.payments.cards.payouts import match_payouts, read_payouts
from billing.payments.cards.refunding import ask_refunds_due
from billing.payments.credits import use_credits_due
from billing.payments.matching_services import match_due
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=280, time_limit=300)
def match_payments() -> None:
    """Match new bank transactions, and use customers' credit for what they owe."""
    now = timezone.now()
    with across_operators("bank transactions of every operator are matched"):
        match_due(now=now)
        use_credits_due(now=now)


@shared_task(soft_time_limit=280, time_limit=300)
def follow_cards() -> None:
    """Apply webhooks that wait, and ask for payments and refunds that were not heard of."""
    now = timezone.now()
    with across_operators("card payments of every operator are followed"):
        apply_due(now=now)
        ask_due(now=now)
        ask_refunds_due(now=now)


@shared_task(soft_time_limit=580, time_limit=600)
def collect_cards() -> None:
    """Pay invoices by saved cards that fall due, and try again what failed."""
    with across_operators("invoices of every operator are paid by card"):
        collect_due(now=timezone.now())


@shared_task(soft_time_limit=280, time_limit=300)
def read_card_payouts() -> None:
    """Read what providers paid out, and see it in the bank's files."""
    now = timezone.now()
    with across_operators("payouts to every operator are read"):
        read_payouts(now=now)
        match_payouts(now=now)
