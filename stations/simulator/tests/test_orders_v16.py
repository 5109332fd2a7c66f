"""What a 1.6 charge point answers to the network, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ocpp.v16 import call

from stations.simulator.fleet import Fleet
from stations.simulator.scenario import Scenario
from stations.simulator.specs import EvseSpec, StationSpec
from stations.simulator.tests.network import Network, running

QUIET = Scenario(seed=1, speed=60.0, most_busy=0.0, boot_spread_s=0.01, sample_s=60.0)
SPEC = StationSpec(identity="ONE", version="1.6", evses=(EvseSpec(1), EvseSpec(2)))


@dataclass
class Bench:
    """One connected station without cars of its own."""

    network: Network
    fleet: Fleet

    async def ask(self, payload: Any) -> Any:
        """Send a call to the station."""
        return await self.network.peers["ONE"].call(payload, suppress=False)

    async def start(self) -> dict[str, Any]:
        """Start a session on connector 1 and wait until it is told."""
        answer = await self.ask(call.RemoteStartTransaction(id_tag="AB12CD34", connector_id=1))
        assert answer.status == "Accepted"
        await self.network.until(lambda: self.network.of("StartTransaction"))
        return self.network.of("StartTransaction")[-1]

    def last_status(self, connector: int) -> str:
        """The status last told of a connector."""
        told = self.network.of("StatusNotification")
        return str(next(s["status"] for s in reversed(told) if s["connector_id"] == connector))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A station that has booted."""
    async with running() as network:
        fleet = Fleet(url=network.url, specs=[SPEC], scenario=QUIET, good={"": ["AB12CD34"]})
        stop = asyncio.Event()
        run = asyncio.create_task(fleet.run(stop))
        await network.until(lambda: len(network.of("StatusNotification")) >= 3)
        yield Bench(network, fleet)
        stop.set()
        with suppress(asyncio.CancelledError):
            await run


async def test_remote_start_and_stop_make_one_session(bench: Bench) -> None:
    started = await bench.start()
    await bench.network.until(lambda: bench.network.of("MeterValues"))

    answer = await bench.ask(call.RemoteStopTransaction(transaction_id=started["answered"]))

    assert answer.status == "Accepted"
    await bench.network.until(lambda: bench.network.of("StopTransaction"))
    stop = bench.network.of("StopTransaction")[0]
    assert stop["reason"] == "Remote"
    assert stop["meter_stop"] >= started["meter_start"]
    values = bench.network.of("MeterValues")[0]
    assert values["transaction_id"] == started["answered"]
    measurands = {v["measurand"] for v in values["meter_value"][0]["sampled_value"]}
    assert measurands == {"Energy.Active.Import.Register", "Power.Active.Import", "Current.Import"}


async def test_unknown_transactions_connectors_and_busy_ones_are_rejected(bench: Bench) -> None:
    await bench.start()

    stop = await bench.ask(call.RemoteStopTransaction(transaction_id=99))
    elsewhere = await bench.ask(call.RemoteStartTransaction(id_tag="X", connector_id=9))
    busy = await bench.ask(call.RemoteStartTransaction(id_tag="X", connector_id=1))

    assert [stop.status, elsewhere.status, busy.status] == ["Rejected"] * 3


async def test_a_soft_reset_ends_sessions_and_boots_again(bench: Bench) -> None:
    await bench.start()

    answer = await bench.ask(call.Reset(type="Soft"))

    assert answer.status == "Accepted"
    await bench.network.until(lambda: len(bench.network.of("BootNotification")) == 2)
    assert bench.network.of("StopTransaction")[0]["reason"] == "SoftReset"


async def test_availability_is_scheduled_while_a_car_charges(bench: Bench) -> None:
    await bench.start()

    busy = await bench.ask(call.ChangeAvailability(connector_id=1, type="Inoperative"))
    free = await bench.ask(call.ChangeAvailability(connector_id=2, type="Inoperative"))
    unknown = await bench.ask(call.ChangeAvailability(connector_id=9, type="Operative"))

    assert [busy.status, free.status, unknown.status] == ["Scheduled", "Accepted", "Rejected"]
    await bench.network.until(lambda: bench.last_status(2) == "Unavailable")
    started = bench.network.of("StartTransaction")[0]
    await bench.ask(call.RemoteStopTransaction(transaction_id=started["answered"]))
    await bench.network.until(lambda: bench.last_status(1) == "Unavailable")


async def test_unlocking_ends_the_session(bench: Bench) -> None:
    await bench.start()

    answer = await bench.ask(call.UnlockConnector(connector_id=1))

    assert answer.status == "Unlocked"
    await bench.network.until(lambda: bench.network.of("StopTransaction"))
    assert bench.network.of("StopTransaction")[0]["reason"] == "UnlockCommand"
    assert (await bench.ask(call.UnlockConnector(connector_id=7))).status == "NotSupported"


async def test_configuration_is_read_checked_and_kept(bench: Bench) -> None:
    all_keys = await bench.ask(call.GetConfiguration())
    changed = await bench.ask(call.ChangeConfiguration(key="HeartbeatInterval", value="120"))
    answers = [
        (await bench.ask(call.ChangeConfiguration(key=key, value=value))).status
        for key, value in (
            ("HeartbeatInterval", "soon"),
            ("NumberOfConnectors", "9"),
            ("Nonsense", "1"),
            ("AuthorizationKey", "00112233445566778899aabbccddeeff"),
            ("LocalPreAuthorize", "perhaps"),
        )
    ]
    some = await bench.ask(call.GetConfiguration(key=["HeartbeatInterval", "Nonsense"]))

    names = {entry["key"] for entry in all_keys.configuration_key}
    assert {"NumberOfConnectors", "SupportedFeatureProfiles"} <= names
    assert "AuthorizationKey" not in names
    assert changed.status == "Accepted"
    assert answers == ["Rejected", "Rejected", "NotSupported", "RebootRequired", "Rejected"]
    assert [(e["key"], e["value"]) for e in some.configuration_key] == [
        ("HeartbeatInterval", "120")
    ]
    assert some.unknown_key == ["Nonsense"]


