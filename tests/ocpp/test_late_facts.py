"""Stops that match nothing yet, and sessions whose end never comes (1.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from stations.models import MeterReading, Session, SessionFact
from stations.sessions.services import (
    match_late_facts,
    reconcile_due_sessions,
    watch_open_sessions,
)
from tests.ocpp.support import Network, query, samples, start, stop

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def test_a_stop_before_its_start_is_matched_later(network: Network) -> None:
    """The queue of a station may hold the stop of a start whose answer got lost."""
    cp = await network.plug_in()
    await cp.ask("StopTransaction", stop(-1, idTag="04A2B3C4", at="2026-11-23T11:00:00Z"))
    assert not await query(lambda: Session.objects.filter(station=network.station).exists())

    await cp.ask("StartTransaction", start())
    await cp.close()
    await query(lambda: match_late_facts(now=datetime.now(UTC)))
    await query(reconcile_due_sessions)

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh) == ("ended", Decimal(7400))
    codes = {f["code"] for f in session.findings}
    assert codes & {"stop_matched_by_rule", "stop_id_unknown", "matched_by_rule"}


async def test_a_stop_that_nothing_ever_matches_becomes_a_held_session(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("StopTransaction", stop(123_456_789, idTag="04A2B3C4"))
    await cp.close()
    now = datetime.now(UTC)

    await query(lambda: match_late_facts(now=now))
    assert not await query(lambda: Session.objects.filter(station=network.station).exists())
    await query(lambda: match_late_facts(now=now + timedelta(minutes=11)))
    await query(reconcile_due_sessions)

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh, session.is_held) == ("start_missing", None, True)
    await query(lambda: match_late_facts(now=now + timedelta(minutes=22)))
    assert await query(lambda: Session.objects.filter(station=network.station).count()) == 1


async def test_a_start_gives_an_end_to_what_ran_before(network: Network) -> None:
    cp = await network.plug_in()
    first = (await cp.ask("StartTransaction", start(1000)))["transactionId"]
    await cp.ask(
        "MeterValues",
        {"connectorId": 1, "transactionId": first, "meterValue": [samples("3000")]},
    )
    second = await cp.ask("StartTransaction", start(3500, "2026-11-23T12:00:00Z"))
    await query(reconcile_due_sessions)
    older = await query(lambda: Session.objects.get(ocpp_transaction_id=str(first)))
    assert (older.state, older.energy_wh, older.is_held) == ("end_missing", Decimal(2000), True)

    await cp.ask("StopTransaction", stop(first, 3400, "2026-11-23T11:30:00Z"))
    await cp.close()
    await query(reconcile_due_sessions)

    await query(older.refresh_from_db)
    assert (older.state, older.energy_wh) == ("ended", Decimal(2400))
    newer = await query(
        lambda: Session.objects.get(ocpp_transaction_id=str(second["transactionId"]))
    )
    assert newer.state == "active"


async def test_the_watchdog_closes_from_evidence(network: Network) -> None:
    cp = await network.plug_in()
    at = datetime.now(UTC)
    texts = [
        (at + timedelta(minutes=m)).isoformat(timespec="seconds").replace("+00:00", "Z")
        for m in (-50, -30)
    ]
    number = (await cp.ask("StartTransaction", start(1000, texts[0])))["transactionId"]
    meter = [samples("3000", texts[1])]
    await cp.ask("MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": meter})
    await cp.ask(
        "StatusNotification",
        {"connectorId": 1, "status": "Available", "errorCode": "NoError"},
    )
    await cp.close()

    assert await query(lambda: state_after(network, timedelta(minutes=1))) == "active"
    assert await query(lambda: state_after(network, timedelta(hours=1))) == "end_missing"

    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.energy_wh == Decimal(2000)
    assert {"end_missing", "connector_free"} <= {f["code"] for f in session.findings}
    assert session.is_held


async def test_a_silent_session_is_closed_after_a_day(network: Network) -> None:
    """Client B vanishes in mid-session (quirk 11)."""
    cp = await network.plug_in()
    await cp.ask("StartTransaction", start(1000, datetime.now(UTC).isoformat()))
    cp.drop()

    assert await query(lambda: state_after(network, timedelta(hours=23))) == "active"
    assert await query(lambda: state_after(network, timedelta(hours=25))) == "end_missing"

    session = await query(lambda: Session.objects.get(station=network.station))
    assert "silent" in {f["code"] for f in session.findings}
    assert session.energy_wh is None


def state_after(network: Network, passed: timedelta) -> str:
    watch_open_sessions(now=datetime.now(UTC) + passed)
    session: Session = Session.objects.get(station=network.station)
    return session.state


async def test_a_reconciled_session_stays_open_for_facts(network: Network) -> None:
    """Readings that come after the stop are stored and change nothing."""
    cp = await network.plug_in()
    number = (await cp.ask("StartTransaction", start()))["transactionId"]
    await cp.ask("StopTransaction", stop(number))
    await query(reconcile_due_sessions)
    await cp.ask(
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": number,
            "meterValue": [samples("9000", "2026-11-23T11:20:00Z")],
        },
    )
    await cp.close()
    await query(reconcile_due_sessions)

    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.state, session.energy_wh) == ("ended", Decimal(7400))
    assert await query(lambda: SessionFact.objects.filter(session=session).count()) == 3
    assert "readings_after_end" in {f["code"] for f in session.findings}


def idle(value: int, at: str) -> dict[str, object]:
    return {"connectorId": 1, "meterValue": [samples(str(value), at)]}


async def test_readings_of_an_idle_connector_are_stored_once_and_go_away(
    network: Network,
) -> None:
    cp = await network.plug_in()
    for _again in range(3):
        await cp.ask("MeterValues", idle(500, "2026-11-23T09:00:00Z"))
    await cp.close()

    def counts() -> tuple[int, int, int]:
        return (
            MeterReading.objects.filter(station_id=network.station.pk).count(),
            SessionFact.objects.filter(station=network.station, kind="idle").count(),
            Session.objects.filter(station=network.station).count(),
        )

    assert await query(counts) == (1, 1, 0)
    now = datetime.now(UTC)
    await query(lambda: match_late_facts(now=now + timedelta(hours=1)))
    assert await query(counts) == (1, 1, 0)
    await query(lambda: match_late_facts(now=now + timedelta(days=5)))
    assert await query(counts) == (1, 0, 0)


async def test_readings_before_their_late_start_are_found_again(network: Network) -> None:
    """Aligned readings came live, the start and stop from the station's queue afterwards."""
    cp = await network.plug_in()
    now = datetime.now(UTC)
    began = (now - timedelta(minutes=40)).isoformat(timespec="seconds")
    await cp.ask("MeterValues", idle(3000, now.isoformat(timespec="seconds")))
    number = (await cp.ask("StartTransaction", start(1000, began)))["transactionId"]
    await cp.close()

    await query(lambda: match_late_facts(now=datetime.now(UTC)))
    await query(reconcile_due_sessions)

    session = await query(lambda: Session.objects.get(ocpp_transaction_id=str(number)))
    assert session.energy_wh == Decimal(2000)
    kinds = await query(
        lambda: set(SessionFact.objects.filter(session=session).values_list("kind", flat=True))
    )
    assert kinds == {"start", "readings"}
