"""Deciding about held sessions: accept, correct, waive, drop; two people above a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rating.billable import bill, withdraw
from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.rating.session_facts import NO_CORRECTION, Correction
from billing.review.judge import rules_of
from billing.review.models import (
    Decision,
    DecisionKind,
    DecisionState,
    Hold,
    HoldEnd,
    ReviewRules,
)
from billing.review.services import rate_now
from core.accounts.models import User
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation

PERSON_NEEDED: Final = gettext_lazy("Two people must agree about this amount; a token is none.")
MOST_ENERGY_WH: Final = Decimal(10_000_000)
_FROM: Final = {
    DecisionKind.ACCEPT: frozenset({BillingState.HELD}),
    DecisionKind.CORRECT: frozenset({BillingState.HELD, BillingState.RATED}),
    DecisionKind.WAIVE: frozenset(
        {BillingState.HELD, BillingState.RATED, BillingState.AWAITING_PRICE}
    ),
    DecisionKind.DROP: frozenset({BillingState.HELD}),
}
"""From which states each decision may be taken."""
_CHANGES_PRICE: Final = frozenset({DecisionKind.CORRECT, DecisionKind.WAIVE, DecisionKind.DROP})
"""With these what was billed is adjusted: not where a credit note took it back already."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What a decision is about."""

    gross: Decimal
    currency: str


def stake_of(billing: SessionBilling) -> Stake:
    """The price that stands, as it is."""
    rated = current_of(billing)
    if rated is None:
        return Stake(Decimal(0), billing.operator.currency)
    return Stake(rated.gross, rated.currency)


def current_of(billing: SessionBilling) -> RatedSession | None:
    """The current price of a session."""
    found: RatedSession | None = RatedSession.objects.filter(
        session_id=billing.session_id, is_current=True
    ).first()
    return found


@transaction.atomic
def decide(
    *,
    billing: SessionBilling,
    kind: DecisionKind,
    reason: str,
    correction: Correction = NO_CORRECTION,
) -> Decision:
    """Take a decision, or propose it where the amount needs a second person.

    Refuses without a reason, in another state, while another decision waits, and to accept a
    session that has no price.
    """
    row = _locked(billing)
    _check(row, kind, reason, correction)
    rules = rules_of({row.operator_id}).get(row.operator_id) or ReviewRules()
    stake = _at_stake(row, kind, correction)
    actor = current_actor.get()
    is_person = actor.kind == ActorKind.PERSON
    needs_second = stake.gross > rules.four_eyes_above
    if needs_second and not is_person:
        raise RuleViolation("person_needed", str(PERSON_NEEDED))
    decision: Decision = Decision.objects.create(
        operator_id=row.operator_id,
        billing=row,
        kind=kind,
        state=DecisionState.PROPOSED if needs_second else DecisionState.DONE,
        reason=reason.strip(),
        correction=correction.as_dict(),
        gross=stake.gross,
        currency=stake.currency,
        needs_second=needs_second,
        proposed_by_id=actor.id if is_person else None,
        proposed_label=actor.label[:200],
    )
    if needs_second:
        _audit("review.propose", decision)
    else:
        _carry_out(decision, row)
    return decision


@transaction.atomic
def agree(*, decision: Decision, by: User) -> Decision:
    """The second person agrees: what was proposed is done. Refuses the one who proposed it."""
    row = _locked(decision.billing)
    if decision.proposed_by_id == by.pk:
        raise RuleViolation("second_person", _("Somebody else must agree to your decision."))
    _answer(decision, DecisionState.DONE, by, "")
    _check(row, DecisionKind(decision.kind), decision.reason, _correction(decision), agreed=True)
    _carry_out(decision, row)
    return decision


