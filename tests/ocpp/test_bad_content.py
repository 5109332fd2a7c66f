"""Messages in good form that tell nonsense: times, foreign ids, hostile text, floods, and what
only the database itself refuses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stations.models import Connector, ParkedMessage, Session, SessionFact, StationEvent
from stations.ocpp.writes.base import Cursor
from stations.ocpp.writes.records import AttemptWrite
from stations.sessions.services import reconcile_due_sessions
from tests.ocpp.support import Network, eventually, query, samples, start, stop

HOSTILE = [
    "<script>alert('x')</script>",
    "=cmd|' /C calc'!A0",
    "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "'; DROP TABLE stations_session; --",
    "%s %(name)s {0} ${jndi:ldap://x}",
    "\u202egnihtyna\u202c",
    "Å" * 3000,
]


@pytest.mark.parametrize(
    "at",
    [
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-11-23T10:00:00",
        "2026-11-23T10:00:00+03",
        "2026-11-23 10:00:00",
        "2026-02-30T10:00:00Z",
        "2026-12-31T23:59:60Z",
        "yesterday",
        "",
        0,
        {"year": 2026},
    ],
)
async def test_no_time_is_too_odd(network: Network, at: Any) -> None:
    cp = await network.plug_in()
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Charging", "timestamp": at}

    number = (await cp.ask("StartTransaction", start(at=at)))["transactionId"]
    meter = {"timestamp": at, "sampledValue": [{"value": "2000"}]}
    readings = {"connectorId": 1, "transactionId": number, "meterValue": [meter]}
    assert await cp.ask("MeterValues", readings) == {}
    assert await cp.ask("StatusNotification", status) == {}
    assert await cp.ask("StopTransaction", stop(number, at=at)) == {}
    await cp.close()

    await query(reconcile_due_sessions)
    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.reconcile_due) == ("ended", False)
    now = datetime.now(UTC)
    assert session.started_at is not None
    assert now - timedelta(days=365) < session.started_at < now + timedelta(days=60)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_kept_as_sent(network: Network, text: str) -> None:
    """Printable text stays as it is: pages escape it. Line breaks become blanks."""
    cp = await network.plug_in()

    await cp.ask(
        "BootNotification",
        {"chargePointVendor": text, "chargePointModel": text, "firmwareVersion": text},
    )
    await cp.ask(
        "StatusNotification",
        {
            "connectorId": 1,
            "errorCode": text,
            "status": "Faulted",
            "info": text,
            "vendorId": text,
            "vendorErrorCode": text,
        },
    )
    await cp.ask("DataTransfer", {"vendorId": text, "messageId": text, "data": text})
    answer = await cp.ask("StartTransaction", start(idTag=text))
    assert answer["idTagInfo"] == {"status": "Invalid"}
    await cp.ask("StopTransaction", stop(answer["transactionId"], reason=text))
    await cp.close()

    await query(network.station.refresh_from_db)
    shown = "".join(c for c in text.replace("\r", " ").replace("\n", " ") if c.isprintable())
    assert network.station.vendor == shown[:64]
    connector = await query(
        lambda: Connector.objects.get(evse__station=network.station, evse__number=1)
    )
    assert connector.info == shown[:255]
    event = await query(lambda: StationEvent.objects.get(station=network.station))
    assert event.data["data"] == text
    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.id_token[:50] == shown[:50]
    assert len(session.id_token) <= 255


@pytest.mark.parametrize("connector", [0, -5, 7, 201, 2**31 - 1, "1", 2.0])
async def test_sessions_on_odd_connectors_are_kept(network: Network, connector: Any) -> None:
    cp = await network.plug_in()

    number = (await cp.ask("StartTransaction", start(connectorId=connector)))["transactionId"]
    await cp.ask("MeterValues", {"connectorId": connector, "meterValue": [samples("2000")]})
    status = {"connectorId": connector, "errorCode": "NoError", "status": "Charging"}
    assert (await cp.call("StatusNotification", status))[0] == (3 if connector != -5 else 4)
    await cp.ask("StopTransaction", stop(number))
    await cp.close()

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh) == ("ended", 7400)
    assert not await query(lambda: ParkedMessage.objects.filter(station=network.station).exists())


async def test_an_unknown_connector_becomes_an_unconfirmed_one(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("StartTransaction", start(connectorId=7))
    await cp.close()

    connector = await query(
        lambda: Connector.objects.get(evse__station=network.station, evse__number=7)
    )
    assert not connector.is_confirmed
    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.evse_id == connector.evse_id


async def test_a_fact_that_the_database_refuses_is_parked_and_the_rest_commit(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No frame is known that passes the readers and fails in the database, so one write is
    made to fail there: an attempt with a decision that is longer than its column."""
    apply = AttemptWrite.apply.__func__  # type: ignore[attr-defined]  # a class method

    def too_long(cls: type[AttemptWrite], cursor: Cursor, batch: Sequence[Any]) -> None:
        for write in batch:
            if write.id_token == "POISON":
                write.decision = "x" * 100
        apply(cls, cursor, batch)

    monkeypatch.setattr(AttemptWrite, "apply", classmethod(too_long))
    cp = await network.plug_in()
    starts = [
        cp.call(
            "StartTransaction",
            start(n, idTag="POISON" if n == 7 else "04A2B3C4", connectorId=n + 1),
        )
        for n in range(20)
    ]
    answers = await asyncio.gather(*starts)

    assert [frame[0] for frame in answers] == [3] * 20
    assert await query(lambda: Session.objects.filter(station=network.station).count()) == 19
    parked = await query(lambda: ParkedMessage.objects.get(station=network.station))
    assert parked.action == "StartTransaction"
    assert b"POISON" in bytes(parked.raw)
    assert "StringDataRightTruncation" in parked.error
    assert "currentTime" in await cp.ask("Heartbeat", {})
    await cp.close()


async def test_a_flood_is_slowed_and_loses_nothing(network: Network) -> None:
    """Beyond a burst of 400 the bridge reads 100 messages a second and no more."""
    cp = await network.plug_in()
    number = (await cp.ask("StartTransaction", start()))["transactionId"]
    count, began = 550, time.monotonic()
    calls = [
        cp.call(
            "MeterValues",
            {
                "connectorId": 1,
                "transactionId": number,
                "meterValue": [samples(str(1000 + n), f"2026-11-23T10:{n // 60:02}:{n % 60:02}Z")],
            },
        )
        for n in range(count)
    ]

    answers = await asyncio.gather(*calls)

    assert all(frame[0] == 3 for frame in answers)
    assert time.monotonic() - began > 1.0
    facts = await eventually(
        lambda: SessionFact.objects.filter(station=network.station, kind="readings").count(),
        lambda found: found == count,
    )
    assert facts == count
    await cp.close()


async def test_two_calls_may_be_open_at_once(network: Network) -> None:
    cp = await network.plug_in()
    both = await asyncio.gather(
        cp.ask("StartTransaction", start()), cp.ask("Heartbeat", {}), cp.ask("Heartbeat", {})
    )
    assert both[0]["transactionId"] > 0
    assert "currentTime" in both[1]
    await cp.close()
