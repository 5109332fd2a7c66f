"""Choosing the tariffs of many sessions or places at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Q

from billing.tariffs.choice import Choice, Level, Offer, Offers, VersionFact, Wish, choose
from billing.tariffs.models import TariffAssignment, TariffVersion, VersionState
from core.tenancy.places import limited_to

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TariffFacts:
    """All that choices of one operator during a time need."""

    offers: Offers
    versions: Mapping[int, Sequence[VersionFact]]

    def choose(self, wish: Wish) -> Choice:
        """The choice for one wish within the time that was loaded."""
        return choose(wish, self.offers, self.versions)


def choose_tariffs(wishes: Mapping[Key, Wish]) -> dict[Key, Choice]:
    """The choice for every wish, inside the operator's scope: two queries however many there are.

    Whoever asks must be allowed to know the places; assignments of the whole operator count
    also for a member who sees chosen sites alone.
    """
    if not wishes:
        return {}
    instants = [wish.at for wish in wishes.values()]
    facts = tariff_facts(min(instants), max(instants))
    return {key: facts.choose(wish) for key, wish in wishes.items()}


def tariff_facts(earliest_at: datetime, latest_at: datetime) -> TariffFacts:
    """Assignments that hold at some time from ``earliest_at`` to ``latest_at``, and the published
    versions of their tariffs."""
    with limited_to(None):
        rows = list(
            TariffAssignment.objects.filter(valid_from_at__lte=latest_at)
            .filter(Q(valid_to_at=None) | Q(valid_to_at__gt=earliest_at))
            .select_related("tariff")
        )
        versions: dict[int, list[VersionFact]] = {}
        published = TariffVersion.objects.filter(
            tariff__in={row.tariff_id for row in rows}, state=VersionState.PUBLISHED
        ).values_list("tariff_id", "id", "number", "takes_effect_at")
        for tariff_id, pk, number, takes_effect_at in published:
            versions.setdefault(tariff_id, []).append(VersionFact(pk, number, takes_effect_at))
    return TariffFacts(Offers(map(offer_of, rows)), versions)


def offer_of(row: TariffAssignment) -> Offer:
    """An assignment as the rule takes it."""
    level, place_id = place_of(row)
    return Offer(
        id=row.pk,
        tariff_id=row.tariff_id,
        tariff_name=row.tariff.name,
        level=level,
        place_id=place_id,
        connector_type=row.connector_type,
        price_group_id=row.price_group_id,
        valid_from_at=row.valid_from_at,
        valid_to_at=row.valid_to_at,
    )


def place_of(row: TariffAssignment) -> tuple[Level, int]:
    """Level and key of the place of an assignment."""
    if row.evse_id is not None:
        return Level.EVSE, row.evse_id
    if row.station_id is not None:
        return Level.STATION, row.station_id
    if row.site_id is not None:
        return Level.SITE, row.site_id
    return Level.OPERATOR, 0
