"""Every other message of a 2.0.1 station: answered, stored, and without effect elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stations.models import (
    Connector,
    DeviceVariable,
    Reservation,
    Station,
    StationEvent,
    StationLink,
    StatusJournal,
)
from tests.ocpp.support import Network, query

AT = "2026-11-23T10:00:00Z"


def status(evse: int, connector: int, word: str) -> dict[str, Any]:
    return {
        "timestamp": AT,
        "connectorStatus": word,
        "evseId": evse,
        "connectorId": connector,
    }


def reported(variable: str, *values: tuple[str, str], evse: int | None = None) -> dict[str, Any]:
    component: dict[str, Any] = {"name": "EVSE" if evse else "SampledDataCtrlr"}
    if evse:
        component["evse"] = {"id": evse}
    return {
        "component": component,
        "variable": {"name": variable},
        "variableAttribute": [{"type": kind, "value": value} for kind, value in values],
        "variableCharacteristics": {"dataType": "integer", "supportsMonitoring": False},
    }


def variables(station: Station) -> dict[tuple[str, str, int, str], str | None]:
    return {
        (row.component, row.variable, row.evse_number, row.attribute): row.value
        for row in DeviceVariable.objects.filter(station=station)
    }


def events(station: Station) -> list[tuple[str, str]]:
    rows = StationEvent.objects.filter(station=station).order_by("id")
    return [(row.kind, row.name) for row in rows]


async def test_boot_of_any_reason_is_accepted_with_time_and_interval(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")

    answer = await cp.ask(
        "BootNotification",
        {
            "reason": "PowerUp",
            "chargingStation": {
                "vendorName": "V" * 80,
                "model": "M",
                "serialNumber": "S" * 60,
                "firmwareVersion": "1.2.3",
                "modem": {"iccid": "8946"},
            },
        },
    )
    await cp.close()

    assert answer["status"] == "Accepted"
    assert 300 <= answer["interval"] <= 330
    told = datetime.fromisoformat(answer["currentTime"])
    assert abs(datetime.now(UTC) - told) < timedelta(seconds=10)
    await query(network.station.refresh_from_db)
    assert network.station.vendor == "V" * 64
    assert network.station.firmware_version == "1.2.3"
    link = await query(lambda: StationLink.objects.get(station=network.station))
    assert (link.boot_status, link.ocpp_version) == ("accepted", "2.0.1")


async def test_status_of_connectors_and_of_the_station(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    for message in (
        status(1, 1, "Occupied"),
        status(1, 2, "Available"),
        status(0, 0, "Unavailable"),
        status(3, 1, "Faulted"),
    ):
        assert await cp.ask("StatusNotification", message) == {}
    await cp.close()

    found = await query(
        lambda: {
            (c.evse.number, c.number): (c.status, c.is_confirmed)
            for c in Connector.objects.filter(evse__station=network.station).select_related("evse")
        }
    )
    assert found[(1, 1)] == ("occupied", True)
    assert found[(1, 2)] == ("available", False)
    assert found[(3, 1)] == ("faulted", False)
    link = await query(lambda: StationLink.objects.get(station=network.station))
    assert link.status == "unavailable"
    model = await query(lambda: variables(network.station))
    assert model[("ChargingStation", "AvailabilityState", 0, "Actual")] == "Unavailable"
    assert model[("Connector", "AvailabilityState", 3, "Actual")] == "Faulted"
    journal = await query(
        lambda: list(
            StatusJournal.objects.filter(station_id=network.station.pk)
            .order_by("id")
            .values_list("evse_number", "status", "station_at_raw")
        )
    )
    assert journal == [
        (1, "occupied", AT),
        (1, "available", AT),
        (0, "unavailable", AT),
        (3, "faulted", AT),
    ]


async def test_reports_in_parts_empty_ones_and_repeats(network: Network) -> None:
    """Client B sends reportData [] (quirk 4)."""
    cp = await network.plug_in("ocpp2.0.1")
    head = {"requestId": 7, "generatedAt": AT}
    first = [reported("TxUpdatedInterval", ("Actual", "60"), ("Target", "30"))]
    second = [reported("Power", ("MaxSet", "22000"), evse=1)]

    for part in (
        head | {"seqNo": 0, "tbc": True, "reportData": first},
        head | {"seqNo": 1, "tbc": True, "reportData": second},
        head | {"seqNo": 1, "tbc": True, "reportData": second},
        head | {"seqNo": 2, "tbc": False, "reportData": []},
        head | {"seqNo": 3},
    ):
        assert await cp.ask("NotifyReport", part) == {}
    await cp.close()

    assert await query(lambda: variables(network.station)) == {
        ("SampledDataCtrlr", "TxUpdatedInterval", 0, "Actual"): "60",
        ("SampledDataCtrlr", "TxUpdatedInterval", 0, "Target"): "30",
        ("EVSE", "Power", 1, "MaxSet"): "22000",
    }


async def test_a_reported_password_is_not_kept_in_clear(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    secret = reported("BasicAuthPassword", ("Actual", "hunter2hunter2hunter2"))
    await cp.ask(
        "NotifyReport", {"requestId": 1, "generatedAt": AT, "seqNo": 0, "reportData": [secret]}
    )
    await cp.close()

    frames = await network.frames()
    assert "hunter2" not in frames[0].request
    model = await query(lambda: variables(network.station))
    assert "hunter2" not in str(model)


async def test_events_are_kept_and_connector_states_among_them_count(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    base = {
        "eventId": 1,
        "timestamp": AT,
        "trigger": "Delta",
        "eventNotificationType": "HardWiredNotification",
    }
    data = [
        base
        | {
            "actualValue": "Faulted",
            "component": {"name": "Connector", "evse": {"id": 2, "connectorId": 1}},
            "variable": {"name": "AvailabilityState"},
        },
        base
        | {
            "eventId": 2,
            "actualValue": "<b>hot</b>",
            "component": {"name": "Temp"},
            "variable": {"name": "Limit"},
        },
    ]

    assert await cp.ask("NotifyEvent", {"generatedAt": AT, "seqNo": 0, "eventData": data}) == {}
    await cp.close()

    assert await query(lambda: events(network.station)) == [
        ("monitoring", "Connector.AvailabilityState"),
        ("monitoring", "Temp.Limit"),
    ]
    connector = await query(
        lambda: Connector.objects.get(evse__station=network.station, evse__number=2)
    )
    assert connector.status == "faulted"


@pytest.mark.parametrize(
    ("action", "payload", "answer", "kind", "name"),
    [
        (
            "DataTransfer",
            {"vendorId": "acme", "messageId": "x", "data": [1, {"a": None}]},
            {"status": "UnknownVendorId"},
            "data_transfer",
            "acme.x",
        ),
        ("FirmwareStatusNotification", {"status": "Installed"}, {}, "firmware", "Installed"),
        (
            "FirmwareStatusNotification",
            {"status": "DownloadFailed", "requestId": 9},
            {},
            "firmware",
            "DownloadFailed",
        ),
        ("LogStatusNotification", {"status": "Uploaded", "requestId": 3}, {}, "log", "Uploaded"),
        (
            "SecurityEventNotification",
            {"type": "TamperDetectionActivated", "timestamp": AT, "techInfo": "lid"},
            {},
            "security",
            "TamperDetectionActivated",
        ),
        (
            "NotifyMonitoringReport",
            {"requestId": 4, "seqNo": 0, "generatedAt": AT},
            {},
            "monitors",
            "0 monitors",
        ),
        (
            "ReportChargingProfiles",
            {
                "requestId": 5,
                "chargingLimitSource": "CSO",
                "evseId": 1,
                "chargingProfile": [
                    {
                        "id": 1,
                        "stackLevel": 0,
                        "chargingProfilePurpose": "TxDefaultProfile",
                        "chargingProfileKind": "Absolute",
                        "chargingSchedule": [
                            {
                                "id": 1,
                                "chargingRateUnit": "A",
                                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.1}],
                            }
                        ],
                    }
                ],
            },
            {},
            "profiles",
            "CSO: 1 profiles",
        ),
    ],
)
async def test_other_messages_are_kept_as_events(
    network: Network, action: str, payload: dict[str, Any], answer: Any, kind: str, name: str
) -> None:
    cp = await network.plug_in("ocpp2.0.1")

    assert await cp.ask(action, payload) == answer
    await cp.close()

    assert await query(lambda: events(network.station)) == [(kind, name)]


@pytest.mark.parametrize("word", ["Expired", "Removed"])
async def test_a_reservation_ends_at_its_own_station_only(network: Network, word: str) -> None:
    other = await network.another()

    def reserve() -> None:
        for station in (network.station, other):
            Reservation.objects.create(
                operator=network.operator,
                station=station,
                number=42,
                id_token="X",
                expires_at=datetime.now(UTC),
                state="active",
            )

    await query(reserve)
    cp = await network.plug_in("ocpp2.0.1")

    answer = await cp.ask(
        "ReservationStatusUpdate", {"reservationId": 42, "reservationUpdateStatus": word}
    )
    unknown = {"reservationId": 99, "reservationUpdateStatus": word}
    assert answer == await cp.ask("ReservationStatusUpdate", unknown) == {}
    await cp.close()

    states = await query(
        lambda: [
            Reservation.objects.get(station=station, number=42).state
            for station in (network.station, other)
        ]
    )
    assert states == [word.lower(), "active"]
