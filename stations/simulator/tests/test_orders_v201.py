"""What a 2.0.1 charging station answers to the network, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ocpp.v201 import call

from stations.simulator.fleet import Fleet
from stations.simulator.scenario import Scenario
from stations.simulator.specs import EvseSpec, StationSpec
from stations.simulator.tests.network import Network, running

QUIET = Scenario(seed=1, speed=60.0, most_busy=0.0, boot_spread_s=0.01, sample_s=60.0)
DC = EvseSpec(2, 150_000.0, is_dc=True, connectors=2)
SPEC = StationSpec(identity="TWO", version="2.0.1", evses=(EvseSpec(1), DC))
TOKEN = {"id_token": "04A1B2C3D4E5F6", "type": "ISO14443"}


@dataclass
class Bench:
    """One connected station without cars of its own."""

    network: Network
    fleet: Fleet

    async def ask(self, payload: Any) -> Any:
        """Send a call to the station."""
        return await self.network.peers["TWO"].call(payload, suppress=False)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """TransactionEvents of a kind."""
        return [e for e in self.network.of("TransactionEvent") if e["event_type"] == kind]

    async def start(self, evse: int = 1) -> str:
        """Start a session and wait until it is told; its transaction id."""
        answer = await self.ask(
            call.RequestStartTransaction(id_token=TOKEN, remote_start_id=77, evse_id=evse)
        )
        assert answer.status == "Accepted"
        await self.network.until(lambda: self.events("Started"))
        return str(self.events("Started")[-1]["transaction_info"]["transaction_id"])


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A station that has booted."""
    async with running() as network:
        fleet = Fleet(url=network.url, specs=[SPEC], scenario=QUIET, good={"": ["AB12CD34"]})
        stop = asyncio.Event()
        run = asyncio.create_task(fleet.run(stop))
        await network.until(lambda: len(network.of("StatusNotification")) >= 4)
        yield Bench(network, fleet)
        stop.set()
        with suppress(asyncio.CancelledError):
            await run


async def test_a_requested_session_names_its_request_and_ends_on_request(bench: Bench) -> None:
    transaction = await bench.start(evse=2)
    await bench.network.until(lambda: len(bench.events("Updated")) >= 2)
    status = await bench.ask(call.GetTransactionStatus(transaction_id=transaction))

    answer = await bench.ask(call.RequestStopTransaction(transaction_id=transaction))

    assert (answer.status, status.ongoing_indicator) == ("Accepted", True)
    await bench.network.until(lambda: bench.events("Ended"))
    started, ended = bench.events("Started")[0], bench.events("Ended")[0]
    assert started["transaction_info"]["remote_start_id"] == 77
    assert started["trigger_reason"] == "RemoteStart"
    assert started["evse"] == {"id": 2, "connector_id": 1}
    assert ended["transaction_info"]["stopped_reason"] == "Remote"
    states = [e["transaction_info"].get("charging_state") for e in bench.events("Updated")]
    assert states[0] == "Charging"
    measurands = {
        sample["measurand"]
        for event in bench.events("Updated")
        for sample in event["meter_value"][0]["sampled_value"]
    }
    assert {"Energy.Active.Import.Register", "Power.Active.Import", "SoC"} <= measurands


async def test_unlocking_waits_for_the_session_to_end(bench: Bench) -> None:
    await bench.start()

    busy = await bench.ask(call.UnlockConnector(evse_id=1, connector_id=1))
    unknown = await bench.ask(call.UnlockConnector(evse_id=1, connector_id=5))

    assert [busy.status, unknown.status] == ["OngoingAuthorizedTransaction", "UnknownConnector"]


async def test_resets_now_or_when_the_last_car_has_left(bench: Bench) -> None:
    transaction = await bench.start()

    waiting = await bench.ask(call.Reset(type="OnIdle"))
    one_evse = await bench.ask(call.Reset(type="Immediate", evse_id=1))

    assert [waiting.status, one_evse.status] == ["Scheduled", "Rejected"]
    assert len(bench.network.of("BootNotification")) == 1
    await bench.ask(call.RequestStopTransaction(transaction_id=transaction))
    await bench.network.until(lambda: len(bench.network.of("BootNotification")) == 2)
    assert bench.network.of("BootNotification")[-1]["reason"] == "ScheduledReset"


async def test_an_immediate_reset_ends_the_session(bench: Bench) -> None:
    await bench.start()

    assert (await bench.ask(call.Reset(type="Immediate"))).status == "Accepted"

    await bench.network.until(lambda: len(bench.network.of("BootNotification")) == 2)
    await bench.network.until(lambda: bench.events("Ended"))
    assert bench.events("Ended")[0]["transaction_info"]["stopped_reason"] == "ImmediateReset"
    assert bench.network.of("BootNotification")[-1]["reason"] == "RemoteReset"


async def test_a_base_report_comes_in_parts_whose_last_says_so(bench: Bench) -> None:
    answer = await bench.ask(call.GetBaseReport(request_id=4, report_base="FullInventory"))

    assert answer.status == "Accepted"
    await bench.network.until(
        lambda: any(not part.get("tbc") for part in bench.network.of("NotifyReport"))
    )
    parts = bench.network.of("NotifyReport")
    assert [part["seq_no"] for part in parts] == list(range(len(parts)))
    assert [part.get("tbc") for part in parts] == [*[True] * (len(parts) - 1), False]
    rows = [row for part in parts for row in part["report_data"]]
    assert len(rows) > 30
    secret = next(r for r in rows if r["variable"]["name"] == "BasicAuthPassword")
    assert "value" not in secret["variable_attribute"][0]


