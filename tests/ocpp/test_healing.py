"""Stations that break and heal over a real WebSocket: found, restarted when that is safe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.audit.services import SYSTEM
from stations.incidents import detecting
from stations.incidents.remedies import running
from stations.models import Connector, Incident, Playbook, RemedyRun, RemedySetting, Station
from stations.ocpp.sending import request_command
from stations.ocpp.tests.charge_point import RawChargePoint
from tests.ocpp.support import TOKEN, Network, eventually, query, start

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}


def status(connector: int, word: str, error: str = "NoError") -> dict[str, Any]:
    return {"connectorId": connector, "status": word, "errorCode": error}


def allow(station: Station) -> None:
    """Remedies on, with a restart as the only step; no run of another test at the site."""
    RemedyRun.objects.filter(state="running").update(state="stopped", ended_at=timezone.now())
    RemedySetting.objects.update_or_create(operator=station.operator, defaults={"mode": "on"})
    Playbook.objects.update_or_create(
        operator=station.operator,
        fault_class="transient",
        defaults={"steps": [{"action": "soft_reset", "wait_s": 600}]},
    )


def turn() -> None:
    """One turn of each task."""
    detecting.detect_state(now=timezone.now())
    running.start_due(now=timezone.now())
    RemedyRun.objects.update(next_at=timezone.now())
    running.advance_due(now=timezone.now())


def status_of(station: Station, evse: int) -> str:
    found: str = Connector.objects.get(evse__station=station, evse__number=evse).status
    return found


async def broken(network: Network) -> RawChargePoint:
    network.station = await network.another(hands_off=False)
    await query(lambda: allow(network.station))
    cp = await network.connected()
    await cp.ask("StatusNotification", status(2, "Available"))
    await cp.ask("StatusNotification", status(1, "Faulted", "InternalError"))
    await eventually(lambda: status_of(network.station, 1), lambda word: word == "faulted")
    return cp


def incident_of(station: Station) -> Incident:
    found: Incident = Incident.objects.get(station=station, kind="faulted")
    return found


async def restart_of(cp: RawChargePoint, seconds: float = 30) -> list[Any]:
    """The restart that we ask for; what the bridge asks by itself is answered meanwhile.
    TimeoutError where nothing is asked for so long."""
    while True:
        frame: list[Any] = await cp.next_call(seconds)
        if frame[2] == "Reset":
            return frame
        await cp.answer(frame, {"status": "Rejected"})


async def test_a_fault_is_healed_by_a_soft_reset(network: Network) -> None:
    cp = await broken(network)

    await query(turn)
    frame = await restart_of(cp)
    await cp.answer(frame, {"status": "Accepted"})
    await cp.close()
    cp = await network.connected()
    await cp.ask("BootNotification", BOOT)
    await cp.ask("StatusNotification", status(1, "Available"))
    await eventually(lambda: status_of(network.station, 1), lambda word: word == "available")
    await query(turn)

    incident = await query(lambda: incident_of(network.station))
    kinds = await query(lambda: list(incident.events.order_by("pk").values_list("kind", flat=True)))
    assert frame[3] == {"type": "Soft"}
    assert (incident.state, incident.resolution) == ("resolved", "remedy")
    assert kinds == [
        "symptom", "opened", "remedy", "remedy", "restored", "resolved",
    ]  # fmt: skip
    await cp.close()


def asked_before_the_session(station: Station) -> None:
    """A restart by the system that could not be sent before charging began."""
    request_command(
        station=station, command="reset", parameters={"type": "soft"}, by=SYSTEM,
        reason="remedy", expires_in=timedelta(seconds=1),
    )  # fmt: skip


async def test_no_reset_is_sent_during_a_session_or_with_a_car_that_may_start(
    network: Network,
) -> None:
    cp = await broken(network)
    begun = await cp.ask("StartTransaction", start(connectorId=2))

    for _n in range(3):
        await query(turn)
    with pytest.raises(TimeoutError):
        await restart_of(cp, 1.0)
    run = await query(lambda: RemedyRun.objects.get(station=network.station))
    assert (run.state, run.waits_for) == ("running", "session")
    await query(lambda: asked_before_the_session(network.station))
    with pytest.raises(TimeoutError):
        await restart_of(cp, 1.0)

    transaction = begun["transactionId"]
    await cp.ask(
        "StopTransaction",
        {
            "transactionId": transaction,
            "idTag": TOKEN,
            "meterStop": 2000,
            "timestamp": "2026-11-23T11:00:00Z",
        },
    )
    await cp.ask("StatusNotification", status(2, "Preparing"))
    await eventually(lambda: status_of(network.station, 2), lambda word: word == "preparing")
    await query(turn)
    with pytest.raises(TimeoutError):
        await restart_of(cp, 1.0)
    run = await query(lambda: RemedyRun.objects.get(station=network.station))
    assert run.waits_for == "plugged"
    await cp.close()
