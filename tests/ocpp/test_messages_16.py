"""Every other message of a 1.6 station, and status that comes late or for connector 0."""

from __future__ import annotations

from typing import Any

import pytest

from stations.models import Connector, StationEvent, StationLink, StatusJournal
from tests.ocpp.support import Network, query

AT = "2026-11-23T10:00:00Z"


@pytest.mark.parametrize(
    ("action", "payload", "answer", "kind"),
    [
        ("DataTransfer", {"vendorId": "acme"}, {"status": "UnknownVendorId"}, "data_transfer"),
        ("DataTransfer", {"vendorId": "a", "data": 5}, {"status": "UnknownVendorId"}, None),
        ("FirmwareStatusNotification", {"status": "Idle"}, {}, "firmware"),
        ("DiagnosticsStatusNotification", {"status": "Uploading"}, {}, "log"),
        ("LogStatusNotification", {"status": "Uploaded", "requestId": 1}, {}, "log"),
        (
            "SecurityEventNotification",
            {"type": "InvalidChargePointCertificate", "timestamp": AT},
            {},
            "security",
        ),
        (
            "SignedFirmwareStatusNotification",
            {"status": "InvalidSignature", "requestId": 2},
            {},
            "firmware",
        ),
    ],
)
async def test_messages_are_kept_as_events(
    network: Network, action: str, payload: dict[str, Any], answer: Any, kind: str | None
) -> None:
    cp = await network.plug_in()

    assert await cp.ask(action, payload) == answer
    await cp.close()

    found = await query(lambda: StationEvent.objects.get(station=network.station))
    assert kind is None or found.kind == kind


async def test_status_of_connector_0_is_the_station(network: Network) -> None:
    cp = await network.plug_in()
    for connector, word, error in ((0, "Available", "NoError"), (1, "Faulted", "Error")):
        await cp.ask(
            "StatusNotification",
            {"connectorId": connector, "status": word, "errorCode": error, "timestamp": AT},
        )
    await cp.ask(
        "StatusNotification",
        {"connectorId": 2, "status": "SuspendedEV", "errorCode": "ConnectorLockFailure"},
    )
    await cp.close()

    link = await query(lambda: StationLink.objects.get(station=network.station))
    assert link.status == "available"
    found = await query(
        lambda: {
            c.evse.number: (c.status, c.error_code)
            for c in Connector.objects.filter(evse__station=network.station).select_related("evse")
        }
    )
    assert found == {1: ("faulted", "Error"), 2: ("suspended_ev", "ConnectorLockFailure")}
    journal = await query(
        lambda: StatusJournal.objects.filter(station_id=network.station.pk).count()
    )
    assert journal == 3


async def test_boot_with_too_long_numbers_and_extra_members(network: Network) -> None:
    cp = await network.plug_in()

    answer = await cp.ask(
        "BootNotification",
        {
            "chargePointVendor": "ACME" * 30,
            "chargePointModel": "M",
            "chargePointSerialNumber": "0" * 200,
            "extra": {"a": [1, 2]},
        },
    )
    await cp.close()

    assert answer["status"] == "Accepted"
    await query(network.station.refresh_from_db)
    assert network.station.serial_number == "0" * 64
    assert network.station.boot_info["extra"] == {"a": [1, 2]}
    frame = (await network.frames())[0]
    assert "schema:" in frame.findings


async def test_the_journal_pairs_calls_with_answers(network: Network) -> None:
    cp = await network.plug_in()
    await cp.call("Heartbeat", {}, message_id="corr-1")
    await cp.close()

    row = (await network.frames())[0]
    assert (row.direction, row.action, row.message_id) == ("in", "Heartbeat", "corr-1")
    assert (row.request, row.outcome, row.generation) == ("{}", "result", 1)
    assert row.answer is not None
    assert row.answer.startswith('{"currentTime":"')
    assert row.answered_at is not None
    assert row.answered_at >= row.received_at


async def test_what_goes_over_the_wire_is_compact(network: Network) -> None:
    cp = await network.plug_in()
    await cp.call("Heartbeat", {})
    await cp.call("Nonsense", {})
    await cp.close()

    for text in cp.received:
        assert ", " not in text.replace("The server", "")
        assert '": ' not in text
        assert "\n" not in text
        assert "null" not in text
