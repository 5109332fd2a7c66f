"""The rule that says which tariff holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.tariffs.choice import (
    Level,
    Offer,
    Offers,
    Verdict,
    VersionFact,
    Wish,
    choose,
    version_in_force,
)

T0 = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
VERSIONS = {n: (VersionFact(100 + n, 1, T0),) for n in range(1, 9)}
WISH = Wish(
    at=NOW, site_id=1, station_id=2, evse_id=3, connector_type="IEC_62196_T2", price_group_id=7
)


def offer(pk: int, level: Level = Level.OPERATOR, place_id: int = 0, **fields: Any) -> Offer:
    return Offer(
        id=pk,
        tariff_id=pk,
        tariff_name=f"T{pk}",
        level=level,
        place_id=place_id,
        **({"valid_from_at": T0} | fields),
    )


LADDER = (
    offer(1),
    offer(2, connector_type="IEC_62196_T2"),
    offer(3, price_group_id=7),
    offer(4, price_group_id=7, connector_type="IEC_62196_T2"),
    offer(5, Level.SITE, 1),
    offer(6, Level.STATION, 2),
    offer(7, Level.EVSE, 3),
)


@pytest.mark.parametrize("count", range(1, len(LADDER) + 1))
def test_each_step_of_the_ladder_beats_those_below(count: int) -> None:
    choice = choose(WISH, Offers(LADDER[:count]), VERSIONS)

    assert choice.offer == LADDER[count - 1]
    assert choice.version == VersionFact(100 + count, 1, T0)
    assert len(choice.weighed) == count


@given(order=st.permutations(LADDER))
def test_the_order_of_the_offers_changes_nothing(order: list[Offer]) -> None:
    assert choose(WISH, Offers(order), VERSIONS) == choose(WISH, Offers(LADDER), VERSIONS)


def test_every_offer_of_the_place_is_explained() -> None:
    strange = (
        offer(1),
        offer(2, Level.SITE, 1, connector_type="CHADEMO"),
        offer(3, Level.SITE, 1, price_group_id=8),
        offer(4, Level.SITE, 1, valid_to_at=NOW),
        offer(9, Level.SITE, 1),
        offer(5, Level.SITE, 99),
    )

    choice = choose(WISH, Offers(strange), VERSIONS)

    assert {w.offer.id: w.verdict for w in choice.weighed} == {
        1: Verdict.CHOSEN,
        2: Verdict.OTHER_CONNECTOR,
        3: Verdict.OTHER_GROUP,
        4: Verdict.OTHER_TIME,
        9: Verdict.NO_VERSION,
    }


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last() -> None:
    short = offer(1, valid_from_at=NOW, valid_to_at=NOW + timedelta(hours=1))

    assert short.holds_at(NOW)
    assert not short.holds_at(NOW + timedelta(hours=1))
    assert not short.holds_at(NOW - timedelta(microseconds=1))


def test_a_version_holds_from_its_instant_until_the_next() -> None:
    first, second = VersionFact(1, 1, T0), VersionFact(2, 2, NOW)

    assert version_in_force((second, first), T0 - timedelta(seconds=1)) is None
    assert version_in_force((second, first), NOW - timedelta(microseconds=1)) == first
    assert version_in_force((second, first), NOW) == second


def test_no_offer_is_no_tariff() -> None:
    choice = choose(WISH, Offers(()), VERSIONS)

    assert (choice.offer, choice.version, choice.weighed) == (None, None, ())
