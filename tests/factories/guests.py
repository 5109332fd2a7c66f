"""Guests for tests, without a provider."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing.payments.cards.models import CardPayment
from core.ids import public_id
from core.tenancy.scopes import across_operators
from customers.guests.authoriser import new_token
from customers.guests.models import GuestCode, GuestVisit
from stations.hardware.models import Connector, Station
from tests.factories.billing import make_account


def make_guest_code(station: Station) -> GuestCode:
    """The code on the first connector of a station."""
    with across_operators("tests make rows of any operator"):
        connector = Connector.objects.filter(evse__station=station).order_by("pk")[0]
        row: GuestCode = GuestCode.objects.create(operator=station.operator, connector=connector)
    return row


def make_guest_visit(
    station: Station, payment: CardPayment | None = None, **fields: Any
) -> GuestVisit:
    """A guest who called it off, at the first EVSE of a station."""
    account = make_account(operator=station.operator)
    with across_operators("tests make rows of any operator"):
        values = {
            "public_id": public_id("vis"), "evse": station.evses.order_by("pk")[0],
            "token": new_token(), "shape": "hold", "amount": Decimal(500), "currency": "SEK",
            "state": "closed", "why": "called_off", "account": account, "card_payment": payment,
        } | fields  # fmt: skip
        row: GuestVisit = GuestVisit.objects.create(operator=station.operator, **values)
    return row
