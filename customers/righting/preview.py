"""What putting a session right leads to, found by doing it and taking it back at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.crediting import credit
from billing.invoices.models import Invoice
from billing.rating.explain import explained_lines
from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.rating.session_facts import Correction
from billing.review.decisions import check_correction, current_of
from billing.review.judge import rules_of
from billing.review.models import ReviewRules
from billing.review.services import rate_now
from core.errors import InvalidInput
from core.money import minor_digits
from customers.guests.righting import result_of
from customers.righting.rule import Route
from customers.righting.shares import shared
from customers.righting.standing import Position


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the credit note, or of the new price."""

    text: str
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What it leads to. ``back``: what the customer gets, of which ``off_invoice`` lowers what is
    owed, ``to_card`` is refunded, and ``to_account`` stays as the customer's credit.
    ``needs_second``: another person must agree first; ``is_held``: the new price is doubtful."""

    route: Route
    before: Decimal
    after: Decimal
    currency: str
    back: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    off_invoice: Decimal = Decimal(0)
    to_card: Decimal = Decimal(0)
    to_account: Decimal = Decimal(0)
    rows: tuple[Row, ...] = ()
    needs_second: bool = False
    is_held: bool = False


def outcome_of(
    position: Position, route: Route, *, reason: str, amount: Decimal | None = None,
    correction: Correction | None = None,
) -> Outcome:  # fmt: skip
    """What it leads to; refuses amounts and figures that cannot be."""
    if route is Route.WAIVE:
        return _waived(position)
    if route is Route.RERATE:
        return _rerated(position, correction or Correction())
    if route is Route.GUEST:
        return _guest(position, reason, amount)
    with transaction.atomic():
        point = transaction.savepoint()
        note = credited(position, amount, reason)
        found = _credited(position, route, note)
        transaction.savepoint_rollback(point)
    return found


def credited(position: Position, amount: Decimal | None, reason: str) -> Invoice:
    """The credit note of so much, on the lines that billed the session; refuses more than that."""
    wanted = needed(amount)
    if position.invoice is None or wanted > position.choice.most:
        raise InvalidInput(
            "credit_beyond", _("That is more than remains to be credited."), field="amount"
        )
    if wanted != round(wanted, minor_digits(position.currency)):
        raise InvalidInput(
            "credit_amount",
            _("Write an amount above nothing, in whole smallest units."),
            field="amount",
        )
    lines = shared(wanted, position.lines, position.currency)
    return credit(position.invoice, reason=reason, lines=lines, session_id=position.session.pk)


def needed(amount: Decimal | None) -> Decimal:
    """Refuses no amount."""
    if amount is None or amount <= 0:
        raise InvalidInput("amount_needed", _("Say how much goes back."), field="amount")
    return amount


def to_card_of(position: Position, note: Invoice) -> Decimal:
    """What of the note goes back to the card: at most what was collected by it and is left."""
    left: Decimal = getattr(position.payment, "left", Decimal(0))
    return min(note.open_amount, left)


def _credited(position: Position, route: Route, note: Invoice) -> Outcome:
    to_card = to_card_of(position, note) if route is Route.REFUND else Decimal(0)
    return Outcome(
        route=route, before=position.costs, after=position.costs - note.gross,
        currency=note.currency, back=note.gross, tax=note.tax,
        off_invoice=note.payable - note.open_amount, to_card=to_card,
        to_account=note.open_amount - to_card,
        rows=tuple(
            Row(one.description, one.tax, one.gross) for one in note.lines.order_by("position")
        ),
    )  # fmt: skip


def _guest(position: Position, reason: str, amount: Decimal | None) -> Outcome:
    assert position.visit is not None
    result = result_of(visit=position.visit, amount=needed(amount), reason=reason)
    return Outcome(
        route=Route.GUEST, before=result.paid, after=result.left, currency=result.currency,
        back=result.back, tax=result.tax, to_card=result.back,
    )  # fmt: skip


def _limit(position: Position) -> Decimal:
    operator_id = position.session.operator_id
    rules = rules_of({operator_id}).get(operator_id) or ReviewRules()
    return Decimal(rules.four_eyes_above)


def _waived(position: Position) -> Outcome:
    tax = position.rated.tax if position.rated is not None else Decimal(0)
    return Outcome(
        route=Route.WAIVE, before=position.costs, after=Decimal(0), currency=position.currency,
        back=position.costs, tax=tax, needs_second=position.costs > _limit(position),
    )  # fmt: skip


def _rerated(position: Position, correction: Correction) -> Outcome:
    assert position.billing is not None
    check_correction(position.billing, correction)
    with transaction.atomic():
        point = transaction.savepoint()
        rows = SessionBilling.objects.select_for_update(of=("self",))
        billing = rows.select_related("session", "operator").get(pk=position.billing.pk)
        SessionBilling.objects.filter(pk=billing.pk).update(correction=correction.as_dict())
        after = rate_now(billing=billing, now=timezone.now())
        rated = current_of(after)
        lines = _priced(rated)
        transaction.savepoint_rollback(point)
    gross = rated.gross if rated is not None else Decimal(0)
    before_tax = position.rated.tax if position.rated is not None else Decimal(0)
    return Outcome(
        route=Route.RERATE, before=position.costs, after=gross, currency=position.currency,
        back=position.costs - gross, tax=before_tax - (rated.tax if rated else Decimal(0)),
        rows=lines, is_held=after.state == BillingState.HELD,
        needs_second=max(gross, position.costs) > _limit(position),
    )  # fmt: skip


def _priced(rated: RatedSession | None) -> tuple[Row, ...]:
    if rated is None:
        return ()
    return tuple(Row(str(one.what), one.line.tax, one.line.gross) for one in explained_lines(rated))
