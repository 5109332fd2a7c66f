"""Writing campaigns: which stations, beginning, pausing, going on, cancelling, trying again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.soon import soon
from stations.firmware.guards import StationFacts, never
from stations.firmware.models import (
    Campaign,
    CampaignState,
    CampaignStation,
    FirmwareImage,
    TargetState,
)
from stations.firmware.progress import FAILURES, SKIPPED, WAITING, same_version
from stations.firmware.states import set_state
from stations.firmware.tasks import work_campaigns
from stations.firmware.waves import waves_of
from stations.hardware.catalogue.matching import firmware_matches, is_firmware_pattern
from stations.hardware.models import Station
from stations.sites.models import Site

MOST_STATIONS: Final = 5000
LIVE: Final = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.HALTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How stations are chosen and taken. ``from_firmware`` is a pattern of versions (empty:
    any), ``sites`` empty: all."""

    sites: Sequence[Site] = ()
    from_firmware: str = ""
    canary_count: int = 1
    wave_size: int = 10
    pause_minutes: int = 60
    most_failures: int = 1
    from_hour: int | None = None
    until_hour: int | None = None
    patience_minutes: int = 120
    wait_hours: int = 72


@dataclass(frozen=True, slots=True)
class Chosen:
    """One station of a campaign to be: its wave, or why it is left out."""

    station: Station
    wave: int
    why: str


def choose(image: FirmwareImage, plan: Plan) -> list[Chosen]:
    """The stations of the model that the filter leaves, those left out last; connected ones
    come first, so that the canary tells soon. Refuses figures that make no sense."""
    _check_figures(plan)
    if not is_firmware_pattern(plan.from_firmware):
        raise InvalidInput(
            "pattern", _("This pattern of versions cannot be read."), field="from_firmware"
        )
    rows = Station.objects.filter(hardware_model_id=image.hardware_model_id, retired_on=None)
    if plan.sites:
        rows = rows.filter(site__in=list(plan.sites))
    found = [
        station
        for station in rows.select_related("site", "link").order_by("name", "pk")
        if firmware_matches(plan.from_firmware, station.firmware_version)
    ]
    if len(found) > MOST_STATIONS:
        raise RuleViolation(
            "too_many_stations",
            _("A campaign takes at most %(most)s stations; these are %(count)s. Choose sites.")
            % {"most": MOST_STATIONS, "count": len(found)},
            field="sites",
        )
    why = {station.pk: never(_lasting(station, image)) for station in found}
    taken = sorted((s for s in found if not why[s.pk]), key=lambda s: not s.link.is_connected)
    waves = waves_of(len(taken), plan.canary_count, plan.wave_size)
    last = max(waves, default=0)
    return [Chosen(s, wave, "") for s, wave in zip(taken, waves, strict=True)] + [
        Chosen(s, last, why[s.pk]) for s in found if why[s.pk]
    ]


def _lasting(station: Station, image: FirmwareImage) -> StationFacts:
    link = getattr(station, "link", None)
    return StationFacts(
        is_retired=station.retired_on is not None,
        hands_off=station.hands_off,
        has_version=same_version(station.firmware_version, image.version),
        is_known=bool(link and link.ocpp_version),
    )


def digest_of(chosen: Sequence[Chosen]) -> str:
    """Names what was shown, so that what is confirmed is what is done."""
    text = ",".join(f"{one.station.pk}:{one.wave}:{one.why}" for one in chosen)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def start_campaign(
    *, image: FirmwareImage, name: str, plan: Plan, reason: str, seen: str = ""
) -> Campaign:
    """Begin a campaign over the stations that the plan chooses.

    Refuses withdrawn firmware, one that is fetched from here without file, no station, figures
    that make no sense, no reason, and, with ``seen``, other stations than were confirmed.
    """
    image = _held(image)
    _check(image, name, reason)
    chosen = choose(image, plan)
    if not any(not one.why for one in chosen):
        raise RuleViolation("no_station", _("No station is left to update by this choice."))
    if seen and seen != digest_of(chosen):
        raise RuleViolation("changed", _("The stations have changed meanwhile: look again."))
    now = timezone.now()
    campaign: Campaign = Campaign.objects.create(
        operator_id=image.operator_id,
        public_id=public_id("fwc"),
        name=name.strip(),
        image=image,
        reason=reason.strip(),
        wave_began_at=now,
        counted_from_at=now,
        created_at=now,
        changed_at=now,
        started_label=current_actor.get().label[:200],
        **_figures(plan),
    )
    CampaignStation.objects.bulk_create(_target(campaign, one, now) for one in chosen)
    record(
        "campaign.start", campaign, operator_id=campaign.operator_id, reason=reason,
        after={"firmware": str(image), "stations": sum(not one.why for one in chosen),
               **_figures(plan)},
    )  # fmt: skip
    soon(work_campaigns)
    return campaign


