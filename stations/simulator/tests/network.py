"""A tiny network side on the ocpp package's central-system classes, for tests."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ocpp.v16 import ChargePoint as Central16
from ocpp.v16 import call_result as result16
from ocpp.v201 import ChargePoint as Central201
from ocpp.v201 import call_result as result201
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from stations.simulator.routing import on


@dataclass
class Network:
    """What arrived, and how to answer. ``refuse`` holds tokens that may not charge."""

    refuse: set[str] = field(default_factory=set)
    received: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    peers: dict[str, Any] = field(default_factory=dict)
    sockets: dict[str, ServerConnection] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    url: str = ""
    numbers: Any = field(default_factory=lambda: itertools.count(501))

    def of(self, action: str, station: str | None = None) -> list[dict[str, Any]]:
        """Payloads of an action, in order (snake case)."""
        return [p for s, a, p in self.received if a == action and station in (None, s)]

    async def until(self, condition: Any, patience_s: float = 20.0) -> None:
        """Wait until ``condition()`` holds."""
        async with asyncio.timeout(patience_s):
            while not condition():  # noqa: ASYNC110 - conditions of tests have no event
                await asyncio.sleep(0.02)

    def judge(self, token: str) -> str:
        """Status of a token."""
        return "Invalid" if token in self.refuse else "Accepted"

    def note(self, station: str, action: str, payload: dict[str, Any]) -> None:
        """Remember a message."""
        self.received.append((station, action, payload))


def _now() -> str:
    return datetime.now(UTC).isoformat()


class Peer16(Central16):
    """The network's end of a 1.6 connection."""

    network: Network

    @on("BootNotification")
    def on_boot(self, **payload: Any) -> Any:
        self.network.note(self.id, "BootNotification", payload)
        return result16.BootNotification(current_time=_now(), interval=300, status="Accepted")

    @on("Heartbeat")
    def on_heartbeat(self) -> Any:
        self.network.note(self.id, "Heartbeat", {})
        return result16.Heartbeat(current_time=_now())

    @on("StatusNotification")
    def on_status(self, **payload: Any) -> Any:
        self.network.note(self.id, "StatusNotification", payload)
        return result16.StatusNotification()

    @on("Authorize")
    def on_authorize(self, id_tag: str) -> Any:
        self.network.note(self.id, "Authorize", {"id_tag": id_tag})
        return result16.Authorize(id_tag_info={"status": self.network.judge(id_tag)})

    @on("StartTransaction")
    def on_start(self, **payload: Any) -> Any:
        number = next(self.network.numbers)
        self.network.note(self.id, "StartTransaction", {**payload, "answered": number})
        status = self.network.judge(payload["id_tag"])
        return result16.StartTransaction(transaction_id=number, id_tag_info={"status": status})

    @on("MeterValues")
    def on_meter_values(self, **payload: Any) -> Any:
        self.network.note(self.id, "MeterValues", payload)
        return result16.MeterValues()

    @on("StopTransaction")
    def on_stop(self, **payload: Any) -> Any:
        self.network.note(self.id, "StopTransaction", payload)
        return result16.StopTransaction()

    @on("FirmwareStatusNotification")
    def on_firmware(self, **payload: Any) -> Any:
        self.network.note(self.id, "FirmwareStatusNotification", payload)
        return result16.FirmwareStatusNotification()

    @on("DiagnosticsStatusNotification")
    def on_diagnostics(self, **payload: Any) -> Any:
        self.network.note(self.id, "DiagnosticsStatusNotification", payload)
        return result16.DiagnosticsStatusNotification()


class Peer201(Central201):
    """The network's end of a 2.0.1 connection."""

    network: Network

    @on("BootNotification")
    def on_boot(self, **payload: Any) -> Any:
        self.network.note(self.id, "BootNotification", payload)
        return result201.BootNotification(current_time=_now(), interval=300, status="Accepted")

    @on("Heartbeat")
    def on_heartbeat(self) -> Any:
        self.network.note(self.id, "Heartbeat", {})
        return result201.Heartbeat(current_time=_now())

    @on("StatusNotification")
    def on_status(self, **payload: Any) -> Any:
        self.network.note(self.id, "StatusNotification", payload)
        return result201.StatusNotification()

    @on("Authorize")
    def on_authorize(self, id_token: dict[str, Any], **_: Any) -> Any:
        self.network.note(self.id, "Authorize", id_token)
        status = self.network.judge(id_token["id_token"])
        return result201.Authorize(id_token_info={"status": status})

    @on("TransactionEvent")
    def on_event(self, **payload: Any) -> Any:
        self.network.note(self.id, "TransactionEvent", payload)
        return result201.TransactionEvent()

    @on("NotifyReport")
    def on_report(self, **payload: Any) -> Any:
        self.network.note(self.id, "NotifyReport", payload)
        return result201.NotifyReport()

    @on("NotifyEvent")
    def on_notify_event(self, **payload: Any) -> Any:
        self.network.note(self.id, "NotifyEvent", payload)
        return result201.NotifyEvent()

    @on("FirmwareStatusNotification")
    def on_firmware(self, **payload: Any) -> Any:
        self.network.note(self.id, "FirmwareStatusNotification", payload)
        return result201.FirmwareStatusNotification()

    @on("LogStatusNotification")
    def on_log(self, **payload: Any) -> Any:
        self.network.note(self.id, "LogStatusNotification", payload)
        return result201.LogStatusNotification()

    @on("ReportChargingProfiles")
    def on_profiles(self, **payload: Any) -> Any:
        self.network.note(self.id, "ReportChargingProfiles", payload)
        return result201.ReportChargingProfiles()


@asynccontextmanager
async def running() -> AsyncIterator[Network]:
    """A network that listens on loopback."""
    network = Network()

    async def talk(socket: ServerConnection) -> None:
        request = socket.request
        assert request is not None
        identity = request.path.rsplit("/", 1)[-1]
        network.headers[identity] = request.headers.get("Authorization", "")
        peer: Any = (Peer16 if socket.subprotocol == "ocpp1.6" else Peer201)(identity, socket)
        peer.network = network
        network.peers[identity], network.sockets[identity] = peer, socket
        if network.closed:
            return
        with suppress(ConnectionClosed):
            await peer.start()

    protocols = [Subprotocol("ocpp1.6"), Subprotocol("ocpp2.0.1")]
    async with serve(talk, "127.0.0.1", 0, subprotocols=protocols) as server:
        port = server.sockets[0].getsockname()[1]
        network.url = f"ws://127.0.0.1:{port}/ocpp"
        yield network
