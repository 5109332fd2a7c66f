"""Reading what drivers were told of idle time, for rating and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from billing.rating.idle_models import IdleNotice
from billing.rating.idle_warning import Told


def told_of(session_ids: Sequence[int]) -> dict[int, list[Told]]:
    """What was told during each session; one query."""
    found: dict[int, list[Told]] = defaultdict(list)
    rows = IdleNotice.objects.filter(session_id__in=session_ids).order_by("idle_since_at", "id")
    names = ("idle_since_at", "fee_from_at", "warn_by_at", "warned_at", "ended_at")
    for session_id, *values in rows.values_list("session_id", *names):
        found[session_id].append(Told(*values))
    return found