_FIGURES: Final = (
    "canary_count", "wave_size", "pause_minutes", "most_failures", "from_hour", "until_hour",
    "patience_minutes", "wait_hours",
)  # fmt: skip
LIMITS: Final = {
    "canary_count": (1, 100),
    "wave_size": (1, 1000),
    "pause_minutes": (0, 20_160),
    "most_failures": (0, 1000),
    "from_hour": (0, 23),
    "until_hour": (0, 23),
    "patience_minutes": (5, 2880),
    "wait_hours": (1, 720),
}


def _figures(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in _FIGURES}


def _check(image: FirmwareImage, name: str, reason: str) -> None:
    if not name.strip() or len(name.strip()) > 120:
        raise InvalidInput("name", _("Give the campaign a name."), field="name")
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    if image.withdrawn_at is not None:
        raise RuleViolation("withdrawn", _("This firmware has been withdrawn."), field="image")


def _check_figures(plan: Plan) -> None:
    for field, (least, most) in LIMITS.items():
        value = getattr(plan, field)
        if value is not None and not least <= value <= most:
            raise InvalidInput(
                "figure", _("From %(least)d to %(most)d.") % {"least": least, "most": most},
                field=field,
            )  # fmt: skip
    if (plan.from_hour is None) != (plan.until_hour is None):
        raise InvalidInput("hours", _("State both hours, or none."), field="until_hour")


def _held(image: FirmwareImage) -> FirmwareImage:
    """The firmware, which nobody withdraws meanwhile."""
    rows = FirmwareImage.objects.select_related("hardware_model")
    found: FirmwareImage = rows.select_for_update(of=("self",)).get(pk=image.pk)
    return found


def _target(campaign: Campaign, one: Chosen, now: datetime) -> CampaignStation:
    return CampaignStation(
        operator_id=campaign.operator_id,
        campaign=campaign,
        station=one.station,
        wave=one.wave,
        state=TargetState.SKIPPED if one.why else TargetState.WAITING,
        why=one.why,
        from_version=one.station.firmware_version,
        ended_at=now if one.why else None,
    )


def _by_person(
    campaign: Campaign, state: str, origins: Sequence[str], reason: str, **changes: Any
) -> Campaign:
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not set_state(campaign, state, origins=origins, why=reason.strip(), **changes):
        raise RuleViolation(
            "not_now",
            _("That cannot be done while the campaign is: %(state)s.")
            % {"state": campaign.get_state_display()},
        )
    return campaign


@transaction.atomic
def pause_campaign(*, campaign: Campaign, reason: str) -> Campaign:
    """Ask no further station; those that were asked go on."""
    return _by_person(campaign, CampaignState.PAUSED, (CampaignState.RUNNING,), reason)


@transaction.atomic
def resume_campaign(*, campaign: Campaign, reason: str) -> Campaign:
    """Go on after a pause or a halt; failures until now are not counted again."""
    origins = (CampaignState.PAUSED, CampaignState.HALTED)
    changes = {"counted_from_at": timezone.now(), "wave_began_at": timezone.now()}
    _by_person(campaign, CampaignState.RUNNING, origins, reason, **changes)
    soon(work_campaigns)
    return campaign


@transaction.atomic
def cancel_campaign(*, campaign: Campaign, reason: str) -> Campaign:
    """End it: who was not asked yet is left out; an update that runs cannot be called back."""
    _by_person(campaign, CampaignState.CANCELLED, LIVE, reason)
    CampaignStation.objects.filter(campaign=campaign, state=WAITING).update(
        state=SKIPPED, why="cancelled", ended_at=timezone.now()
    )
    return campaign


@transaction.atomic
def retry_failed(
    *, campaign: Campaign, reason: str, only: Callable[[CampaignStation], bool] | None = None
) -> int:
    """Let stations that failed or were too slow wait again, in the present wave; returns how
    many. Refuses a cancelled campaign, withdrawn firmware, and one without failures."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    row: Campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.state == CampaignState.CANCELLED:
        raise RuleViolation("cancelled", _("The campaign was cancelled."))
    if _held(row.image).withdrawn_at is not None:
        raise RuleViolation("withdrawn", _("This firmware has been withdrawn."))
    failed = CampaignStation.objects.select_for_update(of=("self",)).filter(
        campaign=campaign, state__in=sorted(FAILURES)
    )
    chosen = [one.pk for one in failed.order_by("pk") if only is None or only(one)]
    if not chosen:
        raise RuleViolation("nothing", _("No station has failed."))
    CampaignStation.objects.filter(pk__in=chosen).update(
        state=WAITING, why="", word="", wave=row.wave, ended_at=None, token_digest=""
    )
    record(
        "campaign.retry", row, operator_id=row.operator_id, reason=reason,
        after={"stations": len(chosen)},
    )  # fmt: skip
    now = timezone.now()
    Campaign.objects.filter(pk=row.pk, state=CampaignState.DONE).update(
        state=CampaignState.RUNNING, why=reason.strip(), changed_at=now, counted_from_at=now
    )
    Campaign.objects.filter(pk=row.pk).update(wave_began_at=now, next_wave_at=None)
    campaign.refresh_from_db()
    soon(work_campaigns)
    return len(chosen)
