"""Firmware files, campaigns and logs for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.files.store import keep
from core.tenancy.scopes import across_operators
from stations.firmware.log_models import StationLog
from stations.firmware.models import Campaign, CampaignStation, FirmwareImage
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from tests.factories.core import number

_WHY = "tests make rows of any operator"


def make_image(operator: Any, **fields: Any) -> FirmwareImage:
    """A version 2.0 at a vendor's server, of a model of its own unless one is given."""
    values: dict[str, Any] = {
        "public_id": f"fw_{number()}", "version": "2.0", "url": "https://vendor.example/2.0.bin",
        "added_label": "Olga",
    } | fields  # fmt: skip
    with across_operators(_WHY):
        if "hardware_model" not in values:
            values["hardware_model"] = HardwareModel.objects.create(
                operator=operator, public_id=f"hm_{number()}", vendor="V", model=f"M{number()}"
            )
        made: FirmwareImage = FirmwareImage.objects.create(operator=operator, **values)
    return made


def make_campaign(station: Station, image: FirmwareImage | None = None, **fields: Any) -> Campaign:
    """A campaign that runs, with one station that waits in its canary."""
    now = timezone.now()
    values: dict[str, Any] = {
        "public_id": f"fwc_{number()}", "name": "Winter", "reason": "Fixes", "canary_count": 1,
        "wave_size": 10, "pause_minutes": 0, "most_failures": 1, "patience_minutes": 60,
        "wait_hours": 24, "wave_began_at": now, "counted_from_at": now, "started_label": "Olga",
        "image": image or make_image(station.operator),
    } | fields  # fmt: skip
    with across_operators(_WHY):
        made: Campaign = Campaign.objects.create(operator=station.operator, **values)
        CampaignStation.objects.create(
            operator=station.operator, campaign=made, station=station, wave=0
        )
    return made


def make_log(station: Station, content: bytes = b"", **fields: Any) -> StationLog:
    """A log that was asked for; received where ``content`` is given."""
    now = timezone.now()
    values: dict[str, Any] = {
        "public_id": f"log_{number()}", "kind": "diagnostics", "asked_label": "Olga",
        "expires_at": now + timedelta(hours=2), "request_number": number(),
    }  # fmt: skip
    if content:
        values |= {
            "state": "received", "path": keep(station.operator_id, content, ".log"),
            "name": "station.log", "size_bytes": len(content), "received_at": now,
            "delete_after_at": now + timedelta(days=30), "sha256": "0" * 64,
        }  # fmt: skip
    with across_operators(_WHY):
        made: StationLog = StationLog.objects.create(
            operator=station.operator, station=station, **(values | fields)
        )
    return made
