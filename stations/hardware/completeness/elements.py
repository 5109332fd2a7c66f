"""The static elements of AFIR art. 20 and of metering law, each with what lacking it means.

Places that are not public need fewer; meters and grants concern every EVSE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stations.hardware.choices import ConnectorType
from stations.hardware.models import Connector
from stations.sites.choices import GrantState, PublicAccess

TERMINAL_FROM_W: Final = 50_000
"""Public recharging points of this power need a terminal that reads cards (AFIR art. 5.1)."""
_HALF: Final = [PublicAccess.PRIVATE, PublicAccess.PART_TIME]


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its key, label, the form field to fill in, and rows that lack it."""

    key: str
    label: str | Promise
    field: str
    lacks: Callable[[], Q]


def _public_site(lacks: Q) -> Callable[[], Q]:
    return lambda: ~Q(public_access=PublicAccess.PRIVATE) & lacks


def _public_evse(lacks: Q) -> Callable[[], Q]:
    private = Q(public_access=PublicAccess.PRIVATE) | Q(
        public_access="", station__site__public_access=PublicAccess.PRIVATE
    )
    return lambda: ~private & lacks


def _unknown_connector() -> Q:
    rows = Connector.objects.filter(
        evse=OuterRef("pk"), retired_on=None, connector_type=ConnectorType.UNKNOWN
    )
    return Q(Exists(rows))


_REASON: Final = Element(
    "access_reason",
    _("Why not public, or when"),
    "access_reason",
    lambda: Q(public_access__in=_HALF, access_reason=""),
)
SITE_ELEMENTS: Final = (
    Element("address", _("Address"), "address", lambda: Q(address="") | Q(city="")),
    Element("position", _("Position"), "latitude", lambda: Q(latitude=None)),
    Element(
        "public_access",
        _("Publicly accessible"),
        "public_access",
        lambda: Q(public_access=""),
    ),
    _REASON,
    Element("access_type", _("Who may enter"), "access_type", _public_site(Q(access_type=""))),
    Element("parking_type", _("Kind of place"), "parking_type", _public_site(Q(parking_type=""))),
    Element(
        "opening_hours",
        _("Opening hours"),
        "always_open",
        _public_site(Q(opening_hours__isnull=True)),
    ),
    Element(
        "operator_contact",
        _("Operator's contact"),
        "operator_phone",
        _public_site(Q(operator_phone="", operator_email="")),
    ),
    Element(
        "owner",
        _("Owner with contact"),
        "owner_name",
        _public_site(Q(owner_name="") | Q(owner_phone="", owner_email="")),
    ),
    Element(
        "accessibility", _("Accessibility"), "accessibility", _public_site(Q(accessibility=""))
    ),
    Element(
        "accessible_spaces",
        _("Parking spaces for people with disabilities"),
        "accessible_spaces",
        _public_site(Q(accessible_spaces=None)),
    ),
    Element(
        "renewable", _("Renewable electricity"), "is_renewable", _public_site(Q(is_renewable=""))
    ),
)
EVSE_ELEMENTS: Final = (
    Element("evse_id", _("EVSE id"), "public_id", _public_evse(Q(public_id=None))),
    Element("power", _("Power"), "max_power_w", lambda: Q(max_power_w=None)),
    Element("connector_type", _("Connector type"), "connector_1", _unknown_connector),
    _REASON,
    Element("payment_ways", _("Ways to pay"), "payment_ways", _public_evse(Q(payment_ways=[]))),
    Element(
        "payment_terminal",
        _("Payment terminal (50 kW and more, AFIR art. 5)"),
        "payment_terminal",
        _public_evse(Q(max_power_w__gte=TERMINAL_FROM_W, payment_terminal="")),
    ),
    Element("vehicle_types", _("Vehicles"), "vehicle_types", _public_evse(Q(vehicle_types=[]))),
    Element(
        "parking_restrictions",
        _("Parking restrictions"),
        "parking_restrictions",
        _public_evse(Q(parking_restrictions=[])),
    ),
    Element("meter_make", _("Meter make and model"), "meter_make", lambda: Q(meter_make="")),
    Element("meter_serial", _("Meter serial number"), "meter_serial", lambda: Q(meter_serial="")),
    Element("meter_mid_year", _("MID year"), "meter_mid_year", lambda: Q(meter_mid_year=None)),
    Element("meter_class", _("Accuracy class"), "meter_class", lambda: Q(meter_class="")),
    Element("grant_state", _("Grant"), "grant_state", lambda: Q(grant_state="")),
    Element(
        "grant_details",
        _("Who granted, and until when"),
        "grant_name",
        lambda: Q(grant_state=GrantState.GRANTED) & (Q(grant_name="") | Q(grant_ends_on=None)),
    ),
)
