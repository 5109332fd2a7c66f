"""Which tariff holds for a place, a connector, a price group and an instant. Pure: facts in,
choice out.

The most specific place wins: EVSE before station before site before operator. At the same place an
offer for the price group wins over one for everyone, then one for the connector type over one for
any. The database lets no two offers of the same kind overlap, so there is never a draw; should
facts from elsewhere hold one, the offer that began last wins, then the one with the higher id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """What an offer is for, the wider first."""

    OPERATOR = 0
    SITE = 1
    STATION = 2
    EVSE = 3


class Verdict(StrEnum):
    """Why an offer was chosen or not."""

    CHOSEN = "chosen"
    WIDER_PLACE = "wider_place"
    FOR_EVERYONE = "for_everyone"
    ANY_CONNECTOR = "any_connector"
    OLDER = "older"
    OTHER_CONNECTOR = "other_connector"
    OTHER_GROUP = "other_group"
    OTHER_TIME = "other_time"
    NO_VERSION = "no_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One assignment. ``place_id`` is the key of the site, station or EVSE (0: the operator)."""

    id: int
    tariff_id: int
    tariff_name: str
    level: Level
    place_id: int = 0
    connector_type: str = ""
    price_group_id: int | None = None
    valid_from_at: datetime
    valid_to_at: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Half-open: from inclusive, to exclusive."""
        return self.valid_from_at <= at and (self.valid_to_at is None or at < self.valid_to_at)

    @property
    def rank(self) -> tuple[int, bool, bool, datetime, int]:
        """How specific it is; the higher wins."""
        return (
            int(self.level),
            self.price_group_id is not None,
            self.connector_type != "",
            self.valid_from_at,
            self.id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a tariff is wanted for. Unknown parts are None or empty and match general offers."""

    at: datetime
    site_id: int | None = None
    station_id: int | None = None
    evse_id: int | None = None
    connector_type: str = ""
    price_group_id: int | None = None

    def places(self) -> tuple[tuple[Level, int], ...]:
        """The places that hold the wish, the most specific first."""
        named = (
            (Level.EVSE, self.evse_id),
            (Level.STATION, self.station_id),
            (Level.SITE, self.site_id),
        )
        known = tuple((level, key) for level, key in named if key is not None)
        return (*known, (Level.OPERATOR, 0))


@dataclass(frozen=True, slots=True)
class VersionFact:
    """A published version: its key, number and the instant from which it holds."""

    id: int
    number: int
    takes_effect_at: datetime


@dataclass(frozen=True, slots=True)
class Weighed:
    """One offer and what became of it."""

    offer: Offer
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen offer and version (None: no tariff holds), and every offer of the place weighed,
    the chosen one first."""

    offer: Offer | None
    version: VersionFact | None
    weighed: tuple[Weighed, ...]


class Offers:
    """Offers by place, so that a choice looks only at those of its own places."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._by_place: dict[tuple[Level, int], list[Offer]] = {}
        for offer in offers:
            self._by_place.setdefault((offer.level, offer.place_id), []).append(offer)

    def at(self, wish: Wish) -> list[Offer]:
        """Those of the wish's places, the most specific first."""
        found = [o for place in wish.places() for o in self._by_place.get(place, ())]
        return sorted(found, key=lambda offer: offer.rank, reverse=True)


def version_in_force(versions: Sequence[VersionFact], at: datetime) -> VersionFact | None:
    """The latest version that has taken effect at ``at``; None before the first."""
    begun = [version for version in versions if version.takes_effect_at <= at]
    return max(begun, key=lambda version: version.takes_effect_at, default=None)


def choose(wish: Wish, offers: Offers, versions: Mapping[int, Sequence[VersionFact]]) -> Choice:
    """The tariff and its version for ``wish``; ``versions`` by tariff."""
    chosen: Offer | None = None
    in_force: VersionFact | None = None
    lost: list[Weighed] = []
    for offer in offers.at(wish):
        verdict = _unfit(offer, wish) or (_beaten(offer, chosen) if chosen else None)
        if verdict is None:
            in_force = version_in_force(versions.get(offer.tariff_id, ()), wish.at)
            if in_force is None:
                verdict = Verdict.NO_VERSION
            else:
                chosen = offer
                continue
        lost.append(Weighed(offer, verdict))
    if chosen is None:
        return Choice(None, None, tuple(lost))
    return Choice(chosen, in_force, (Weighed(chosen, Verdict.CHOSEN), *lost))


def _unfit(offer: Offer, wish: Wish) -> Verdict | None:
    """Why the offer cannot hold for the wish at all."""
    if not offer.holds_at(wish.at):
        return Verdict.OTHER_TIME
    if offer.connector_type and offer.connector_type != wish.connector_type:
        return Verdict.OTHER_CONNECTOR
    if offer.price_group_id is not None and offer.price_group_id != wish.price_group_id:
        return Verdict.OTHER_GROUP
    return None


def _beaten(offer: Offer, chosen: Offer) -> Verdict:
    """Why an offer that fits is not the one."""
    if offer.level != chosen.level:
        return Verdict.WIDER_PLACE
    if (offer.price_group_id is None) != (chosen.price_group_id is None):
        return Verdict.FOR_EVERYONE
    if offer.connector_type != chosen.connector_type:
        return Verdict.ANY_CONNECTOR
    return Verdict.OLDER
