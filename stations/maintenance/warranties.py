"""Warranties of stations: what is known, whether it holds on a day, and writing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from stations.hardware.models import Station
from stations.maintenance.partner_models import Partner
from stations.maintenance.warranty_models import StationWarranty


def warranties() -> QuerySet[StationWarranty]:
    """All that are known, those that end first on top."""
    rows: QuerySet[StationWarranty] = StationWarranty.objects.select_related(
        "station__site", "supplier"
    )
    return rows.order_by("ends_on", "station__name", "id")


def warranty_of(station: Station | None) -> StationWarranty | None:
    """What is known of one station."""
    if station is None:
        return None
    return warranties().filter(station=station).first()


def suppliers(also: int | None = None) -> QuerySet[Partner]:
    """Partners that supply stations or parts, and the one with the key ``also``, that once did."""
    rows: QuerySet[Partner] = Partner.objects.filter(Q(is_supplier=True) | Q(pk=also))
    return rows.order_by("name", "id")


def holds(warranty: StationWarranty | None, day: date) -> bool:
    """Whether the supplier answers for what fails on a day (its last day included)."""
    return warranty is not None and warranty.ends_on is not None and day <= warranty.ends_on


def day_at(station: Station, moment: datetime) -> date:
    """The day of an instant where the station stands."""
    return moment.astimezone(ZoneInfo(station.site.time_zone)).date()


@transaction.atomic
def save_warranty(*, station: Station, reason: str = "", **values: Any) -> StationWarranty:
    """Say who supplied a station and until when they answer for it. Refuses a partner that
    supplies nothing, and an end before the purchase."""
    row = StationWarranty.objects.select_for_update(of=("self",)).filter(station=station).first()
    row = row or StationWarranty(operator_id=station.operator_id, station=station)
    before, after = apply_changes(row, values)
    if "supplier" in after and row.supplier is not None and not row.supplier.is_supplier:
        raise InvalidInput("supplier", _("This partner supplies nothing."), field="supplier")
    if row.bought_on and row.ends_on and row.ends_on < row.bought_on:
        raise InvalidInput("order", _("The warranty ends before the purchase."), field="ends_on")
    row.full_clean(exclude=["operator"])
    row.save()
    if after:
        record(
            "station.warranty",
            station,
            operator_id=station.operator_id,
            before={name: str(value or "") for name, value in before.items()},
            after={name: str(value or "") for name, value in after.items()},
            reason=reason,
        )
    return row
