"""Taking guests' visits on, whoever looks: the page that a guest opens, and a task every few
seconds. Each step is done once, whatever happens between two of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from billing.accounts.services import confirm_account
from billing.payments.cards.accounts import provider_of
from billing.payments.cards.holds import cancel_hold, refresh
from billing.payments.cards.models import CardRefundState, CardState
from billing.payments.cards.provider import ProviderRefused, ProviderSilent
from billing.payments.credits import credit_notes, credit_payments
from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.rating.running import running_cost
from billing.rating.stopping import SpendingLimit, may_ask, stop_at_limit
from billing.review.decisions import decide
from billing.review.models import DecisionKind
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from customers.guests import money
from customers.guests.links import STANDS
from customers.guests.models import OVER, GuestVisit, VisitState
from customers.guests.paying_later import NOT_COLLECTED, settled_later
from customers.guests.receipts import send_receipt
from customers.guests.rule import ACTS_BEFORE, Ended, Step, Verdict, stops_at, verdict_on
from customers.guests.visits import (
    LOOKS_AGAIN,
    has_money,
    move,
    progress_of,
    session_of,
    with_payment,
)
from customers.selfservice.stopping import stop_session
from stations.sessions.models import Session, SessionState

logger = logging.getLogger(__name__)
ABANDONED: Final = timedelta(hours=2)
STARTS_WITHIN: Final = timedelta(minutes=20)
"""How long after paying, or after the last try to start, nothing may happen."""
PRESENTED_WITHIN: Final = timedelta(minutes=3)
"""How long a terminal waits for one guest's card; then it is free for the next."""
BUSY: Final = "terminal_busy"
"""The gateway's refusal where the terminal waits for a card already."""
DECIDED_LATER: Final = timedelta(hours=1)
"""How often it is looked whether a session whose money was let go has a price by now."""
_MOST_STEPS: Final = 8
_WAIVED: Final = {
    "no_energy": gettext_noop("A guest's session in which no energy flowed"),
    "too_little": gettext_noop("A guest's session below what the provider collects"),
    "undecided": gettext_noop("A guest's session that was priced after the money was let go"),
}
_COSTS_NOTHING: Final = (BillingState.FREE, BillingState.WAIVED, BillingState.DROPPED)


def follow_due(*, now: datetime, limit: int = 200) -> int:
    """Take on the visits that are due; returns how many. One that fails holds up no other."""
    due = GuestVisit.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    done = sum(_followed(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))
    return done + _give_back_late()


def _followed(pk: int, now: datetime) -> int:
    visit = _claimed(pk, now)
    if visit is None:
        return 0
    try:
        with operator_scope(visit.operator):
            advance(visit, now)
    except Exception:
        logger.exception("Following guest %s failed", visit.public_id)
    return 1


@transaction.atomic
def _claimed(pk: int, now: datetime) -> GuestVisit | None:
    rows = GuestVisit.objects.select_for_update(skip_locked=True, of=("self",))
    visit: GuestVisit | None = (
        rows.filter(pk=pk, next_at__lte=now)
        .select_related(
            "operator", "evse__station__site", "account", "command",
            "card_payment__card_account__seller",
        )
        .first()
    )  # fmt: skip
    if visit is not None:
        GuestVisit.objects.filter(pk=pk).update(next_at=now + LOOKS_AGAIN)
    return visit


def advance(visit: GuestVisit, now: datetime) -> GuestVisit:
    """Take a visit as far as it goes now, inside its operator's scope. Calls the provider."""
    for _n in range(_MOST_STEPS):
        step = _STEPS.get(VisitState(visit.state))
        if step is None or not step(visit, now):
            break
    if visit.state in OVER:
        later_at = settled_later(visit, now)
        again_at = send_receipt(visit, now) or _let_off(visit, now) or later_at
        if again_at != visit.next_at:
            GuestVisit.objects.filter(pk=visit.pk).update(next_at=again_at)
    return visit


def look_after(visit: GuestVisit, now: datetime) -> None:
    """Take a visit on where a guest looks: what is in the way shows it as it stands, and the
    task goes on with it. Calls the provider."""
    try:
        advance(visit, now)
    except (RuleViolation, ProviderRefused, ProviderSilent) as failure:
        logger.warning("Guest %s was not taken on: %s", visit.public_id, failure)


