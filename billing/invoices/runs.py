"""Billing runs: planning, preparing drafts batch by batch, approving and issuing them.

Every batch is a transaction of its own under the lock of the seller's rules, so that a run may be
killed anywhere, taken up again, or meet another run: each thing is billed once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.accounts.models import BillingAccount
from billing.invoices.candidates import next_accounts
from billing.invoices.drafting import draft_accounts
from billing.invoices.due_facts import Window
from billing.invoices.issuing import StaleDrafts, issue_drafts
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceState
from billing.invoices.run_models import BillingRules, BillingRun, RunCarry, RunScope, RunState
from billing.sellers.models import Seller
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

logger = logging.getLogger(__name__)
ACCOUNTS_A_BATCH: Final = 250
INVOICES_A_BATCH: Final = 500


def rules_of(seller: Seller) -> BillingRules:
    """The seller's rules of invoicing; the usual ones, not stored, where none were set."""
    found: BillingRules | None = BillingRules.objects.filter(seller=seller).first()
    return found or BillingRules(seller=seller, operator_id=seller.operator_id)


def _keep_rules(seller: Seller) -> None:
    """Store the usual rules where there are none: a row to lock, and the calendar's beginning."""
    BillingRules.objects.get_or_create(seller=seller, defaults={"operator_id": seller.operator_id})


@transaction.atomic
def change_rules(*, seller: Seller, reason: str = "", **values: Any) -> BillingRules:
    """Change how a seller invoices."""
    _keep_rules(seller)
    rules: BillingRules = BillingRules.objects.select_for_update().get(seller=seller)
    before, after = apply_changes(rules, values)
    rules.full_clean()
    if after:
        rules.save()
        record(
            "billing_rules.change", rules, operator_id=rules.operator_id, before=before,
            after=after, reason=reason,
        )  # fmt: skip
    return rules


@transaction.atomic
def plan_run(
    *,
    seller: Seller,
    period: tuple[date, date],
    now: datetime,
    scope: Literal[RunScope.PERIOD, RunScope.SESSIONS] = RunScope.PERIOD,
    account: BillingAccount | None = None,
    issues_alone: bool = False,
    ignores_minimum: bool = False,
    schedule_key: str = "",
) -> BillingRun:
    """Begin a run, of one account where one is given; its drafts are made by the worker. Refuses
    days that are not over yet, but for single accounts and sessions."""
    today, (period_from_on, period_until_on) = operator_day(seller.operator, now), period
    if period_until_on < period_from_on:
        raise InvalidInput(
            "period", _("The period ends before it begins."), field="period_until_on"
        )
    taken = scope if account is None else RunScope.ACCOUNT
    last = today - timedelta(days=1) if taken == RunScope.PERIOD else today
    if period_until_on > last:
        raise InvalidInput("period_open", _("The period is not over yet."), field="period_until_on")
    _keep_rules(seller)
    actor = current_actor.get()
    run: BillingRun = BillingRun.objects.create(
        operator_id=seller.operator_id,
        public_id=public_id("run"),
        seller=seller,
        scope=taken,
        account=account,
        period_from_on=period_from_on,
        period_until_on=period_until_on,
        issues_alone=issues_alone,
        ignores_minimum=ignores_minimum,
        schedule_key=schedule_key,
        started_by_id=actor.id if actor.kind == ActorKind.PERSON else None,
        started_label=actor.label[:200],
        created_at=now,
    )
    record(
        "billing_run.plan", run, operator_id=run.operator_id,
        after={"seller": seller.name, "from": period_from_on, "until": period_until_on},
    )  # fmt: skip
    return run


def work_run(run: BillingRun, *, now: datetime, seconds: float = 90) -> BillingRun:
    """Go on with a run for at most so long: make its drafts, or issue them."""
    end = monotonic() + seconds
    try:
        while monotonic() < end:
            run.refresh_from_db()
            if run.state == RunState.PLANNED:
                prepare_batch(run, now=now)
            elif run.state == RunState.RUNNING:
                issue_batch(run, now=now)
            else:
                break
    except RuleViolation as error:
        logger.warning("run %s failed: %s", run.public_id, error.code)
        fail_run(run, error.message)
    run.refresh_from_db()
    return run


def fail_run(run: BillingRun, error: str) -> None:
    """Note why a run stopped; a person may have its drafts made anew."""
    BillingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=error[:500])


@transaction.atomic
def prepare_batch(run: BillingRun, *, now: datetime) -> int:
    """Make the drafts of the next accounts; returns of how many. None are left: the run waits
    for approval, or goes on."""
    found = _locked(run, RunState.PLANNED)
    if found is None:
        return 0
    run, rules = found
    window = window_of(run, rules)
    accounts = next_accounts(run, window, rules, ACCOUNTS_A_BATCH)
    if not accounts:
        run.state = RunState.RUNNING if run.issues_alone else RunState.PREVIEWED
        run.previewed_at = now
        _count(run)
        run.save()
        return 0
    draft_accounts(run, accounts, window=window, rules=rules, now=now)
    run.cursor = accounts[-1].pk
    run.save(update_fields=["cursor"])
    return len(accounts)


