"""Putting a session right, once: what a second tap finds changed is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoices.models import Invoice
from billing.payments.cards.refunding import card_payment_for, refund_to_card
from billing.rating.models import SessionBilling
from billing.rating.session_facts import NO_CORRECTION, Correction
from billing.review.decisions import PERSON_NEEDED, decide
from billing.review.models import Decision, DecisionKind
from core.audit.models import ActorKind
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from customers.guests.righting import mail_new_receipt
from customers.guests.righting import put_right as put_guest_right
from customers.righted.models import SessionRighting
from customers.righting.preview import Outcome, credited, needed, outcome_of, to_card_of
from customers.righting.rule import Route
from customers.righting.standing import Position, position_of
from customers.righting.words import REFUSED
from stations.sessions.models import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What shall be done. ``stood``: what the session cost, as the person saw it."""

    route: Route
    reason: str
    stood: Decimal
    amount: Decimal | None = None
    correction: Correction = NO_CORRECTION


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: a decision before a bill, a credit note after it."""

    route: Route
    decision: Decision | None = None
    credit_note: Invoice | None = None


def outcome(*, session: Session, wish: Wish, may_exceed_limit: bool = False) -> Outcome:
    """What the wish leads to; refuses what doing it would refuse."""
    position = open_position(session, wish.route)
    _refuse_changed(position, wish)
    found = outcome_of(
        position, wish.route, reason=wish.reason, amount=wish.amount, correction=wish.correction
    )
    if not may_exceed_limit:
        _refuse_beyond_limit(position, found.to_card)
    if found.needs_second and current_actor.get().kind != ActorKind.PERSON:
        raise RuleViolation("person_needed", str(PERSON_NEEDED))
    return found


def put_right(*, session: Session, wish: Wish, may_exceed_limit: bool = False) -> Done:
    """Put the session right by the route that was shown.

    Refuses where another route is open now, where its cost has changed meanwhile (so nothing goes
    back twice), and more than the limit for refunds unless the person may exceed it. The very same
    call again does what the first did not come to. May call the provider.
    """
    match wish.route:
        case Route.WAIVE | Route.RERATE:
            return Done(wish.route, decision=_decided(session, wish))
        case Route.GUEST:
            return _guest(session, wish, may_exceed_limit)
        case _:
            return _back(session, wish, may_exceed_limit)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A credit note of which so much has not gone back to the card: the process died, or the
    provider refused."""

    righting: SessionRighting
    amount: Decimal


def unfinished_of(session: Session) -> Unfinished | None:
    """What is still to go back to the card of what was put right before; the oldest first."""
    rows = SessionRighting.objects.filter(session=session, credit_note__open_amount__gt=0)
    for row in rows.select_related("credit_note").order_by("pk"):
        payment = card_payment_for(row.credit_note)
        if payment is not None:
            left: Decimal = getattr(payment, "left", Decimal(0))
            return Unfinished(row, min(row.credit_note.open_amount, left))
    return None


def finish(*, session: Session, may_exceed_limit: bool = False) -> Done:
    """Give back to the card what did not get there. Refuses where nothing is left to do, and more
    than the limit for refunds unless the person may exceed it. Calls the provider."""
    found = unfinished_of(session)
    if found is None:
        raise RuleViolation("finished", _("Nothing is left to be given back."))
    row = found.righting
    refund_to_card(
        source=row.credit_note, reason=row.reason, amount=found.amount,
        may_exceed_limit=may_exceed_limit,
    )  # fmt: skip
    visit = position_of(session).visit
    if visit is not None:
        mail_new_receipt(visit)
    return Done(Route.REFUND if visit is None else Route.GUEST, credit_note=row.credit_note)


def open_position(session: Session, route: Route) -> Position:
    """Where it stands; refuses a route that is not open."""
    position = position_of(session)
    if route not in position.choice.routes:
        raise RuleViolation(
            "route_differs",
            str(REFUSED.get(position.choice.refused, "")) or _("It stands otherwise by now."),
        )
    return position


def _refuse_changed(position: Position, wish: Wish) -> None:
    if position.costs != wish.stood:
        raise RuleViolation("changed", _("Somebody has put it right meanwhile. Look again."))


def _locked(session: Session) -> None:
    """One at a time about a session."""
    list(SessionBilling.objects.select_for_update(of=("self",)).filter(session=session))


@transaction.atomic
def _decided(session: Session, wish: Wish) -> Decision:
    _locked(session)
    position = open_position(session, wish.route)
    _refuse_changed(position, wish)
    assert position.billing is not None
    kind = DecisionKind.WAIVE if wish.route is Route.WAIVE else DecisionKind.CORRECT
    return decide(
        billing=position.billing, kind=kind, reason=wish.reason, correction=wish.correction
    )


def _guest(session: Session, wish: Wish, may_exceed: bool) -> Done:
    visit = position_of(session).visit
    if visit is None:
        raise RuleViolation("route_differs", _("It stands otherwise by now."))
    note = put_guest_right(
        visit=visit, amount=needed(wish.amount), reason=wish.reason, paid=wish.stood,
        may_exceed_limit=may_exceed,
    )  # fmt: skip
    return Done(Route.GUEST, credit_note=note)


def _back(session: Session, wish: Wish, may_exceed: bool) -> Done:
    """The credit note first, in a transaction of its own; then what goes back to the card."""
    note, position = _credited(session, wish, may_exceed)
    to_card = to_card_of(position, note)
    if wish.route is Route.REFUND and to_card > 0:
        refund_to_card(source=note, reason=wish.reason, amount=to_card, may_exceed_limit=True)
    return Done(wish.route, credit_note=note)


@transaction.atomic(durable=True)
def _credited(session: Session, wish: Wish, may_exceed: bool) -> tuple[Invoice, Position]:
    _locked(session)
    if (begun := _unfinished(session, wish)) is not None:
        return begun, position_of(session)
    position = open_position(session, wish.route)
    _refuse_changed(position, wish)
    note = credited(position, wish.amount, wish.reason)
    if wish.route is Route.REFUND and not may_exceed:
        _refuse_beyond_limit(position, to_card_of(position, note))
    SessionRighting.objects.create(
        operator_id=session.operator_id, session=session, credit_note=note, stood=position.costs,
        amount=note.gross, currency=note.currency, reason=wish.reason,
    )  # fmt: skip
    record(
        "session.put_right", session, operator_id=session.operator_id,
        before={"costs": position.costs},
        after={"costs": position.costs - note.gross, "credit_note": note.number,
               "route": wish.route.value},
        reason=wish.reason,
    )  # fmt: skip
    return note, position


def _refuse_beyond_limit(position: Position, to_card: Decimal) -> None:
    payment = position.payment
    limit = payment.card_account.refund_limit if payment is not None else None
    if limit is not None and to_card > limit:
        raise RuleViolation(
            "beyond_limit",
            _("Refunds above %(limit)s need somebody who may exceed the limit.") % {"limit": limit},
            field="amount",
        )


def _unfinished(session: Session, wish: Wish) -> Invoice | None:
    """The credit note of this very call, where its money did not go back: the process died."""
    if wish.route is not Route.REFUND:
        return None
    same = SessionRighting.objects.filter(
        session=session, reason=wish.reason, amount=wish.amount, stood=wish.stood,
        credit_note__open_amount__gt=0,
    )  # fmt: skip
    latest: SessionRighting | None = same.select_related("credit_note").order_by("-pk").first()
    return None if latest is None else latest.credit_note
