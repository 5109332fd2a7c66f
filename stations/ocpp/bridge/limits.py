"""Limits on attempts and messages, by token buckets in bounded memory (pure; time is given)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Tokens left and when they were counted."""

    tokens: float
    at: float


class AttemptLimiter:
    """Failed handshakes per source and identity.

    The key holds the source address, so an attacker elsewhere cannot lock the real station
    out; a success clears its key. At most ``capacity`` keys are remembered.
    """

    def __init__(self, *, burst: int = 10, per_second: float = 0.2, capacity: int = 20_000) -> None:
        self._burst, self._rate, self._capacity = burst, per_second, capacity
        self._buckets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()

    def is_blocked(self, source: str, identity: str, now: float) -> bool:
        """Whether this source used up its failures for this identity, or for all together."""
        return any(
            self._refilled(key, now).tokens < 1
            for key in ((source, identity), (source, "*"))
            if key in self._buckets
        )

    def failed(self, source: str, identity: str, now: float) -> None:
        """Count one failure; a source may fail on several identities, ten times as often."""
        for key, burst in (((source, identity), self._burst), ((source, "*"), self._burst * 10)):
            bucket = self._refilled(key, now) if key in self._buckets else Bucket(burst, now)
            bucket.tokens -= 1
            self._buckets[key] = bucket
            self._buckets.move_to_end(key)
        while len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)

    def succeeded(self, source: str, identity: str) -> None:
        """Forget the failures of this source on this identity."""
        self._buckets.pop((source, identity), None)

    def _refilled(self, key: tuple[str, str], now: float) -> Bucket:
        bucket = self._buckets[key]
        burst, rate = self._burst, self._rate
        if key[1] == "*":
            burst, rate = burst * 10, rate * 10
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        return bucket


class MessageLimiter:
    """How many messages one station may send: a burst, then a steady rate.

    ``delay`` tells how long to wait before reading on; the socket's own back-pressure does
    the rest, so nothing is lost.
    """

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, now: float, *, burst: int = 400, per_second: float = 100) -> None:
        self._burst, self._rate = float(burst), per_second
        self._tokens, self._at = float(burst), now

    def delay(self, now: float) -> float:
        """Take one token; seconds to pause (0 as a rule)."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
        self._at = now
        return 0.0 if self._tokens >= 0 else -self._tokens / self._rate