@transaction.atomic
def issue_batch(run: BillingRun, *, now: datetime) -> int:
    """Issue the next drafts of a run; returns how many. Drafts that no longer hold are made
    anew first, and issued with the next batch."""
    found = _locked(run, RunState.RUNNING)
    if found is None:
        return 0
    run, rules = found
    drafts = Invoice.objects.filter(run=run, state=InvoiceState.DRAFT).order_by("account_id", "pk")
    keys = list(drafts.values_list("pk", flat=True)[:INVOICES_A_BATCH])
    if not keys:
        run.state, run.finished_at = RunState.DONE, now
        _count(run)
        run.save()
        record(
            "billing_run.done", run, operator_id=run.operator_id,
            after={"invoices": run.invoice_count, "sums": run.sums},
        )  # fmt: skip
        return 0
    try:
        with transaction.atomic():
            issued = issue_drafts(keys, seller=run.seller, kind=InvoiceKind.INVOICE, now=now)
    except StaleDrafts as error:
        remake_drafts(run, error.invoices, rules=rules, now=now)
        return len(error.invoices)
    return len(issued)


def remake_drafts(
    run: BillingRun, drafts: Sequence[Invoice], *, rules: BillingRules, now: datetime
) -> None:
    """Make drafts anew from what is due now; in the caller's transaction. What the run carried
    over of their accounts is looked at again."""
    accounts = list(
        BillingAccount.objects.filter(pk__in={one.account_id for one in drafts}).order_by("pk")
    )
    Invoice.objects.filter(pk__in=[one.pk for one in drafts], state=InvoiceState.DRAFT).delete()
    RunCarry.objects.filter(run=run, account__in=accounts).delete()
    draft_accounts(run, accounts, window=window_of(run, rules), rules=rules, now=now)


@transaction.atomic
def approve_run(*, run: BillingRun, reason: str = "") -> BillingRun:
    """Let the drafts of a run be issued; refuses a run that does not wait for it."""
    _move(run, RunState.PREVIEWED, RunState.RUNNING)
    record(
        "billing_run.approve", run, operator_id=run.operator_id, after={"sums": run.sums},
        reason=reason,
    )  # fmt: skip
    return run


@transaction.atomic
def refresh_run(*, run: BillingRun, reason: str = "") -> BillingRun:
    """Throw the drafts away and make them anew; also takes up a run that failed."""
    states = (RunState.PREVIEWED, RunState.FAILED)
    state = BillingRun.objects.select_for_update().get(pk=run.pk).state
    if state not in states:
        raise RuleViolation("run_state", _("The run is being worked on or done."))
    _drop_drafts(run)
    BillingRun.objects.filter(pk=run.pk).update(state=RunState.PLANNED, cursor=0, error="")
    run.refresh_from_db()
    record("billing_run.refresh", run, operator_id=run.operator_id, reason=reason)
    return run


@transaction.atomic
def discard_run(*, run: BillingRun, reason: str = "") -> None:
    """Throw a run away with its drafts; refuses one that has issued anything."""
    row = BillingRun.objects.select_for_update().get(pk=run.pk)
    if row.state == RunState.RUNNING or row.invoices.exclude(state=InvoiceState.DRAFT).exists():
        raise RuleViolation("run_state", _("The run has issued invoices, or is about to."))
    _drop_drafts(row)
    record("billing_run.discard", row, operator_id=row.operator_id, reason=reason)
    row.delete()


@transaction.atomic
def delete_draft(*, invoice: Invoice, reason: str = "") -> None:
    """Throw a draft away; what it billed is due again. Refuses what is issued."""
    row = Invoice.objects.select_for_update().filter(pk=invoice.pk, state=InvoiceState.DRAFT)
    draft = row.first()
    if draft is None:
        raise RuleViolation("not_a_draft", _("The invoice is issued already, or gone."))
    record(
        "invoice.delete_draft", draft, operator_id=draft.operator_id,
        before={"gross": draft.gross, "account": str(draft.account)}, reason=reason,
    )  # fmt: skip
    draft.delete()


def window_of(run: BillingRun, rules: BillingRules) -> Window:
    """What the run bills: all up to its last day, from the day on which the seller began."""
    own = run.seller.created_at.date().replace(day=1)
    return Window(
        seller=run.seller,
        until_on=run.period_until_on,
        from_on=rules.bills_from_on or date.min,
        fees_from_on=rules.bills_from_on or min(own, run.period_from_on),
    )


def _locked(run: BillingRun, state: RunState) -> tuple[BillingRun, BillingRules] | None:
    """The run and its seller's rules, held until the transaction ends; None if it moved on."""
    rules: BillingRules = BillingRules.objects.select_for_update().get(seller_id=run.seller_id)
    row: BillingRun | None = (
        BillingRun.objects.select_for_update(of=("self",))
        .select_related("seller__operator")
        .filter(pk=run.pk, state=state)
        .first()
    )
    return None if row is None else (row, rules)


def _move(run: BillingRun, old: RunState, new: RunState) -> None:
    if not BillingRun.objects.filter(pk=run.pk, state=old).update(state=new):
        raise RuleViolation("run_state", _("The run does not wait for this any more."))
    run.state = new


def _drop_drafts(run: BillingRun) -> None:
    Invoice.objects.filter(run=run, state=InvoiceState.DRAFT).delete()
    RunCarry.objects.filter(run=run).delete()


def _count(run: BillingRun) -> None:
    """What the run has made so far (unsaved)."""
    invoices = Invoice.objects.filter(run=run)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    run.draft_count = run.invoice_count = 0
    groups = invoices.order_by().values("currency", "state")
    counted = groups.annotate(n=Count("pk"), g=Sum("gross"))
    for row in counted:
        sums[row["currency"]] += row["g"]
        if row["state"] == InvoiceState.DRAFT:
            run.draft_count += row["n"]
        else:
            run.invoice_count += row["n"]
    run.sums = {currency: str(sums[currency]) for currency in sorted(sums)}
    run.item_count = InvoiceItem.objects.filter(invoice__run=run).count()
    run.carried_count = RunCarry.objects.filter(run=run).count()
