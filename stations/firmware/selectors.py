"""Reading firmware: what runs where, files, campaigns and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from stations.firmware.models import Campaign, CampaignStation, FirmwareImage, TargetState
from stations.firmware.progress import ENDED, FAILURES, same_version
from stations.hardware.models import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """Stations of one model with one version. ``standing``: wanted, other, none (nothing is
    wanted), unknown (the stations told no version)."""

    vendor: str
    model: str
    model_id: str
    version: str
    stations: int
    connected: int
    last_boot_at: datetime | None
    wanted: str
    standing: str
    released_on: date | None
    age_days: int | None
    image_id: str


def inventory(*, today: date) -> list[InventoryRow]:
    """Every version of every model in use with how many stations run it, by model, the version
    of most stations first."""
    wanted, images = _images()
    groups = (
        Station.objects.filter(retired_on=None)
        .order_by()
        .values(
            "vendor",
            "model",
            "firmware_version",
            "hardware_model__public_id",
            "hardware_model__vendor",
            "hardware_model__model",
            "hardware_model__newest_firmware",
        )
        .annotate(
            stations=Count("pk"),
            connected=Count("pk", filter=Q(link__is_connected=True)),
            last_boot_at=Max("link__booted_at"),
        )
    )
    rows = [_row(group, wanted, images, today) for group in groups]
    return sorted(rows, key=lambda r: (r.vendor, r.model, r.model_id, -r.stations, r.version))


def _images() -> tuple[dict[str, str], dict[tuple[str, str], FirmwareImage]]:
    rows = FirmwareImage.objects.filter(withdrawn_at=None).select_related("hardware_model")
    found = list(rows)
    return (
        {one.hardware_model.public_id: one.version for one in found if one.is_wanted},
        {(one.hardware_model.public_id, one.version.casefold()): one for one in found},
    )


def _row(
    group: dict[str, Any],
    wanted: dict[str, str],
    images: dict[tuple[str, str], FirmwareImage],
    today: date,
) -> InventoryRow:
    key = group["hardware_model__public_id"] or ""
    version = group["firmware_version"]
    target = wanted.get(key) or group["hardware_model__newest_firmware"] or ""
    image = images.get((key, version.casefold()))
    released = image.released_on if image else None
    return InventoryRow(
        vendor=group["vendor"] or group["hardware_model__vendor"] or "",
        model=group["model"] or group["hardware_model__model"] or "",
        model_id=key,
        version=version,
        stations=group["stations"],
        connected=group["connected"],
        last_boot_at=group["last_boot_at"],
        wanted=target,
        standing=_standing(version, target),
        released_on=released,
        age_days=(today - released).days if released else None,
        image_id=image.public_id if image else "",
    )


def _standing(version: str, wanted: str) -> str:
    if not version:
        return "unknown"
    if not wanted:
        return "none"
    return "wanted" if same_version(version, wanted) else "other"


def images() -> QuerySet[FirmwareImage]:
    """All firmware files, the latest first."""
    rows: QuerySet[FirmwareImage] = FirmwareImage.objects.select_related("hardware_model")
    return rows.order_by("-created_at", "-id")


def image_or_404(public_id: str) -> FirmwareImage:
    """One firmware file."""
    found: FirmwareImage = get_object_or_404(images(), public_id=public_id)
    return found


def campaigns() -> QuerySet[Campaign]:
    """All campaigns with counts of their stations, the latest first."""
    part = Q(targets__state=TargetState.SKIPPED)
    rows: QuerySet[Campaign] = Campaign.objects.select_related("image__hardware_model").annotate(
        station_count=Count("targets", filter=~part),
        installed_count=Count("targets", filter=Q(targets__state=TargetState.INSTALLED)),
        failed_count=Count("targets", filter=Q(targets__state__in=sorted(FAILURES))),
        skipped_count=Count("targets", filter=part),
    )
    return rows.order_by("-created_at", "-id")


def campaign_or_404(public_id: str) -> Campaign:
    """One campaign."""
    found: Campaign = get_object_or_404(campaigns(), public_id=public_id)
    return found


def targets(campaign: Campaign) -> QuerySet[CampaignStation]:
    """The stations of a campaign by wave."""
    rows: QuerySet[CampaignStation] = CampaignStation.objects.filter(campaign=campaign)
    return rows.select_related("station__site", "station__link").order_by("wave", "pk")


@dataclass(slots=True)
class WaveRow:
    """How one wave stands."""

    wave: int
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def stations(self) -> int:
        """Stations that take part."""
        return sum(self.counts.values()) - self.counts[TargetState.SKIPPED]

    @property
    def installed(self) -> int:
        """Stations that started with the version."""
        return self.counts[TargetState.INSTALLED]

    @property
    def failed(self) -> int:
        """Failed or too slow."""
        return sum(self.counts[state] for state in FAILURES)

    @property
    def skipped(self) -> int:
        """Left out."""
        return self.counts[TargetState.SKIPPED]

    @property
    def waiting(self) -> int:
        """Not asked yet."""
        return self.counts[TargetState.WAITING]

    @property
    def active(self) -> int:
        """Being updated."""
        return self.stations - self.installed - self.failed - self.waiting


def wave_rows(campaign: Campaign) -> list[WaveRow]:
    """The waves of a campaign in their order."""
    found: dict[int, WaveRow] = {}
    counted = (
        CampaignStation.objects.filter(campaign=campaign)
        .order_by("wave", "state")
        .values_list("wave", "state")
        .annotate(count=Count("pk"))
    )
    for wave, state, count in counted:
        found.setdefault(wave, WaveRow(wave)).counts[state] += count
    return list(found.values())


def share_ended(rows: Sequence[WaveRow]) -> float | None:
    """How much of a campaign is over, of the stations that take part."""
    stations = sum(row.stations for row in rows)
    ended = sum(row.counts[state] for row in rows for state in ENDED) - sum(
        row.skipped for row in rows
    )
    return ended / stations if stations else None
