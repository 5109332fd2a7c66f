"""A guest's visit from paying to charging: what a person does, each thing once.

Money is moved by billing.payments.cards, whose rows are committed before the provider is called;
a visit follows them. So a process that dies anywhere leaves a visit that settling.py takes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.accounts.models import AccountKind, InvoiceRhythm
from billing.accounts.services import create_account
from billing.payments.cards.holds import GuestPage, cancel_hold, refresh, start_hold
from billing.payments.cards.models import CardPayment, CardState
from core.audit.models import ActorKind
from core.audit.services import Actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.guests.authoriser import new_token
from customers.guests.links import ref_of
from customers.guests.models import GuestVisit, Shape, VisitState
from customers.guests.offer import Offer, offer_at
from customers.selfservice.starting import Progress, command_progress
from stations.commands.models import CommandState
from stations.commands.services import link_of
from stations.hardware.models import Connector, Evse
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session

GUEST: Final = Actor(ActorKind.PERSON, "guest")
"""A person, though nobody whom we know: also stations that no automation may touch obey."""
LOOKS_AGAIN: Final = timedelta(seconds=10)
TERMS_DAYS: Final = 10


def begin_visit(
    *, connector: Connector, shape: str, amount: Decimal | None, email: str, language: str
) -> GuestVisit:
    """Open a visit and the page on which it is paid (``card_payment.url``). The amount of a hold
    is the operator's; one that is paid ahead is the guest's choice, up to that. Refuses where
    nobody can begin now. Calls the provider."""
    now = timezone.now()
    offer = offer_at(connector, now)
    if not offer.may_begin:
        raise RuleViolation("not_now", offer.refusal)
    visit = _written(offer, shape, _amount(offer, shape, amount), email, language, now)
    return pay_visit(visit=visit, offer=offer)


def _amount(offer: Offer, shape: str, wanted: Decimal | None) -> Decimal:
    if shape == Shape.HOLD or (shape == Shape.TERMINAL and offer.terminal):
        return offer.hold_amount
    if shape != Shape.PREPAID or wanted not in offer.prepaid_choices:
        raise InvalidInput("amount", _("Choose one of the amounts."), field="amount")
    return wanted


@transaction.atomic
def _written(
    offer: Offer, shape: str, amount: Decimal, email: str, language: str, now: datetime
) -> GuestVisit:
    operator, evse = offer.connector.operator, offer.evse
    ref = public_id("vis")
    with override(language):
        name = _("Guest at %(place)s, %(id)s") % {"place": evse, "id": ref[-6:]}
    account = create_account(
        operator=operator, kind=AccountKind.PERSON, name=name, language=language,
        currency=offer.currency, invoice_rhythm=InvoiceRhythm.BY_HAND,
        payment_terms_days=TERMS_DAYS, is_provisional=True,
    )  # fmt: skip
    visit: GuestVisit = GuestVisit.objects.create(
        operator=operator, public_id=ref, evse=evse, connector=offer.connector,
        token=new_token(), shape=shape, amount=amount, currency=offer.currency, email=email,
        language=language, account=account, next_at=now + LOOKS_AGAIN, created_at=now,
    )  # fmt: skip
    record(
        "guest_visit.begin", visit, operator_id=operator.pk,
        after={"evse": str(evse), "paid": shape, "amount": amount, "currency": offer.currency},
    )  # fmt: skip
    return visit


def pay_visit(*, visit: GuestVisit, offer: Offer) -> GuestVisit:
    """Open the provider's page for a visit, or the one that is open already."""
    seller = offer.seller
    if seller is None:
        raise RuleViolation("not_now", offer.refusal)
    back = settings.PUBLIC_URL + reverse("guest_back", args=[ref_of(visit)])
    with override(visit.language):
        text = _("Charging at %(place)s") % {"place": visit.evse}
    if visit.shape == Shape.TERMINAL:
        text = f"{visit.short_code} {text}"
    try:
        payment = start_hold(
            seller=seller, amount=visit.amount, currency=visit.currency,
            reference=visit.public_id, account=visit.account,
            page=GuestPage(back, back, visit.language, visit.email, text),
            prepaid=visit.is_prepaid,
            terminal=offer.terminal if visit.shape == Shape.TERMINAL else "",
        )  # fmt: skip
    except RuleViolation as refusal:
        if refusal.code != "being_held":
            raise
        return with_payment(visit)
    return _bound_to(visit, payment)


def with_payment(visit: GuestVisit) -> GuestVisit:
    """The visit with its card payment, also where a process died before it was noted."""
    if visit.card_payment_id is None:
        rows = CardPayment.objects.filter(operator=visit.operator_id, reference=visit.public_id)
        found = rows.select_related("card_account__seller").order_by("-pk").first()
        if found is not None:
            return _bound_to(visit, found)
    return visit