async def test_triggered_messages_come_after_the_answer(bench: Bench) -> None:
    before = len(bench.network.received)
    answers = [
        (
            await bench.ask(call.TriggerMessage(requested_message=message, connector_id=connector))
        ).status
        for message, connector in (
            ("Heartbeat", None),
            ("StatusNotification", 1),
            ("MeterValues", 2),
            ("BootNotification", None),
            ("FirmwareStatusNotification", None),
            ("DiagnosticsStatusNotification", None),
            ("StatusNotification", 9),
        )
    ]

    assert answers == [*["Accepted"] * 6, "Rejected"]
    await bench.network.until(lambda: len(bench.network.received) >= before + 6)
    assert [action for _s, action, _p in bench.network.received[before:]] == [
        "Heartbeat",
        "StatusNotification",
        "MeterValues",
        "BootNotification",
        "FirmwareStatusNotification",
        "DiagnosticsStatusNotification",
    ]


async def test_a_reservation_keeps_others_out_and_is_used_by_its_token(bench: Bench) -> None:
    expiry = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    reserve = call.ReserveNow(
        connector_id=1, expiry_date=expiry, id_tag="AB12CD34", reservation_id=5
    )

    assert (await bench.ask(reserve)).status == "Accepted"
    await bench.network.until(lambda: bench.last_status(1) == "Reserved")
    other = await bench.ask(call.RemoteStartTransaction(id_tag="OTHER", connector_id=1))
    started = await bench.start()

    assert other.status == "Rejected"
    assert started["reservation_id"] == 5
    assert (await bench.ask(call.CancelReservation(reservation_id=5))).status == "Rejected"


async def test_cancelling_a_reservation_frees_the_connector(bench: Bench) -> None:
    expiry = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    await bench.ask(
        call.ReserveNow(connector_id=2, expiry_date=expiry, id_tag="A", reservation_id=6)
    )
    await bench.network.until(lambda: bench.last_status(2) == "Reserved")

    assert (await bench.ask(call.CancelReservation(reservation_id=6))).status == "Accepted"

    await bench.network.until(lambda: bench.last_status(2) == "Available")


async def test_a_limit_of_zero_suspends_and_clearing_it_lets_power_flow(bench: Bench) -> None:
    await bench.start()
    await bench.network.until(lambda: bench.last_status(1) == "Charging")
    profile = {
        "charging_profile_id": 3,
        "stack_level": 1,
        "charging_profile_purpose": "TxDefaultProfile",
        "charging_profile_kind": "Relative",
        "charging_schedule": {
            "charging_rate_unit": "A",
            "charging_schedule_period": [{"start_period": 0, "limit": 0.0}],
        },
    }

    set_profile = await bench.ask(
        call.SetChargingProfile(connector_id=1, cs_charging_profiles=profile)
    )
    await bench.network.until(lambda: bench.last_status(1) == "SuspendedEVSE")
    schedule = await bench.ask(call.GetCompositeSchedule(connector_id=1, duration=120))
    cleared = await bench.ask(call.ClearChargingProfile(id=3))
    again = await bench.ask(call.ClearChargingProfile(id=3))

    assert [set_profile.status, cleared.status, again.status] == ["Accepted", "Accepted", "Unknown"]
    periods = schedule.charging_schedule["charging_schedule_period"]
    assert [p["limit"] for p in periods] == [0.0]
    await bench.network.until(lambda: bench.last_status(1) == "Charging")


async def test_local_list_takes_updates_by_version(bench: Bench) -> None:
    entry = {"id_tag": "AB", "id_tag_info": {"status": "Blocked"}}

    def send(version: int, kind: str) -> call.SendLocalList:
        return call.SendLocalList(
            list_version=version, update_type=kind, local_authorization_list=[entry]
        )

    answers = [
        (await bench.ask(send(version, kind))).status
        for version, kind in ((3, "Full"), (3, "Differential"), (4, "Differential"))
    ]

    assert answers == ["Accepted", "VersionMismatch", "Accepted"]
    assert (await bench.ask(call.GetLocalListVersion())).list_version == 4


async def test_firmware_and_diagnostics_go_through_their_steps(bench: Bench) -> None:
    now = datetime.now(UTC).isoformat()
    name = await bench.ask(call.GetDiagnostics(location="ftp://files.example/"))
    await bench.ask(call.UpdateFirmware(location="https://files.example/f", retrieve_date=now))

    await bench.network.until(lambda: len(bench.network.of("BootNotification")) == 2)

    assert name.file_name.endswith(".log")
    steps = [s["status"] for s in bench.network.of("FirmwareStatusNotification")]
    assert steps == ["Downloading", "Downloaded", "Installing", "Installed"]
    uploads = [s["status"] for s in bench.network.of("DiagnosticsStatusNotification")]
    assert uploads == ["Uploading", "Uploaded"]
    assert bench.network.of("BootNotification")[-1]["firmware_version"] == "1.0.1"


async def test_data_of_other_vendors_is_refused(bench: Bench) -> None:
    ours = await bench.ask(call.DataTransfer(vendor_id="Simulated", data="x"))
    other = await bench.ask(call.DataTransfer(vendor_id="Elsewhere"))

    assert [ours.status, other.status] == ["Accepted", "UnknownVendorId"]
    assert (await bench.ask(call.ClearCache())).status == "Accepted"