def _over(visit: GuestVisit, to: VisitState, now: datetime, why: str = "") -> bool:
    return move(visit, to, why=why, ended_at=now, next_at=None)


def _paying(visit: GuestVisit, now: datetime) -> bool:
    payment = with_payment(visit).card_payment
    if payment is None:
        late = now - visit.created_at > ABANDONED
        return late and _over(visit, VisitState.CLOSED, now, "not_paid")
    payment.refresh_from_db()
    if payment.terminal and payment.state == CardState.WAITING:
        refresh(payment=payment, now=now)  # the gateway calls nobody
    if has_money(visit):
        confirm_account(visit.account_id)
        return move(visit, VisitState.READY, ready_at=now)
    if payment.terminal and payment.is_live:
        late = now - payment.created_at > PRESENTED_WITHIN
        return late and move(visit, VisitState.CLOSING, why="not_presented")
    why = BUSY if payment.failure_code == BUSY else "not_paid"
    return not payment.is_live and _over(visit, VisitState.CLOSED, now, why)


def _ready(visit: GuestVisit, now: datetime) -> bool:
    session = session_of(visit)
    if session is not None:
        return move(visit, VisitState.CHARGING, session=session)
    assert visit.card_payment is not None
    visit.card_payment.refresh_from_db()
    if not has_money(visit):
        return move(visit, VisitState.CLOSING, why="lapsed")
    latest = visit.asked_at or visit.ready_at or visit.created_at
    if now - latest < STARTS_WITHIN or (visit.asked_at and not progress_of(visit, now).is_over):
        return False
    return move(visit, VisitState.CLOSING, why="not_started")


def _charging(visit: GuestVisit, now: datetime) -> bool:
    session = _fresh(visit)
    if session.state != SessionState.ACTIVE:
        return move(visit, VisitState.SETTLING, ended_at=session.stopped_at or now)
    assert visit.card_payment is not None
    visit.card_payment.refresh_from_db()
    lapses_at = visit.card_payment.capture_before_at
    if not has_money(visit) or (lapses_at is not None and now > lapses_at - ACTS_BEFORE):
        _stop(session, now)
    else:
        _stop_near_amount(visit, session, now)
    return False


def _fresh(visit: GuestVisit) -> Session:
    session: Session = Session.objects.select_related("station__site", "evse").get(
        pk=visit.session_id
    )
    visit.session = session
    return session


def _stop(session: Session, now: datetime) -> None:
    billing = SessionBilling.objects.filter(session=session).first()
    if billing is not None and not may_ask(billing, now):
        return
    try:
        stop_session(session=session)
    except RuleViolation as refusal:
        logger.warning("Session %s was not stopped: %s", session.public_id, refusal.code)


def _stop_near_amount(visit: GuestVisit, session: Session, now: datetime) -> None:
    """Stop when the cost comes near what is held or was paid ahead."""
    rows = SessionBilling.objects.select_related("tariff_version__tariff")
    billing = rows.filter(session=session).first()
    cost = running_cost(billing, session, now) if billing is not None else None
    if billing is None or cost is None or session.started_at is None:
        return
    gross = stops_at(visit.amount, cost.gross, now - session.started_at)
    limit = SpendingLimit("hold", gross, visit.currency)
    stop_at_limit(billing=billing, session=session, limit=limit, now=now)


def _settling(visit: GuestVisit, now: datetime) -> bool:
    billing = SessionBilling.objects.filter(session=visit.session_id).first()
    rated = RatedSession.objects.filter(session=visit.session_id, is_current=True).first()
    verdict = _verdict(visit, billing, rated, now)
    if verdict.step is Step.RELEASE:
        return move(visit, VisitState.CLOSING, why=verdict.why)
    if verdict.step is Step.WAIVE and billing is not None:
        is_waived = _waived(visit, billing, str(_WAIVED[verdict.why]))
        return is_waived and move(visit, VisitState.CLOSING, why=verdict.why)
    return verdict.step is Step.COLLECT and _collected(visit, now)


def _waived(visit: GuestVisit, billing: SessionBilling, reason: str) -> bool:
    """Whether it was waived now: not where somebody else decides, or has decided meanwhile."""
    try:
        decide(billing=billing, kind=DecisionKind.WAIVE, reason=reason)
    except RuleViolation as refusal:
        logger.warning("Guest %s: not waived: %s", visit.public_id, refusal.code)
        return False
    return True