def _bound_to(visit: GuestVisit, payment: CardPayment) -> GuestVisit:
    GuestVisit.objects.filter(pk=visit.pk, card_payment=None).update(card_payment=payment)
    visit.card_payment = payment
    return visit


def move(visit: GuestVisit, to: VisitState, *, why: str | None = None, **values: object) -> bool:
    """Move a visit on from the state in which it was read; False where somebody else did. A
    second guest with money at the same EVSE is refused by the database."""
    because = visit.why if why is None else why
    try:
        with transaction.atomic():
            changed = GuestVisit.objects.filter(pk=visit.pk, state=visit.state).update(
                state=to, why=because, **values
            )
            if changed:
                record(
                    f"guest_visit.{to.value}", visit, operator_id=visit.operator_id,
                    before={"state": visit.state}, after={"state": to.value}, reason=why or "",
                )  # fmt: skip
    except IntegrityError as error:
        if "guest_visit_one_at_evse" not in str(error):
            raise
        return move(visit, VisitState.CLOSING, why="occupied")
    if changed:
        visit.state, visit.why = to, because
        for name, value in values.items():
            setattr(visit, name, value)
    return bool(changed)


def come_back(*, visit: GuestVisit) -> GuestVisit:
    """What the provider says when a guest comes back from its page. Calls the provider."""
    with_payment(visit)
    if visit.card_payment is not None and visit.state == VisitState.PAYING:
        refresh(payment=visit.card_payment)
    return visit


@transaction.atomic
def start_visit(*, visit: GuestVisit) -> GuestVisit:
    """Ask the station to start; a second tap is the first again. Refuses without money that is
    held or paid, and says when the station cannot be reached."""
    Evse.objects.select_for_update(of=("self",)).get(pk=visit.evse_id)
    row: GuestVisit = (
        GuestVisit.objects.select_for_update(of=("self",))
        .select_related("command", "evse__station", "account", "operator", "card_payment")
        .get(pk=visit.pk)
    )
    if row.state == VisitState.CHARGING:
        return row
    if row.state != VisitState.READY or not has_money(row):
        raise RuleViolation("not_paid", _("Pay first; then you can start."))
    if row.command is not None and not progress_of(row, timezone.now()).is_over:
        return row
    wanted = Request(command="remote_start", parameters=_asked(row))
    command = send(row.evse.station, wanted, by=GUEST)
    if command.state == CommandState.REFUSED_OFFLINE:
        raise RuleViolation("offline", _("The station cannot be reached now. Try again soon."))
    row.command, row.asked_at = command, timezone.now()
    row.save(update_fields=["command", "asked_at"])
    record(
        "guest_visit.start", row, operator_id=row.operator_id, after={"command": command.public_id}
    )
    return row


def has_money(visit: GuestVisit) -> bool:
    """Whether the amount is held, or paid ahead and not given back."""
    payment = visit.card_payment
    wanted = CardState.PAID if visit.is_prepaid else CardState.HELD
    return payment is not None and payment.state == wanted


def _asked(visit: GuestVisit) -> dict[str, object]:
    link = link_of(visit.evse.station)
    knows_types = link is not None and link.ocpp_version != "1.6"
    kind = {"token_type": "central"} if knows_types else {}
    return {"id_token": visit.token, "evse": visit.evse.number, **kind}


def progress_of(visit: GuestVisit, now: datetime) -> Progress:
    """What became of a start that was asked for."""
    return command_progress(visit.command, visit.asked_at or visit.created_at, now)


def session_of(visit: GuestVisit) -> Session | None:
    """The session that began with the visit's token at its station."""
    rows = Session.objects.annotate(upper_token=Upper("id_token")).filter(
        upper_token=visit.token, station=visit.evse.station_id,
        first_received_at__gte=visit.created_at,
    )  # fmt: skip
    found: Session | None = rows.defer("intervals").order_by("first_received_at", "pk").first()
    return found


def call_off(*, visit: GuestVisit) -> None:
    """The guest changed their mind before charging began: all money goes back. Refuses later,
    also where it began and nobody has looked since."""
    if visit.state == VisitState.PAYING:
        with_payment(visit)
        if visit.card_payment is not None:
            cancel_hold(payment=visit.card_payment, reason="called off by the guest")
    may_still = visit.state in (VisitState.PAYING, VisitState.READY) and session_of(visit) is None
    if not may_still or not move(visit, VisitState.CLOSING, why="called_off"):
        raise RuleViolation("over", _("It is too late to call it off. Stop charging instead."))
