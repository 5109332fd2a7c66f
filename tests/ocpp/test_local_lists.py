"""Local lists kept in step over a real socket, for both versions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.audit.services import SYSTEM
from core.tenancy.scopes import operator_scope
from customers.models import IdToken
from customers.tokens.services import put_token
from stations.models import Command, DeviceVariable, LocalList, Station
from stations.ocpp.bridge import chores
from stations.ocpp.lists import sync
from stations.ocpp.tests.charge_point import RawChargePoint
from tests.ocpp.ordering import ended
from tests.ocpp.support import Network, eventually, query, start

pytestmark = pytest.mark.parametrize("version", ["ocpp1.6", "ocpp2.0.1"])


@pytest.fixture(autouse=True)
def _pull_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells the bridge of commands here."""
    monkeypatch.setattr(chores, "PULL_SECONDS", 0.05)


@pytest.fixture
async def lists(network: Network, version: str) -> Network:
    """A station of a site of its own, whose list alone is kept in step."""
    station = await network.another(hands_off=False)
    await query(
        lambda: LocalList.objects.create(
            operator=network.operator, station=station, choice="on", checked_at=datetime.now(UTC)
        )
    )
    network.station = station
    return network


async def run() -> int:
    return await query(lambda: sync.run(datetime.now(UTC)))


async def kept(network: Network) -> LocalList:
    found: LocalList = await query(lambda: LocalList.objects.get(station=network.station))
    return found


def tokens(frame: list[Any]) -> dict[str, bool]:
    """The tokens of a SendLocalList, and whether each stays on the list."""
    found = {}
    for entry in frame[3].get("localAuthorizationList", []):
        name = entry["idTag"] if "idTag" in entry else entry["idToken"]["idToken"]
        found[name] = "idTagInfo" in entry or "idTokenInfo" in entry
    return found


def number(frame: list[Any]) -> int:
    value: int = frame[3].get("listVersion", frame[3].get("versionNumber"))
    return value


async def answer(
    network: Network, cp: RawChargePoint, status: str, update: str = "Full"
) -> list[Any]:
    """The next SendLocalList, answered; waits until the answer is booked."""
    frame = await cp.next_call()
    assert (frame[2], frame[3]["updateType"]) == ("SendLocalList", update)
    await cp.answer(frame, {"status": status})
    command = await query(
        lambda: Command.objects.filter(station=network.station, message_id=frame[1]).get()
    )
    await ended(command)
    await eventually(
        lambda: LocalList.objects.get(station=network.station),
        lambda row: row.last_status == status or row.command_id != command.pk,
    )
    return frame


async def block(network: Network, uid: str, status: str = "blocked") -> None:
    def put() -> None:
        with operator_scope(network.operator):
            put_token(operator=network.operator, uid=uid, status=status, reason="lost")

    await query(put)


async def in_step(network: Network, cp: RawChargePoint) -> None:
    """The first list, accepted; the second run has nothing to say."""
    await run()
    await answer(network, cp, "Accepted")
    await run()
    assert cp.calls.empty()


async def card(network: Network) -> str:
    uid = f"LL{network.station.pk}"
    await query(lambda: IdToken.objects.create(operator=network.operator, uid=uid))
    return uid


async def test_a_blocked_card_is_taken_off_by_a_differential_update(
    lists: Network, version: str
) -> None:
    uid = await card(lists)
    cp = await lists.connected(version)
    await in_step(lists, cp)
    held = await kept(lists)
    assert (held.version, held.held_hash) == (1, held.wanted_hash)

    await block(lists, uid)
    await run()
    frame = await answer(lists, cp, "Accepted", "Differential")

    assert (tokens(frame), number(frame)) == ({uid: False}, 2)
    row = await kept(lists)
    assert (row.version, row.reported_version, row.needs_full) == (2, 2, False)
    assert uid not in str(row.entries)
    await run()
    assert cp.calls.empty()
    await cp.close()


@pytest.mark.parametrize("refusal", ["VersionMismatch", "Failed"])
async def test_a_refused_change_is_followed_by_the_whole_list(
    lists: Network, version: str, refusal: str
) -> None:
    uid = await card(lists)
    cp = await lists.connected(version)
    await in_step(lists, cp)

    await block(lists, uid)
    await run()
    await answer(lists, cp, refusal, "Differential")
    frame = await answer(lists, cp, "Accepted", "Full")

    assert uid not in tokens(frame)
    assert number(frame) == 2
    row = await kept(lists)
    assert (row.needs_full, row.failures, row.last_status) == (False, 0, "Accepted")
    await cp.close()


async def test_a_whole_list_that_fails_is_tried_again_later(lists: Network, version: str) -> None:
    cp = await lists.connected(version)
    await run()
    await answer(lists, cp, "Failed")

    row = await kept(lists)
    await run()
    assert cp.calls.empty()
    assert (row.failures, row.needs_full) == (1, True)
    assert row.next_try_at is not None
    await query(lambda: sync.run(datetime.now(UTC) + timedelta(minutes=2)))
    await answer(lists, cp, "Accepted")
    assert (await kept(lists)).failures == 0
    await cp.close()


