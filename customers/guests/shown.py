"""What the page of a visit shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.payments.cards.models import CardPayment, CardRefund
from customers.guests.models import GuestVisit, VisitState
from customers.guests.paying_later import may_pay_later, owed_of
from customers.guests.receipts import guest_receipt
from customers.guests.visits import progress_of
from customers.selfservice.home import running_rows
from stations.sessions.models import Session

LONG: Final = timedelta(minutes=10)
WHY: Final[dict[str, str | Promise]] = {
    "not_paid": _("Nothing was paid, so nothing began."),
    "not_presented": _("No card was presented at the terminal in time, so nothing began."),
    "terminal_busy": _(
        "The terminal waits for another guest's card: do not present yours yet. "
        "Try again in a few minutes."
    ),
    "called_off": _("It was called off."),
    "occupied": _("Somebody else was faster at this connector."),
    "not_started": _("Nothing was started in time."),
    "lapsed": _("The bank no longer holds the amount."),
    "no_energy": _("No energy flowed, so it costs nothing."),
    "too_little": _("It was so little that it costs nothing."),
    "costs_nothing": _("It costs nothing."),
    "undecided": _("What it costs could not be settled in time, so nothing is paid."),
    "not_collected": _("The bank let the amount go before it could be collected."),
}


def visit_context(visit: GuestVisit) -> dict[str, Any]:
    """By state; a fixed number of queries."""
    now = timezone.now()
    payment = visit.card_payment
    found: dict[str, Any] = {
        "visit": visit,
        "evse": visit.evse,
        "site": visit.evse.station.site,
        "payment": payment,
        "is_test": payment is not None and not payment.card_account.is_live,
        "why": WHY.get(visit.why, ""),
        "is_waiting": not visit.is_over,
    }
    if visit.state == VisitState.READY:
        found["progress"] = progress_of(visit, now) if visit.asked_at else None
    elif visit.state == VisitState.CHARGING and visit.session_id is not None:
        [found["running"]] = running_rows([_running(visit)], now)
    elif visit.state == VisitState.SETTLING:
        found["is_late"] = visit.ended_at is not None and now - visit.ended_at > LONG
    elif visit.is_over:
        owed = owed_of(visit)
        found |= {
            "receipt": guest_receipt(visit), "refunds": _refunds(payment), "owed": owed,
            "may_pay": owed is not None and may_pay_later(owed),
        }  # fmt: skip
    return found


def _running(visit: GuestVisit) -> Session:
    rows = Session.objects.select_related("station__site", "evse", "billing__tariff_version")
    session: Session = rows.get(pk=visit.session_id)
    return session


def _refunds(payment: CardPayment | None) -> list[CardRefund]:
    if payment is None:
        return []
    return list(payment.card_refunds.exclude(state="failed").order_by("pk"))
