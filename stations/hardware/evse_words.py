"""What is told the public of an EVSE, in words, with what it takes over from its site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from stations.hardware.models import Evse
from stations.sites.choices import ParkingRestriction, PaymentWay, VehicleType


def access_of(evse: Evse) -> tuple[str, str]:
    """Whether an EVSE is publicly accessible, and the reason; the site's where it says nothing."""
    if evse.public_access:
        return evse.public_access, evse.access_reason
    return evse.station.site.public_access, evse.station.site.access_reason


def words(values: Iterable[str], choices: type[models.TextChoices]) -> str:
    """Labels of stored codes; a code that nobody knows stands as it is."""
    known = {value: str(label) for value, label in choices.choices}
    return ", ".join(known.get(value, value) for value in values)


def disclosed(evse: Evse) -> dict[str, Any]:
    """Texts for the page of an EVSE."""
    site = evse.station.site
    return {
        "access": evse.get_public_access_display()
        if evse.public_access
        else site.get_public_access_display(),
        "access_reason": access_of(evse)[1],
        "access_from_site": not evse.public_access,
        "accessibility": evse.get_accessibility_display()
        if evse.accessibility
        else site.get_accessibility_display(),
        "payment_ways": words(evse.payment_ways, PaymentWay),
        "vehicle_types": words(evse.vehicle_types, VehicleType),
        "parking_restrictions": words(evse.parking_restrictions, ParkingRestriction),
    }
