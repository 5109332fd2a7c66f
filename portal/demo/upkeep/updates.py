"""Firmware campaigns of the demo: one that went well weeks ago, one that its canary halted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.accounts.models import Operator
from stations.firmware import campaigns, working
from stations.firmware.campaigns import Plan
from stations.firmware.images import NewImage, add_image, want_image
from stations.firmware.models import Campaign, CampaignStation, TargetState
from stations.firmware.states import move
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station

BEFORE: Final = "1.9.0"
_TURNS: Final = 12


def write_campaigns(operator: Operator, now: datetime) -> int:
    """Two models with most stations, one campaign each."""
    stations = Station.objects.filter(operator=operator, retired_on=None)
    models = sorted(
        HardwareModel.objects.filter(operator=operator),
        key=lambda one: (-stations.filter(hardware_model=one).count(), one.pk),
    )[:2]
    if len(models) < 2:
        return 0
    _done(operator, models[0], now - timedelta(days=34))
    _halted(operator, models[1], now - timedelta(days=2))
    return 2


def _done(operator: Operator, model: HardwareModel, at: datetime) -> None:
    """The version that the stations have today, brought to those that were behind."""
    image = add_image(
        operator=operator, hardware_model=model,
        told=NewImage(
            version=model.newest_firmware, url=f"https://vendor.example/{model.newest_firmware}.bin",
            note="Mends meters that told W for kWh.",
        ),
    )  # fmt: skip
    want_image(image=image)
    behind = Station.objects.filter(
        operator=operator, hardware_model=model, firmware_version=model.newest_firmware
    )
    keys = list(behind.order_by("pk").values_list("pk", flat=True)[:12])
    Station.objects.filter(pk__in=keys).update(firmware_version=BEFORE)
    plan = Plan(from_firmware=BEFORE, canary_count=2, wave_size=5, pause_minutes=0)
    campaign = campaigns.start_campaign(
        image=image, name="Mätvärden", plan=plan, reason="Fel enhet i mätvärden"
    )
    Station.objects.filter(pk__in=keys).update(firmware_version=model.newest_firmware)
    for turn in range(_TURNS):
        later = at + timedelta(hours=6 * turn)
        working.send_due(now=later)
        working.judge_due(now=later)
        campaign.refresh_from_db()
        if campaign.state != "running":
            break
    _dated(campaign, at, at + timedelta(days=2))


def _halted(operator: Operator, model: HardwareModel, at: datetime) -> None:
    """A newer version that the first station could not load."""
    image = add_image(
        operator=operator, hardware_model=model,
        told=NewImage(version="9.0.1", url="https://vendor.example/9.0.1.bin"),
    )  # fmt: skip
    plan = Plan(canary_count=2, wave_size=10, most_failures=0)
    campaign = campaigns.start_campaign(
        image=image, name="Vinterkorrigering", plan=plan, reason="Låset fryser"
    )
    first = CampaignStation.objects.filter(campaign=campaign, state=TargetState.WAITING)
    move(
        first.order_by("wave", "pk")[0], TargetState.FAILED, at,
        word="InvalidSignature", told_at=at,
    )  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(counted_from_at=at - timedelta(hours=1))
    working.judge_due(now=at)
    _dated(campaign, at - timedelta(hours=1), at)


def _dated(campaign: Campaign, begun: datetime, changed: datetime) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(
        created_at=begun, changed_at=changed, wave_began_at=begun, counted_from_at=begun
    )
