"""Replacing the unit behind a station; what is known of the place and its past stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import DeviceVariable, Station, StationLink
from stations.hardware.quirks import effective
from stations.hardware.services import end_connection, refuse_identity, set_password
from stations.hardware.unit_models import HardwareUnit, UnitFate
from stations.ocpp.models import LocalList
from stations.onboarding.waiting import expected_since

_OF_THE_UNIT = (
    "identity", "serial_number", "vendor", "model", "firmware_version", "boot_info",
    "hardware_model", "catalogue_quirks", "quirks", "matched_as",
)  # fmt: skip


@transaction.atomic
def replace_station(
    *,
    station: Station,
    identity: str,
    fate: str,
    reason: str,
    serial_number: str = "",
    hardware_model: HardwareModel | None = None,
    password: str | None = None,
) -> tuple[Station, str]:
    """Put another unit behind a station and return it with its password, shown this once.

    EVSEs with their ids, sessions and journals stay. The old unit is kept in the history of the
    station with where it went; under an identity of its own it is refused as replaced. What was
    known of the unit alone goes: its configuration, local list, quirks and boot data.
    """
    station = Station.objects.select_for_update().get(pk=station.pk)
    _check(station, identity, fate, reason)
    unit = _remember(station, fate, reason)
    before = {"identity": unit.identity, "serial_number": unit.serial_number}
    _put_in(station, identity, serial_number, hardware_model)
    DeviceVariable.objects.filter(station=station).delete()
    LocalList.objects.filter(station=station).delete()
    end_connection(station)
    StationLink.objects.filter(station=station).update(boot_status="none", booted_at=None)
    record(
        "station.replace",
        station,
        operator_id=station.operator_id,
        before=before,
        after={"identity": identity, "serial_number": serial_number, "old_unit": fate},
        reason=reason,
    )
    return station, set_password(station=station, password=password, reason=reason)


def _check(station: Station, identity: str, fate: str, reason: str) -> None:
    if station.retired_on is not None:
        raise RuleViolation("station_retired", _("Take the station back into use first."))
    if fate not in UnitFate.values:
        raise InvalidInput("fate", _("Say where the old unit goes."), field="fate")
    if not reason.strip():
        raise InvalidInput("reason", _("Say why."), field="reason")
    if identity.upper() != station.identity.upper():
        refuse_identity(identity)


def _remember(station: Station, fate: str, reason: str) -> HardwareUnit:
    unit: HardwareUnit = HardwareUnit.objects.create(
        operator_id=station.operator_id,
        station=station,
        identity=station.identity,
        vendor=station.vendor,
        model=station.model,
        serial_number=station.serial_number,
        firmware_version=station.firmware_version,
        quirks=effective(station.catalogue_quirks, station.quirks),
        installed_at=expected_since(station),
        removed_at=timezone.now(),
        fate=fate,
        reason=reason,
    )
    return unit


def _put_in(
    station: Station, identity: str, serial_number: str, model: HardwareModel | None
) -> None:
    station.identity, station.serial_number = identity, serial_number
    station.vendor = model.vendor if model else ""
    station.model = model.model if model and "*" not in model.model else ""
    station.firmware_version, station.boot_info = "", {}
    station.hardware_model, station.matched_as = model, ""
    station.catalogue_quirks, station.quirks = {}, {}
    station.full_clean(validate_constraints=False)
    station.save(update_fields=list(_OF_THE_UNIT))


@transaction.atomic
def move_unit(*, unit: HardwareUnit, fate: str, reason: str) -> HardwareUnit:
    """Say where a removed unit is now."""
    if fate not in UnitFate.values:
        raise InvalidInput("fate", _("Say where the old unit goes."), field="fate")
    before, unit.fate = unit.fate, fate
    unit.save(update_fields=["fate"])
    changed: dict[str, Any] = {"before": {"fate": before}, "after": {"fate": fate}}
    record("unit.move", unit, operator_id=unit.operator_id, reason=reason, **changed)
    return unit
