"""Which station comes when, and when a campaign stops or goes on (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stations.firmware.progress import ENDED, FAILURES

GO_ON, HALT, NEXT_WAVE, DONE = "go_on", "halt", "next_wave", "done"
CANARY: Final = 0


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One station of a campaign."""

    wave: int
    state: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """How a campaign is set, and where it is."""

    wave: int
    most_failures: int
    pause: timedelta
    counted_from_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done; ``failures`` counted in the present wave, ``wave`` and its time for
    the next one."""

    step: str
    failures: int = 0
    wave: int = 0
    at: datetime | None = None


def waves_of(count: int, canary: int, size: int) -> list[int]:
    """The wave of each of ``count`` stations in their order; wave 0 is the canary."""
    return [CANARY if n < canary else 1 + (n - canary) // size for n in range(count)]


def failures_allowed(wave: int, most_failures: int) -> int:
    """Failures that do not stop a wave: none in the canary."""
    return 0 if wave == CANARY else most_failures


def judge(campaign: CampaignFacts, targets: Sequence[TargetFacts]) -> Verdict:
    """Whether the campaign halts, waits, goes to its next wave or is done."""
    present = [one for one in targets if one.wave <= campaign.wave]
    failures = sum(
        one.state in FAILURES
        and one.wave == campaign.wave
        and one.ended_at is not None
        and one.ended_at > campaign.counted_from_at
        for one in present
    )
    if failures > failures_allowed(campaign.wave, campaign.most_failures):
        return Verdict(HALT, failures)
    if any(one.state not in ENDED for one in present):
        return Verdict(GO_ON, failures)
    later = [one.wave for one in targets if one.wave > campaign.wave and one.state not in ENDED]
    if not later:
        return Verdict(DONE, failures)
    last = max((one.ended_at for one in present if one.ended_at), default=campaign.counted_from_at)
    return Verdict(NEXT_WAVE, failures, min(later), last + campaign.pause)