async def test_not_supported_is_remembered_until_another_firmware(
    lists: Network, version: str
) -> None:
    cp = await lists.connected(version)
    await run()
    await answer(lists, cp, "NotSupported") if version == "ocpp1.6" else await _not_implemented(
        lists, cp
    )

    assert (await kept(lists)).unsupported_at is not None
    uid = await card(lists)
    await block(lists, uid)
    await run()
    assert cp.calls.empty()
    await query(lambda: Station.objects.filter(pk=lists.station.pk).update(firmware_version="2"))
    await run()
    await answer(lists, cp, "Accepted")
    assert (await kept(lists)).unsupported_at is None
    await cp.close()


async def _not_implemented(network: Network, cp: RawChargePoint) -> None:
    frame = await cp.next_call()
    await cp.socket.send(f'[4,"{frame[1]}","NotImplemented","",{{}}]')
    await eventually(
        lambda: Command.objects.get(station=network.station, message_id=frame[1]),
        lambda command: command.state == "failed",
    )
    await run()


async def test_a_station_that_was_away_is_caught_up_and_asked_for_its_version(
    lists: Network, version: str
) -> None:
    uid = await card(lists)
    cp = await lists.connected(version)
    await in_step(lists, cp)
    await cp.close()
    await eventually(
        lambda: Station.objects.select_related("link").get(pk=lists.station.pk).link.is_connected,
        lambda connected: not connected,
    )
    await block(lists, uid)
    await run()

    cp = await lists.connected(version)
    await run()
    frame = await cp.next_call()
    assert frame[2] == "GetLocalListVersion"
    member = "listVersion" if version == "ocpp1.6" else "versionNumber"
    await cp.answer(frame, {member: 0})
    await eventually(
        lambda: LocalList.objects.get(station=lists.station), lambda row: row.reported_version == 0
    )
    await run()
    frame = await answer(lists, cp, "Accepted", "Full")

    assert uid not in tokens(frame)
    assert number(frame) == 2
    await cp.close()


async def test_a_long_list_goes_in_parts(lists: Network, version: str) -> None:
    await query(
        lambda: IdToken.objects.bulk_create(
            IdToken(operator=lists.operator, uid=f"P{lists.station.pk}-{n}") for n in range(5)
        )
    )
    await query(lambda: _limit(lists.station, version))
    cp = await lists.connected(version)
    await run()
    first = await answer(lists, cp, "Accepted", "Full")
    seen = tokens(first)
    while (await kept(lists)).is_pending:
        part = await answer(lists, cp, "Accepted", "Differential")
        assert len(tokens(part)) <= 3
        seen |= tokens(part)
    await run()

    row = await kept(lists)
    assert len(tokens(first)) == 3
    assert len(seen) == row.wanted_count == row.held_count
    assert row.held_hash == row.wanted_hash
    assert cp.calls.empty()
    await cp.close()


def _limit(station: Station, version: str) -> None:
    place = (
        {"variable": "SendLocalListMaxLength"}
        if version == "ocpp1.6"
        else {"component": "LocalAuthListCtrlr", "variable": "ItemsPerMessage"}
    )
    DeviceVariable.objects.create(operator=station.operator, station=station, value="3", **place)


async def test_hands_off_and_other_stations_are_left_alone(network: Network, version: str) -> None:
    quiet = await network.another(hands_off=True)
    await query(
        lambda: LocalList.objects.create(operator=network.operator, station=quiet, choice="on")
    )
    network.station = quiet
    cp = await network.connected(version)

    await run()
    assert cp.calls.empty()
    refused = await query(lambda: _send_as_system(quiet))
    assert refused is False
    assert not await query(lambda: Command.objects.filter(station=quiet).exists())
    await cp.close()


def _send_as_system(station: Station) -> bool:
    with operator_scope(station.operator):
        return sync.send_now(station, update="full", reason="", by=SYSTEM)


async def test_blocking_a_card_counts_at_the_next_authorisation(
    network: Network, version: str
) -> None:
    uid = f"NEXT{network.station.pk}"
    await block(network, uid, "active")
    cp = await network.connected(version)
    assert await ask(cp, version, uid) == "Accepted"

    await block(network, uid)
    assert await ask(cp, version, uid) == "Blocked"

    await block(network, uid, "active")
    await query(lambda: _limit_card(network, uid))
    assert await begin(cp, version, uid, 1) == "Accepted"
    assert await begin(cp, version, uid, 2) == "ConcurrentTx"
    await cp.close()


def _limit_card(network: Network, uid: str) -> None:
    with operator_scope(network.operator):
        put_token(operator=network.operator, uid=uid, max_concurrent_sessions=1)


async def ask(cp: RawChargePoint, version: str, uid: str) -> str:
    if version == "ocpp1.6":
        return str((await cp.ask("Authorize", {"idTag": uid}))["idTagInfo"]["status"])
    token = {"idToken": uid, "type": "ISO14443"}
    return str((await cp.ask("Authorize", {"idToken": token}))["idTokenInfo"]["status"])


async def begin(cp: RawChargePoint, version: str, uid: str, evse: int) -> str:
    if version == "ocpp1.6":
        given = await cp.ask("StartTransaction", start(idTag=uid, connectorId=evse))
        return str(given["idTagInfo"]["status"])
    given = await cp.ask(
        "TransactionEvent",
        {
            "eventType": "Started",
            "timestamp": "2026-11-23T10:00:00Z",
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": f"tx{evse}"},
            "evse": {"id": evse, "connectorId": 1},
            "idToken": {"idToken": uid, "type": "ISO14443"},
        },
    )
    return str(given["idTokenInfo"]["status"])
