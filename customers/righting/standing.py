"""Where a session's money stands: what billed it, what was credited, how it was paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.invoices.crediting import remaining
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceState
from billing.payments.cards.models import CardPayment
from billing.payments.cards.refunding import refundable
from billing.rating.billable import COSTS_NOTHING
from billing.rating.models import BillableItem, RatedSession, SessionBilling
from billing.review.models import Decision, DecisionState
from customers.guests.models import GuestVisit
from customers.guests.money import invoice_of
from customers.guests.righting import paid_of
from customers.righting.rule import Choice, Stand, choose
from stations.sessions.models import Session, SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A session with all that is needed to put it right. ``costs``: what it costs now, with VAT;
    ``invoice`` and ``lines``: the document that billed it, and what remains of its lines there;
    ``payment``: the card payment of which something can go back."""

    session: Session
    choice: Choice
    costs: Decimal
    currency: str
    billing: SessionBilling | None = None
    rated: RatedSession | None = None
    invoice: Invoice | None = None
    lines: dict[int, Decimal]
    payment: CardPayment | None = None
    visit: GuestVisit | None = None


def position_of(session: Session) -> Position:
    """As it is now."""
    billing = (
        SessionBilling.objects.select_related("operator", "session").filter(session=session).first()
    )
    rated = RatedSession.objects.filter(session=session, is_current=True).first()
    visit = _settled_visit(session)
    if visit is not None:
        return _of_guest(session, billing, rated, visit)
    items = _items(session)
    billed = sum((one.gross for one in items), Decimal(0))
    invoice, lines = _document(items)
    payment = _card_payment(invoice)
    credited = billing.credited_gross if billing is not None else Decimal(0)
    stand = Stand(
        billing=billing.state if billing is not None and not billing.is_due else "",
        is_over=session.state != SessionState.ACTIVE,
        waits_for_second=_waits(billing),
        adjustment_waits=_adjustment_waits(session) if items else False,
        billed=billed, credited=credited, creditable=sum(lines.values(), Decimal(0)),
        on_card=getattr(payment, "left", Decimal(0)),
    )  # fmt: skip
    owed = billed - credited if items else _price(billing, rated)
    return Position(
        session=session, choice=choose(stand), costs=owed, billing=billing, rated=rated,
        currency=invoice.currency if invoice else _currency(rated, session), invoice=invoice,
        lines=lines, payment=payment,
    )  # fmt: skip


def _price(billing: SessionBilling | None, rated: RatedSession | None) -> Decimal:
    """What it costs while no bill has taken it."""
    if rated is None or (billing is not None and billing.state in COSTS_NOTHING):
        return Decimal(0)
    return rated.gross


def _currency(rated: RatedSession | None, session: Session) -> str:
    return rated.currency if rated is not None else session.operator.currency


def _settled_visit(session: Session) -> GuestVisit | None:
    rows = GuestVisit.objects.select_related("operator", "card_payment__card_account")
    visit: GuestVisit | None = rows.filter(session=session).first()
    return visit if visit is not None and visit.is_paid else None


def _of_guest(
    session: Session, billing: SessionBilling | None, rated: RatedSession | None, visit: GuestVisit
) -> Position:
    paid = paid_of(visit)
    stand = Stand(
        billing=billing.state if billing is not None else "", is_guest_settled=True,
        billed=paid, creditable=paid,
    )  # fmt: skip
    return Position(
        session=session, choice=choose(stand), costs=paid, currency=visit.currency,
        billing=billing, rated=rated, invoice=invoice_of(visit), lines={},
        payment=visit.card_payment, visit=visit,
    )  # fmt: skip


def _waits(billing: SessionBilling | None) -> bool:
    return Decision.objects.filter(billing=billing, state=DecisionState.PROPOSED).exists()


def _adjustment_waits(session: Session) -> bool:
    return BillableItem.objects.filter(session=session, taken_at=None).exists()


def _items(session: Session) -> list[InvoiceItem]:
    """What issued documents billed of it, in order."""
    rows = InvoiceItem.objects.filter(
        billable__session=session, billable__taken_at__isnull=False,
        invoice__kind=InvoiceKind.INVOICE,
    ).exclude(invoice__state=InvoiceState.DRAFT)  # fmt: skip
    return list(rows.select_related("invoice__account", "line").order_by("pk"))


def _document(items: list[InvoiceItem]) -> tuple[Invoice | None, dict[int, Decimal]]:
    """The first document of which something can still be credited."""
    first: Invoice | None = None
    for item in items:
        first = first or item.invoice
        lines = _remaining(item) if item.gross > 0 else {}
        if sum(lines.values(), Decimal(0)) > 0:
            return item.invoice, lines
    return first, {}


def _remaining(item: InvoiceItem) -> dict[int, Decimal]:
    """What remains of the lines of the item's group, by position."""
    begin = item.line.position
    later = InvoiceItem.objects.filter(invoice=item.invoice_id, line__position__gt=begin)
    end = later.order_by("line__position").values_list("line__position", flat=True).first()
    return {
        line.position: rest
        for line, rest in remaining(item.invoice)
        if begin <= line.position and (end is None or line.position < end)
    }


def _card_payment(invoice: Invoice | None) -> CardPayment | None:
    """The latest card payment that settled it, of which something can go back."""
    if invoice is None:
        return None
    rows = refundable().filter(payment__allocations__invoice=invoice)
    found: CardPayment | None = rows.select_related("card_account").order_by("-pk").first()
    return found
