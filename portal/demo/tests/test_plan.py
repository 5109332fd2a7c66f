"""The plan of the demo network: the same every time, unique ids, true positions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from math import cos, hypot, radians

from portal.demo.plan import build_plan
from portal.demo.towns import towns

TODAY = date(2026, 11, 2)


def test_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert build_plan(seed=1, today=TODAY) == build_plan(seed=1, today=TODAY)
    assert build_plan(seed=1, today=TODAY) != build_plan(seed=2, today=TODAY)


def test_network_has_the_promised_size_and_mix() -> None:
    operators = build_plan(today=TODAY).operators
    stations = [station for operator in operators for station in operator.stations]
    evses = [evse for station in stations for evse in station.evses]

    assert len(operators) == 2
    assert 28 <= sum(len(operator.sites) for operator in operators) <= 34
    assert 190 <= len(evses) <= 240
    assert {station.make.ocpp_version for station in stations} == {"1.6", "2.0.1"}
    assert {22_080, 50_000, 150_000, 300_000} <= {evse.max_power_w for evse in evses}
    assert any("CHADEMO" in evse.connector_types for evse in evses)


def test_ids_are_unique_and_socket_identities_tell_nothing_of_public_ids() -> None:
    operators = build_plan(today=TODAY).operators
    stations = [station for operator in operators for station in operator.stations]
    evse_ids = [evse.public_id for station in stations for evse in station.evses]
    identities = [station.identity for station in stations]

    assert len(set(evse_ids)) == len(evse_ids)
    assert all(re.fullmatch(r"SE\*[A-Z]{3}\*E\d{6}\*\d", evse_id) for evse_id in evse_ids)
    assert len(set(identities)) == len(identities)
    assert all(re.fullmatch(r"CP(-[A-Z2-9]{4}){3}", identity) for identity in identities)
    assert len({station.public_id for station in stations}) == len(stations)


def test_sites_lie_within_two_kilometres_of_their_true_town() -> None:
    for operator in build_plan(today=TODAY).operators:
        for site in operator.sites:
            north_km = (site.latitude - site.town.latitude) * 111.2
            east_km = (
                (site.longitude - site.town.longitude) * 111.2 * cos(radians(site.town.latitude))
            )
            assert hypot(north_km, east_km) < 2
            assert site.town == towns()[site.town.name]


def test_power_limit_of_a_site_is_below_the_sum_of_its_sockets() -> None:
    for operator in build_plan(today=TODAY).operators:
        for site in operator.sites:
            total = sum(e.max_power_w for station in site.stations for e in station.evses)
            assert 0 < site.power_limit_w < total


def test_tokens_have_every_purpose_and_status_and_unique_uids() -> None:
    tokens = [token for op in build_plan(today=TODAY).operators for token in op.tokens]
    now = datetime(2026, 11, 2, tzinfo=UTC)

    assert len(tokens) == 300
    assert len({token.uid for token in tokens}) == 300
    assert {token.purpose for token in tokens} == {"customer", "service", "test", "goodwill"}
    assert {token.status for token in tokens} == {"active", "blocked", "invalid"}
    assert any(token.expires_at and token.expires_at < now for token in tokens)
    assert any(token.group_id for token in tokens)
    cards = [token for token in tokens if token.kind == "rfid"]
    assert all(re.fullmatch(r"([0-9A-F]{2}){4}|([0-9A-F]{2}){7}", card.uid) for card in cards)
    assert len({card.printed_number for card in cards}) == len(cards)


def test_gothenburg_has_its_swedish_name_and_place() -> None:
    town = towns()["Göteborg"]

    assert (round(town.latitude, 1), round(town.longitude, 1)) == (57.7, 12.0)