def _verdict(
    visit: GuestVisit, billing: SessionBilling | None, rated: RatedSession | None, now: datetime
) -> Verdict:
    payment = visit.card_payment
    assert payment is not None
    payment.refresh_from_db()
    is_rated = billing is not None and billing.state == BillingState.RATED and not billing.is_due
    if money.invoice_of(visit) is not None:
        return Verdict(Step.COLLECT)  # begun before: it is brought to its end
    ended = Ended(
        billing=(billing.state if billing and not billing.is_due else "waiting"),
        gross=rated.gross if rated is not None and is_rated else Decimal(0),
        energy_wh=rated.energy_wh if rated is not None and is_rated else Decimal(0),
        is_prepaid=visit.is_prepaid,
        least=provider_of(payment.card_account).least(visit.currency) or Decimal(0),
        ended_at=visit.ended_at or visit.created_at,
        lapses_at=payment.capture_before_at,
    )
    return verdict_on(ended, now)


def _collected(visit: GuestVisit, now: datetime) -> bool:
    """Bill, collect, settle; goes on where it broke off."""
    invoice = money.bill(visit, now)
    if invoice is None:
        logger.warning("Guest %s has no document yet", visit.public_id)
        return False
    payment = money.collect(visit, money.cost_of(invoice, visit, now))
    if payment.state == CardState.PAID:
        money.settle_account(visit, now)
        return _over(visit, VisitState.DONE, now)
    if not payment.is_live:
        return _over(visit, VisitState.DONE, now, NOT_COLLECTED)
    return False


def _closing(visit: GuestVisit, now: datetime) -> bool:
    """Let go what is held, and give back what was collected; not where charging began while it
    was called off."""
    payment = with_payment(visit).card_payment
    if payment is not None:
        payment.refresh_from_db()
        began = session_of(visit) if visit.session_id is None and has_money(visit) else None
        if began is not None and visit.why != "occupied":
            return move(visit, VisitState.CHARGING, session=began, why="")
        try:
            cancel_hold(payment=payment, reason=visit.why or "called off")
        except RuleViolation as refusal:
            logger.info("Guest %s waits to be let go: %s", visit.public_id, refusal.code)
            return False
        if payment.is_live:
            return False
        money.give_back(visit)
    return _over(visit, VisitState.CLOSED, now, visit.why)


_STEPS: Final[dict[VisitState, Callable[[GuestVisit, datetime], bool]]] = {
    VisitState.PAYING: _paying,
    VisitState.READY: _ready,
    VisitState.CHARGING: _charging,
    VisitState.SETTLING: _settling,
    VisitState.CLOSING: _closing,
}


def _give_back_late() -> int:
    """Money that came in, or was left, after a visit was over goes back too; what failed to go
    back waits for a person."""
    paid = credit_payments().order_by().values("account_id")
    noted = credit_notes().order_by().values("account_id")
    rows = GuestVisit.objects.filter(Q(account__in=paid) | Q(account__in=noted), state__in=OVER)
    rows = rows.exclude(card_payment__card_refunds__state=CardRefundState.FAILED)
    rows = rows.select_related("operator").order_by("pk")
    return sum(_gave_back(visit) for visit in rows[:50])


def _let_off(visit: GuestVisit, now: datetime) -> datetime | None:
    """Waive what gets a price after its money was let go, since the guest pays nothing; when to
    look again."""
    if visit.state != VisitState.CLOSED or visit.why != "undecided":
        return None
    billing = SessionBilling.objects.filter(session=visit.session_id).first()
    if billing is None or billing.state in _COSTS_NOTHING or money.invoice_of(visit) is not None:
        return None
    has_price = billing.state == BillingState.RATED and not billing.is_due
    if has_price and _waived(visit, billing, str(_WAIVED["undecided"])):
        return None
    return now + DECIDED_LATER if now < (visit.ended_at or now) + STANDS else None


def _gave_back(visit: GuestVisit) -> bool:
    try:
        with operator_scope(visit.operator):
            return money.give_back(visit) > 0
    except Exception:
        logger.exception("Giving back to guest %s failed", visit.public_id)
        return False
