"""Secrets in commands, and what the bridge itself asks of a station."""

from __future__ import annotations

from typing import Any

import pytest

from stations.models import Command, FrameJournal
from stations.ocpp.bridge import chores
from stations.ocpp.tests.charge_point import RawChargePoint
from tests.ocpp.ordering import ask, ended
from tests.ocpp.support import Network, query

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}
SECRET = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("ocpp1.6", "ChangeConfiguration", {"key": "AuthorizationKey", "value": SECRET}),
        (
            "ocpp2.0.1",
            "SetVariables",
            {
                "setVariableData": [
                    {
                        "component": {"name": "SecurityCtrlr"},
                        "variable": {"name": "BasicAuthPassword"},
                        "attributeValue": SECRET,
                    }
                ]
            },
        ),
        (
            "ocpp1.6",
            "GetDiagnostics",
            {"location": f"ftp://user:{SECRET}@files.example/upload"},
        ),
    ],
)
async def test_secrets_reach_the_station_and_no_record(
    network: Network, version: str, action: str, payload: dict[str, Any]
) -> None:
    cp = await network.plug_in(version)
    command = await ask(network, action, payload, ocpp_version=version.removeprefix("ocpp"))

    frame = await cp.next_call()
    await cp.answer(frame, {"status": "Accepted", "value": SECRET, "key": "AuthorizationKey"})
    await ended(command)
    await cp.close()

    assert frame[3] == payload
    kept = await query(lambda: list(Command.objects.filter(pk=command.pk).values()))
    frames = await query(
        lambda: list(FrameJournal.objects.filter(station_id=network.station.pk).values())
    )
    assert SECRET not in str(kept)
    assert SECRET not in str(frames)
    assert "***" in str(kept)
    assert "***" in str(frames)


async def booted(network: Network, hands_off: bool) -> RawChargePoint:
    station = await network.another(hands_off=hands_off)
    network.station = station
    cp = await network.plug_in()
    await cp.ask("BootNotification", BOOT)
    return cp


async def test_hands_off_means_no_message_of_ours_but_those_of_people(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "SPACING_SECONDS", 0.01)
    monkeypatch.setattr(chores, "GREETING_SECONDS", 0.01)
    cp = await booted(network, hands_off=True)

    with pytest.raises(TimeoutError):
        await cp.next_call(0.5)
    command = await ask(network, "ClearCache")
    frame = await cp.next_call()
    await cp.answer(frame, {"status": "Accepted"})

    assert frame[2] == "ClearCache"
    assert (await ended(command)).state == "answered"
    await cp.close()


async def test_other_stations_are_set_up_one_message_at_a_time(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clock-aligned register readings, so that price boundaries are metered."""
    monkeypatch.setattr(chores, "SPACING_SECONDS", 0.01)
    cp = await booted(network, hands_off=False)
    keys = []
    for _message in range(3):
        frame = await cp.next_call()
        keys.append((frame[2], frame[3]["key"]))
        await cp.answer(frame, {"status": "Accepted"})

    assert keys == [
        ("ChangeConfiguration", "ClockAlignedDataInterval"),
        ("ChangeConfiguration", "MeterValuesAlignedData"),
        ("ChangeConfiguration", "MeterValueSampleInterval"),
    ]
    origins = await query(
        lambda: set(Command.objects.filter(station=network.station).values_list("origin"))
    )
    assert origins == {("system",)}
    await cp.close()


async def test_who_comes_back_without_booting_is_asked_twice_and_not_again(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "SPACING_SECONDS", 0.01)
    monkeypatch.setattr(chores, "GREETING_SECONDS", 0.05)
    network.station = await network.another(hands_off=False)
    cp = await network.plug_in()
    asked = []
    for _message in range(2):
        frame = await cp.next_call()
        asked.append(frame[3]["requestedMessage"])
        await cp.answer(frame, {"status": "Rejected"})

    assert asked == ["BootNotification", "StatusNotification"]
    with pytest.raises(TimeoutError):
        await cp.next_call(0.4)
    await cp.close()
