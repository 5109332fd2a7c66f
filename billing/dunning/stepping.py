"""Taking the next step about late invoices, blocking accounts and letting them go."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_noop

from billing.accounts.dated import operator_day
from billing.accounts.models import AccountKind, AccountStatus, BillingAccount
from billing.accounts.services import set_account_status
from billing.dunning.facts import claims_open, debt_of, interest_of, late_invoices
from billing.dunning.letters import Sums, write_letter
from billing.dunning.models import DunningBlock, DunningPause, DunningPlan, DunningStep, PauseKind
from billing.dunning.plans import schedule_of
from billing.dunning.rates import rates_for
from billing.dunning.schedule import Decision, Schedule, Step, decide
from billing.invoices.models import Invoice
from billing.payments.models import Claim, ClaimKind
from billing.problem import MoneyProblem
from core.audit.services import record
from core.ids import public_id

logger = logging.getLogger(__name__)
ZERO: Final = Decimal(0)
_WITH_INTEREST: Final = (Step.DEMAND, Step.HAND_OVER)
BLOCK_REASON: Final = gettext_noop("Long overdue: invoice %s")
LIFT_REASON: Final = gettext_noop("What was overdue has been settled")


def take_due_steps(*, now: datetime) -> int:
    """Take the step of today about every late invoice of operators whose plan is switched on;
    returns how many. An invoice that fails is left for the next turn."""
    done = 0
    for plan in DunningPlan.objects.filter(is_active=True).select_related("operator"):
        today = operator_day(plan.operator, now)
        note_disputes(operator_id=plan.operator_id, today=today)
        schedule = schedule_of(plan)
        rows = late_invoices(today).filter(operator_id=plan.operator_id, currency=plan.currency)
        for invoice in rows.iterator(chunk_size=500):
            if _decision(invoice, schedule, today).step is None:
                continue
            try:
                done += take_step(invoice=invoice, plan=plan, now=now) is not None
            except MoneyProblem:
                logger.exception("No step was taken about invoice %s", invoice.public_id)
    return done


def _decision(invoice: Any, schedule: Schedule, today: date) -> Decision:
    return decide(debt_of(invoice, today), schedule, today)


@transaction.atomic
def take_step(*, invoice: Invoice, plan: DunningPlan, now: datetime) -> DunningStep | None:
    """Take the step that is due about an invoice, once; None where there is none (any more)."""
    held = (
        Invoice.objects.select_for_update(skip_locked=True)
        .filter(pk=invoice.pk)
        .values_list("pk", flat=True)
    )
    if not list(held):
        return None
    today = operator_day(plan.operator, now)
    fresh = late_invoices(today).filter(pk=invoice.pk).first()
    if fresh is None:
        return None
    decision = _decision(fresh, schedule_of(plan), today)
    if decision.step is None:
        return None
    return _store(fresh, plan, decision, today)


def _store(invoice: Invoice, plan: DunningPlan, decision: Decision, today: date) -> DunningStep:
    step, account = decision.step, invoice.account
    if step is None or account is None:
        raise MoneyProblem("no_step", "There is no step to take")
    earlier = claims_open(invoice)
    interest = ZERO
    if plan.asks_interest and step in _WITH_INTEREST:
        interest = interest_of(invoice, today, rates_for(invoice.operator_id))
    _claim(invoice, _fee_kind(invoice, plan), decision.fee, today)
    _claim(invoice, ClaimKind.INTEREST, interest, today)
    sums = Sums(invoice.open_amount, decision.fee, interest, earlier)
    language = account.language
    letter = write_letter(
        step, invoice, sums, today=today, pay_by=decision.pay_by, language=language
    )
    made: DunningStep = DunningStep.objects.create(
        operator_id=invoice.operator_id,
        public_id=public_id("dun"),
        invoice=invoice,
        account=account,
        step=step.value,
        done_on=today,
        owed=sums.owed,
        fee=decision.fee,
        interest=interest,
        total=sums.total,
        currency=invoice.currency,
        pay_by_on=decision.pay_by,
        language=language,
        subject=letter.subject,
        letter=letter.text,
        letter_sha256=hashlib.sha256(letter.text.encode()).hexdigest() if letter.text else "",
    )
    record(
        "dunning.step", invoice, operator_id=invoice.operator_id,
        after={"step": step.value, "fee": decision.fee, "interest": interest},
    )  # fmt: skip
    if step is Step.BLOCK:
        _block(invoice, account)
    return made


def _fee_kind(invoice: Invoice, plan: DunningPlan) -> ClaimKind:
    business = invoice.account is not None and invoice.account.kind == AccountKind.COMPANY
    return ClaimKind.COMPENSATION if business and plan.business_compensation else ClaimKind.FEE


def _claim(invoice: Invoice, kind: ClaimKind, amount: Decimal, today: date) -> None:
    if not amount:
        return
    claim = Claim.objects.create(
        operator_id=invoice.operator_id,
        public_id=public_id("clm"),
        account=invoice.account,
        invoice=invoice,
        kind=kind,
        amount=amount,
        currency=invoice.currency,
        made_on=today,
    )
    record("claim.make", claim, operator_id=invoice.operator_id, after={"amount": amount})


def _block(invoice: Invoice, account: BillingAccount) -> None:
    is_ours = account.status == AccountStatus.ACTIVE
    DunningBlock.objects.create(
        operator_id=invoice.operator_id, account=account, invoice=invoice, is_ours=is_ours
    )
    if is_ours:
        set_account_status(
            account=account, status=AccountStatus.BLOCKED, reason=BLOCK_REASON % invoice.number
        )


def lift_blocks(*, now: datetime) -> int:
    """Let accounts charge again whose overdue invoices are settled; returns how many blocks
    ended. Effective at the next authorisation."""
    settled = DunningBlock.objects.filter(lifted_at=None, invoice__open_amount__lte=0)
    done = 0
    for pk in list(settled.order_by("pk").values_list("pk", flat=True)[:1_000]):
        done += _lift(pk, now)
    return done


@transaction.atomic
def _lift(pk: int, now: datetime) -> int:
    block = (
        DunningBlock.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, lifted_at=None)
        .select_related("account")
        .first()
    )
    if block is None:
        return 0
    DunningBlock.objects.filter(pk=pk).update(lifted_at=now)
    account = block.account
    others = DunningBlock.objects.filter(account=account, lifted_at=None)
    ours = DunningBlock.objects.filter(account=account, is_ours=True)
    began = ours.order_by("-blocked_at").first()
    was_ours = began is not None and account.status_reason == BLOCK_REASON % began.invoice.number
    if account.status == AccountStatus.BLOCKED and was_ours and not others.exists():
        set_account_status(account=account, status=AccountStatus.ACTIVE, reason=LIFT_REASON)
    return 1


def note_disputes(*, operator_id: int, today: date) -> None:
    """Keep from when to when invoices are disputed: those days do not count."""
    open_ones = DunningPause.objects.filter(
        operator_id=operator_id, kind=PauseKind.DISPUTE, until_on=None, invoice__isnull=False
    )
    for pause in open_ones.filter(invoice__is_disputed=False):
        pause.until_on = max(pause.from_on, today - timedelta(days=1))
        pause.save(update_fields=["until_on"])
    fresh = Invoice.objects.filter(
        operator_id=operator_id, is_disputed=True, open_amount__gt=0, account__isnull=False
    ).exclude(pk__in=open_ones.order_by().values("invoice_id"))
    for invoice in fresh:
        DunningPause.objects.create(
            operator_id=operator_id, account=invoice.account, invoice=invoice,
            kind=PauseKind.DISPUTE, from_on=today, reason="disputed", user_label="system",
        )  # fmt: skip
