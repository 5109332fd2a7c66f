"""When a message may go out: quiet hours and daily digests in the person's zone (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for; quiet hours may pass midnight, equal ends mean none."""

    zone: tzinfo
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_time: time | None = None


def due_at(now: datetime, wish: Wish) -> datetime:
    """The instant at which something found ``now`` is sent: at once, at the end of the quiet
    hours, or at the next digest."""
    if wish.digest_time is not None:
        return next_at(now, wish.digest_time, wish.zone)
    if wish.quiet_to is not None and is_quiet(now, wish):
        return next_at(now, wish.quiet_to, wish.zone)
    return now


def is_quiet(now: datetime, wish: Wish) -> bool:
    """Whether it is quiet: from the beginning on, up to but without the end."""
    begin, end = wish.quiet_from, wish.quiet_to
    if begin is None or end is None or begin == end:
        return False
    clock = now.astimezone(wish.zone).time()
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


def next_at(now: datetime, clock: time, zone: tzinfo) -> datetime:
    """The next instant, ``now`` included, at which clocks of the zone show ``clock``.

    An hour that is skipped in spring counts as the one after it; of an hour that comes twice in
    autumn the first that lies ahead is taken.
    """
    today = now.astimezone(zone).date()
    for days in range(3):
        for fold in (0, 1):
            day = today + timedelta(days=days)
            found = datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC)
            if found >= now:
                return found
    raise AssertionError("every clock time comes within two days")
