"""Moving campaigns and their stations through their lives: conditional updates, audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.audit.services import Actor, record
from stations.firmware.models import Campaign, CampaignStation, TargetState
from stations.firmware.progress import ACTIVE, NEXT


def set_state(
    campaign: Campaign,
    state: str,
    *,
    origins: Sequence[str],
    why: str,
    by: Actor | None = None,
    **changes: Any,
) -> bool:
    """Bring a campaign into ``state`` from one of ``origins``; False when it is in none."""
    before = str(campaign.state)
    changed = Campaign.objects.filter(pk=campaign.pk, state__in=origins).update(
        state=state, why=why[:500], changed_at=timezone.now(), **changes
    )
    campaign.refresh_from_db()
    if changed:
        record(
            f"campaign.{state}", campaign, operator_id=campaign.operator_id, actor=by, reason=why,
            before={"state": before}, after={"state": str(state), "wave": campaign.wave},
        )  # fmt: skip
    return bool(changed)


def move(target: CampaignStation, state: str, now: datetime, **changes: Any) -> bool:
    """Bring a target into a state that may follow its own, with what changes beside it."""
    if state != target.state:
        if state not in NEXT[target.state]:
            return False
        changes["state"] = state
        is_over = state not in ACTIVE and state != TargetState.WAITING
        changes["ended_at"] = now if is_over else None
        if is_over:
            changes["token_digest"] = ""
    changed = CampaignStation.objects.filter(pk=target.pk, state=target.state).update(**changes)
    for name, value in changes.items():
        setattr(target, name, value)
    return bool(changed)
