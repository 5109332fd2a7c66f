"""A 1.6 session from boot to stop, over a real WebSocket."""

from __future__ import annotations

from decimal import Decimal

from stations.models import AuthorisationAttempt, Session, StationLink
from stations.ocpp.tests.charge_point import plug_in
from tests.ocpp.conftest import PASSWORD, Network, query


async def test_a_session_runs_from_boot_to_stop(network: Network) -> None:
    cp = await plug_in(network.url, "CP-1", PASSWORD)

    boot = await cp.ask("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
    assert boot["status"] == "Accepted"
    assert (await cp.ask("Authorize", {"idTag": "04a2b3c4"}))["idTagInfo"]["status"] == "Accepted"
    start = await cp.ask(
        "StartTransaction",
        {
            "connectorId": 1,
            "idTag": "04A2B3C4",
            "meterStart": 1000,
            "timestamp": "2026-11-23T10:00:00Z",
        },
    )
    again = await cp.ask(
        "StartTransaction",
        {
            "connectorId": 1,
            "idTag": "04A2B3C4",
            "meterStart": 1000,
            "timestamp": "2026-11-23T10:00:00Z",
        },
    )
    assert again == start
    await cp.ask(
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": start["transactionId"],
            "meterValue": [
                {"timestamp": "2026-11-23T10:10:00Z", "sampledValue": [{"value": "3000"}]}
            ],
        },
    )
    await cp.ask(
        "StopTransaction",
        {
            "transactionId": start["transactionId"],
            "meterStop": 8400,
            "timestamp": "2026-11-23T11:00:00Z",
            "reason": "EVDisconnected",
        },
    )
    await cp.close()

    session = await query(Session.objects.get)
    assert session.ocpp_transaction_id == str(start["transactionId"])
    assert session.state == "ended"
    assert session.energy_wh == Decimal(7400)
    assert session.stop_reason == "EVDisconnected"
    assert session.id_token == "04A2B3C4"
    attempts = await query(AuthorisationAttempt.objects.count)
    assert attempts == 3
    link = await query(StationLink.objects.get)
    assert link.generation == 1
    assert link.boot_status == "accepted"
