"""A 1.6 session from boot to stop, over a real WebSocket."""

from __future__ import annotations

from decimal import Decimal

from stations.models import AuthorisationAttempt, Session, StationLink
from tests.ocpp.support import Network, query, samples, start, stop


async def test_a_session_runs_from_boot_to_stop(network: Network) -> None:
    cp = await network.plug_in()

    boot = await cp.ask("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
    assert boot["status"] == "Accepted"
    assert (await cp.ask("Authorize", {"idTag": "04a2b3c4"}))["idTagInfo"]["status"] == "Accepted"
    started = await cp.ask("StartTransaction", start())
    assert await cp.ask("StartTransaction", start()) == started
    number = started["transactionId"]
    await cp.ask(
        "MeterValues",
        {"connectorId": 1, "transactionId": number, "meterValue": [samples("3000")]},
    )
    await cp.ask("StopTransaction", stop(number, reason="EVDisconnected"))
    await cp.close()

    session = await query(lambda: Session.objects.get(station=network.station))
    assert session.ocpp_transaction_id == str(number)
    assert session.state == "ended"
    assert session.energy_wh == Decimal(7400)
    assert session.stop_reason == "EVDisconnected"
    assert session.id_token == "04A2B3C4"
    attempts = await query(
        lambda: list(AuthorisationAttempt.objects.filter(station=network.station).order_by("id"))
    )
    assert [a.kind for a in attempts] == ["authorize", "start"]
    link = await query(lambda: StationLink.objects.get(station=network.station))
    assert link.generation == 1
    assert link.boot_status == "accepted"