@transaction.atomic
def refuse(*, decision: Decision, by: User, reason: str) -> Decision:
    """Turn a proposed decision down, with a reason; who proposed it may take it back so too."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    _answer(decision, DecisionState.REFUSED, by, reason.strip())
    _audit("review.refuse", decision, reason=reason)
    return decision


def _answer(decision: Decision, state: DecisionState, by: User, answer: str) -> None:
    changed = Decision.objects.filter(pk=decision.pk, state=DecisionState.PROPOSED).update(
        state=state,
        answered_by=by,
        answered_label=current_actor.get().label[:200],
        answered_at=timezone.now(),
        answer=answer,
    )
    if not changed:
        raise RuleViolation("answered_already", _("This decision no longer waits."))
    decision.refresh_from_db()


def _locked(billing: SessionBilling) -> SessionBilling:
    row: SessionBilling = (
        SessionBilling.objects.select_for_update(of=("self",))
        .select_related("session__station__site", "session__evse", "operator")
        .order_by("id")
        .get(pk=billing.pk)
    )
    return row


def _check(
    row: SessionBilling,
    kind: DecisionKind,
    reason: str,
    correction: Correction,
    *,
    agreed: bool = False,
) -> None:
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    if row.state not in _FROM[kind]:
        raise RuleViolation(
            "state_differs", _("The session is in another state now: look at it again.")
        )
    if not agreed and Decision.objects.filter(billing=row, state=DecisionState.PROPOSED).exists():
        raise RuleViolation("decision_waits", _("A decision waits for a second person already."))
    if row.credited_gross and kind in _CHANGES_PRICE:
        raise RuleViolation(
            "credited_already",
            _("A credit note has put this session right: credit what is left of it the same way."),
        )
    if kind == DecisionKind.ACCEPT and not _has_fresh_price(row):
        raise RuleViolation(
            "no_price", _("There is no price to accept: complete the set-up or correct it.")
        )
    if kind == DecisionKind.CORRECT:
        check_correction(row, correction)


def _has_fresh_price(row: SessionBilling) -> bool:
    """Whether the last rating gave a price that somebody can pay."""
    blocking = Hold.objects.filter(billing=row, closed_at=None, code__in=_NO_PRICE)
    return current_of(row) is not None and row.account_id is not None and not blocking.exists()


_NO_PRICE: Final = frozenset(
    {"tariff_missing", "tariff_unreadable", "currency_differs", "spot_price_missing"}
    | {"energy_unknown", "start_unknown", "end_unknown", "end_before_start", "facts_contradict"}
)
"""With these there is no price, or not the right one: nobody can accept it."""


def check_correction(row: SessionBilling, correction: Correction) -> None:
    """Refuses no figures, and figures that cannot be."""
    if correction.is_empty:
        raise InvalidInput("nothing_corrected", _("Give the right energy or times."))
    energy = correction.energy_wh
    if energy is not None and not 0 <= energy <= MOST_ENERGY_WH:
        raise InvalidInput("energy_range", _("Energy is between 0 and 10 MWh."), field="energy_wh")
    begin = correction.started_at or row.session.started_at
    end = correction.stopped_at or row.session.stopped_at
    if begin is None or end is None or end < begin:
        raise InvalidInput(
            "times_order", _("The session must end after it begins."), field="stopped_at"
        )
    if end > timezone.now():
        raise InvalidInput("in_future", _("The end lies in the future."), field="stopped_at")


def _at_stake(row: SessionBilling, kind: DecisionKind, correction: Correction) -> Stake:
    """The larger of the price that stands and the one that a correction leads to."""
    now = stake_of(row)
    if kind != DecisionKind.CORRECT:
        return now
    with transaction.atomic():
        point = transaction.savepoint()
        SessionBilling.objects.filter(pk=row.pk).update(correction=correction.as_dict())
        after = stake_of(rate_now(billing=row, now=timezone.now()))
        transaction.savepoint_rollback(point)
    row.refresh_from_db()
    return after if after.gross > now.gross else now


def _correction(decision: Decision) -> Correction:
    return Correction.from_dict(decision.correction)


def _carry_out(decision: Decision, row: SessionBilling) -> None:
    now = timezone.now()
    if decision.kind == DecisionKind.CORRECT:
        _correct(decision, row, now)
    else:
        _settle(decision, row, now)
    _audit(f"review.{decision.kind}", decision)


_STATES: Final = {
    DecisionKind.ACCEPT: BillingState.RATED,
    DecisionKind.WAIVE: BillingState.WAIVED,
    DecisionKind.DROP: BillingState.DROPPED,
}
_ENDS: Final = {
    DecisionKind.ACCEPT: HoldEnd.ACCEPTED,
    DecisionKind.CORRECT: HoldEnd.CORRECTED,
    DecisionKind.WAIVE: HoldEnd.WAIVED,
    DecisionKind.DROP: HoldEnd.DROPPED,
}


def _settle(decision: Decision, row: SessionBilling, now: datetime) -> None:
    """Accept, waive or drop: the state changes, the holds close, what may be billed follows."""
    kind = DecisionKind(decision.kind)
    withdraw([row.session_id])
    changed = SessionBilling.objects.filter(pk=row.pk, state__in=_FROM[kind]).update(
        state=_STATES[kind]
    )
    if not changed:
        raise RuleViolation(
            "state_differs", _("The session is in another state now: look at it again.")
        )
    row.state = _STATES[kind]
    _close_holds(row, kind, now)
    bill([(row, current_of(row))], now=now)


def _correct(decision: Decision, row: SessionBilling, now: datetime) -> None:
    """Put the figures in place of those measured and rate at once; new doubts hold it again."""
    SessionBilling.objects.filter(pk=row.pk).update(correction=decision.correction)
    _close_holds(row, DecisionKind.CORRECT, now)
    rate_now(billing=row, now=now)


def _close_holds(row: SessionBilling, kind: DecisionKind, now: datetime) -> None:
    Hold.objects.filter(billing=row, closed_at=None).update(closed_at=now, end=_ENDS[kind])


def _audit(verb: str, decision: Decision, reason: str = "") -> None:
    session = decision.billing.session
    record(
        verb,
        session,
        operator_id=decision.operator_id,
        before={"state": decision.billing.state},
        after={
            "decision": decision.pk,
            "gross": decision.gross,
            "currency": decision.currency,
            "correction": decision.correction,
            "proposed_by": decision.proposed_label,
        },
        reason=reason or decision.reason,
    )
