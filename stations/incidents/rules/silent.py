"""An EVSE that says it is available but is not used as its neighbours and its own past predict
(pure).

Two tests, both at ``alpha``, the share of false alarms in a quiet time that nobody can tell from
chance:

- **Siblings**: of the site's sessions since the EVSE's last one, each would have gone to it with
  its share; the probability that none did is the product of (1 - share). Holidays do not matter.
- **Alone** (no siblings): with an expected number of sessions since the last one, the
  probability of none under a Poisson law whose rate is uncertain (Gamma):
  ``(b / (b + t)) ** a``, where a is the sessions seen plus those of the prior, and b the days seen
  plus those of the prior.

The start of a session ends the silence, so the test is made when a day or a neighbour's session
passes; only EVSEs with enough sessions in their past are judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log1p
from typing import Final

PRIOR_SESSIONS: Final = 1.0
PRIOR_DAYS: Final = 3.0
LEAST_SILENCE: Final = timedelta(hours=12)
MOST_SHARE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One EVSE's starts of sessions in order of time; ``up_since_at``: no silence before then
    counts, since it was down, offline or new."""

    station: int
    evse: int
    starts: Sequence[datetime]
    up_since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A silence that is no chance: since the last session, with the figures of the test."""

    station: int
    evse: int
    since_at: datetime
    chance: float
    test: str
    expected: float
    siblings: int
    share: float
    per_week: float


def silences(
    site: Iterable[Use], now: datetime, *, alpha: float, days: float, least: int
) -> list[Silence]:
    """The EVSEs of one site that are silent beyond chance."""
    uses = list(site)
    found = [_judged(one, uses, now, alpha=alpha, days=days, least=least) for one in uses]
    return [one for one in found if one is not None]


def _judged(
    one: Use, uses: list[Use], now: datetime, *, alpha: float, days: float, least: int
) -> Silence | None:
    begin = now - timedelta(days=days)
    starts = [at for at in one.starts if begin <= at <= now]
    if len(starts) < least:
        return None
    last = starts[-1]
    since = max(last, one.up_since_at)
    if now - since < LEAST_SILENCE:
        return None
    seen_days = (last - max(begin, starts[0])) / timedelta(days=1) + 1
    others = [at for use in uses if use is not one for at in use.starts]
    before = sum(starts[0] <= at <= last for at in others)
    after = sum(since < at <= now for at in others)
    rate = len(starts) / seen_days
    waited = (now - since) / timedelta(days=1)
    if before:
        share = min((len(starts) + 0.5) / (len(starts) + before + 1), MOST_SHARE)
        chance, test = exp(after * log1p(-share)), "siblings"
        expected = after * share
    else:
        share = 1.0
        shape, days_seen = len(starts) + PRIOR_SESSIONS, seen_days + PRIOR_DAYS
        chance, test = (days_seen / (days_seen + waited)) ** shape, "alone"
        expected = waited * shape / days_seen
    if chance >= alpha:
        return None
    return Silence(
        station=one.station, evse=one.evse, since_at=last, chance=chance, test=test,
        expected=expected, siblings=after, share=share, per_week=rate * 7,
    )  # fmt: skip
