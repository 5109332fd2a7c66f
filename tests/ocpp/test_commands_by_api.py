"""Commands from the REST API to a socket and back, against a real bridge."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from django.db import connection

from stations.hardware.passwords import check_password
from stations.models import ChargingProfile, Command, DeviceVariable, LocalList, Reservation
from tests.factories.api import api_client
from tests.ocpp.support import Network, eventually, query

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}


async def call(network: Network, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """One API call in a thread of its own, as a web server makes it."""

    def work() -> tuple[int, Any]:
        try:
            client = api_client(network.operator)
            answer = getattr(client, method)(f"/api/v1/{path}", body)
            return answer.status_code, answer.json() if answer.content else None
        finally:
            connection.close()

    return await asyncio.to_thread(work)


def order(network: Network, body: dict[str, Any]) -> asyncio.Task[tuple[int, Any]]:
    path = f"stations/{network.station.identity}/commands/"
    return asyncio.create_task(call(network, "post", path, body))


async def test_a_command_waits_for_its_answer(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("BootNotification", BOOT)

    waiting = order(network, {"command": "reset", "parameters": {"type": "soft"}, "wait": 10})
    frame = await cp.next_call()
    assert frame[2:] == ["Reset", {"type": "Soft"}]
    await cp.answer(frame, {"status": "Rejected"})
    status, body = await waiting
    await cp.close()

    assert status == 200
    assert (body["state"], body["answer"], body["error"]) == (
        "answered",
        {"status": "Rejected"},
        None,
    )
    assert body["message_id"] == frame[1]


async def test_callerror_and_silence_are_outcomes(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("BootNotification", BOOT)

    refused = order(network, {"action": "ClearCache", "payload": {}, "wait": 10})
    frame = await cp.next_call()
    await cp.socket.send(f'[4,"{frame[1]}","NotSupported","no such thing",{{}}]')
    status, body = await refused
    assert (status, body["state"]) == (200, "failed")
    assert body["error"] == {"code": "NotSupported", "message": "no such thing"}

    silent = order(network, {"action": "ClearCache", "payload": {}, "wait": 1.5})
    await cp.next_call()
    status, body = await silent
    await cp.close()
    assert (status, body["state"]) == (202, "sent")


async def test_a_station_that_left_is_409_and_a_queued_command_waits_for_it(
    network: Network,
) -> None:
    cp = await network.plug_in()
    await cp.ask("BootNotification", BOOT)
    await cp.close()
    await eventually(
        lambda: network.station.__class__.objects.get(pk=network.station.pk).link.is_connected,
        lambda connected: not connected,
    )

    assert (await order(network, {"command": "clear_cache"}))[0] == 409
    status, queued = await order(network, {"command": "clear_cache", "queue_if_offline": True})
    assert (status, queued["state"]) == (202, "queued")

    cp = await network.plug_in()
    frame = await cp.next_call()
    assert frame[2] == "ClearCache"
    await cp.answer(frame, {"status": "Accepted"})
    command = await eventually(
        lambda: Command.objects.get(public_id=queued["id"]), lambda c: c.state == "answered"
    )
    await cp.close()
    assert command.answer_status == "Accepted"


async def test_answers_leave_their_mark(network: Network) -> None:
    cp = await network.plug_in()
    await cp.ask("BootNotification", BOOT)
    station = network.station
    secret = "00112233445566778899aabbccddeeff"
    talks: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"command": "get_configuration"},
            {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "9"}]},
        ),
        (
            {
                "command": "set_configuration",
                "parameters": {"key": "AuthorizationKey", "value": secret},
            },
            {"status": "Accepted"},
        ),
        ({"command": "send_local_list"}, {"status": "Accepted"}),
        (
            {
                "command": "reserve_now",
                "parameters": {"id_token": "A", "evse": 1, "expires_at": "2030-01-01T00:00:00Z"},
            },
            {"status": "Accepted"},
        ),
    ]

    for request, answer in talks:
        waiting = order(network, {**request, "wait": 10})
        await cp.answer(await cp.next_call(), answer)
        status, body = await waiting
        assert (status, body["state"]) == (200, "answered"), body
        assert secret not in str(body)

    await eventually(
        lambda: list(Reservation.objects.filter(station=station).values_list("state", flat=True)),
        lambda states: states == ["active"],
    )
    assert await query(lambda: LocalList.objects.get(station=station).version) == 1
    value = await query(
        lambda: DeviceVariable.objects.get(station=station, variable="HeartbeatInterval").value
    )
    assert value == "9"
    fresh = await query(lambda: type(station).objects.get(pk=station.pk))
    assert check_password(secret.encode(), fresh.password_digest, settings.STATION_KEY)
    stored = await query(lambda: str(list(Command.objects.filter(station=station).values())))
    assert secret not in stored
    await cp.close()


async def test_a_stored_profile_keeps_its_id_on_the_wire(network: Network) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    await cp.ask(
        "BootNotification",
        {"reason": "PowerUp", "chargingStation": {"vendorName": "V", "model": "M"}},
    )
    profile = {
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [
            {
                "id": 1,
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}],
            }
        ],
    }
    status, _body = await call(network, "put", "charging-profiles/158", {"profile": profile})
    assert status == 201

    waiting = order(
        network,
        {"command": "set_charging_profile", "parameters": {"profile_id": 158}, "wait": 10},
    )
    frame = await cp.next_call()
    await cp.answer(frame, {"status": "Accepted"})

    assert frame[2] == "SetChargingProfile"
    assert frame[3]["chargingProfile"]["id"] == 158
    assert (await waiting)[0] == 200
    assert await query(lambda: ChargingProfile.objects.get(number=158).profile["id"]) == 158
    await cp.close()