async def test_variables_are_read_and_set_one_by_one(bench: Bench) -> None:
    def named(component: str, variable: str, **extra: Any) -> dict[str, Any]:
        return {"component": {"name": component}, "variable": {"name": variable}, **extra}

    results = await bench.ask(
        call.SetVariables(
            set_variable_data=[
                named("OCPPCommCtrlr", "HeartbeatInterval", attribute_value="60"),
                named("OCPPCommCtrlr", "HeartbeatInterval", attribute_value="often"),
                named("ChargingStation", "Model", attribute_value="X"),
                named("OCPPCommCtrlr", "Nothing", attribute_value="1"),
                named("Nowhere", "Nothing", attribute_value="1"),
                named("SecurityCtrlr", "BasicAuthPassword", attribute_value="0123456789abcdef"),
            ]
        )
    )
    read = await bench.ask(
        call.GetVariables(
            get_variable_data=[
                named("OCPPCommCtrlr", "HeartbeatInterval"),
                named("SecurityCtrlr", "BasicAuthPassword"),
                named("OCPPCommCtrlr", "HeartbeatInterval", attribute_type="MaxSet"),
            ]
        )
    )

    assert [r["attribute_status"] for r in results.set_variable_result] == [
        "Accepted",
        "Rejected",
        "Rejected",
        "UnknownVariable",
        "UnknownComponent",
        "RebootRequired",
    ]
    assert [r["attribute_status"] for r in read.get_variable_result] == [
        "Accepted",
        "Rejected",
        "NotSupportedAttributeType",
    ]
    assert read.get_variable_result[0]["attribute_value"] == "60"


async def test_profiles_are_reported_as_they_were_set(bench: Bench) -> None:
    profile = {
        "id": 12,
        "stack_level": 0,
        "charging_profile_purpose": "ChargingStationMaxProfile",
        "charging_profile_kind": "Absolute",
        "charging_schedule": [
            {
                "id": 1,
                "start_schedule": datetime.now(UTC).isoformat(),
                "charging_rate_unit": "W",
                "charging_schedule_period": [{"start_period": 0, "limit": 5000.0}],
            }
        ],
    }

    put = await bench.ask(call.SetChargingProfile(evse_id=0, charging_profile=profile))
    asked = await bench.ask(
        call.GetChargingProfiles(request_id=8, charging_profile={"charging_profile_id": [12]})
    )
    schedule = await bench.ask(call.GetCompositeSchedule(duration=60, evse_id=2))

    assert [put.status, asked.status] == ["Accepted", "Accepted"]
    await bench.network.until(lambda: bench.network.of("ReportChargingProfiles"))
    report = bench.network.of("ReportChargingProfiles")[0]
    assert (report["request_id"], report["charging_profile"][0]["id"]) == (8, 12)
    assert schedule.schedule["charging_schedule_period"][0]["limit"] == 5000.0
    none = await bench.ask(
        call.GetChargingProfiles(request_id=9, charging_profile={"charging_profile_id": [13]})
    )
    assert none.status == "NoProfiles"


async def test_the_rest_of_the_orders_are_answered(bench: Bench) -> None:
    expiry = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    entry = {"id_token": TOKEN, "id_token_info": {"status": "Accepted"}}
    connection = {
        "ocpp_version": "OCPP20",
        "ocpp_transport": "JSON",
        "ocpp_csms_url": "wss://csms.example/",
        "message_timeout": 30,
        "security_profile": 2,
        "ocpp_interface": "Wired0",
    }
    firmware = {"location": "https://files.example/fail", "retrieve_date_time": "2020-01-01"}
    log = {"remote_location": "https://files.example/"}
    answers = [
        await bench.ask(payload)
        for payload in (
            call.ReserveNow(id=3, expiry_date_time=expiry, id_token=TOKEN),
            call.CancelReservation(reservation_id=3),
            call.ChangeAvailability(operational_status="Inoperative", evse={"id": 1}),
            call.SendLocalList(
                version_number=2, update_type="Full", local_authorization_list=[entry]
            ),
            call.SetNetworkProfile(configuration_slot=1, connection_data=connection),
            call.SetNetworkProfile(configuration_slot=9, connection_data=connection),
            call.GetLog(log=log, log_type="DiagnosticsLog", request_id=5),
            call.UpdateFirmware(request_id=6, firmware=firmware),
            call.TriggerMessage(requested_message="LogStatusNotification"),
            call.TriggerMessage(requested_message="SignV2GCertificate"),
            call.ClearCache(),
            call.DataTransfer(vendor_id="Elsewhere"),
            call.GetReport(request_id=7, component_variable=[{"component": {"name": "Nope"}}]),
        )
    ]

    assert [answer.status for answer in answers] == [
        "Accepted",
        "Accepted",
        "Accepted",
        "Accepted",
        "Accepted",
        "Rejected",
        "Accepted",
        "Accepted",
        "Accepted",
        "NotImplemented",
        "Accepted",
        "UnknownVendorId",
        "EmptyResultSet",
    ]
    assert (await bench.ask(call.GetLocalListVersion())).version_number == 2
    await bench.network.until(
        lambda: (
            [s["status"] for s in bench.network.of("FirmwareStatusNotification")][-1:]
            == ["DownloadFailed"]
        )
    )
    assert {s["status"] for s in bench.network.of("LogStatusNotification")} >= {"Idle", "Uploaded"}
