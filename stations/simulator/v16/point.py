"""A 1.6 charge point: orders about sessions, availability and itself (OCPP 1.6 §5)."""

from __future__ import annotations

import logging
from typing import Any

from ocpp.v16 import call_result

from stations.simulator.orders import Orders
from stations.simulator.routing import after, on
from stations.simulator.settings_v16 import WRITE_ONLY, change_key
from stations.simulator.station import SimStation
from stations.simulator.v16.planning import Planning16

LOGGER = logging.getLogger("stations.simulator.wire")
_TRIGGERS = frozenset(
    {
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "StatusNotification",
    }
)


class Point16(Planning16):
    """One connection of one station."""

    def __init__(self, station: SimStation, socket: Any) -> None:
        super().__init__(
            station.spec.identity,
            socket,
            response_timeout=station.world.scenario.response_timeout_s,
            logger=LOGGER,
        )
        self.station = station
        self.orders = Orders(station)

    @on("RemoteStartTransaction")
    def on_remote_start(self, id_tag: str, connector_id: int | None = None, **_: Any) -> Any:
        """Begin a session as if the token were presented (§5.11)."""
        accepted = self.orders.remote_start(connector_id, id_tag, None)
        return call_result.RemoteStartTransaction(status="Accepted" if accepted else "Rejected")

    @on("RemoteStopTransaction")
    def on_remote_stop(self, transaction_id: int, **_: Any) -> Any:
        """End a session of this station."""
        accepted = self.orders.remote_stop(str(transaction_id))
        return call_result.RemoteStopTransaction(status="Accepted" if accepted else "Rejected")

    @on("UnlockConnector")
    def on_unlock(self, connector_id: int, **_: Any) -> Any:
        """Unlock a cable."""
        return call_result.UnlockConnector(status=self.orders.unlock(connector_id))

    @on("Reset")
    def on_reset(self, **_: Any) -> Any:
        """Always willing; the restart follows the answer."""
        return call_result.Reset(status="Accepted")

    @after("Reset")
    def after_reset(self, type: str, **_: Any) -> None:
        """Restart."""
        self.orders.reset(hard=type == "Hard")

    @on("ChangeAvailability")
    def on_change_availability(self, connector_id: int, type: str, **_: Any) -> Any:
        """Take connectors in or out of use."""
        status = self.orders.change_availability(connector_id, operative=type == "Operative")
        return call_result.ChangeAvailability(status=status)

    @on("GetConfiguration")
    def on_get_configuration(self, key: list[str] | None = None, **_: Any) -> Any:
        """Configuration keys; secrets are write-only."""
        keys = self.station.memory.keys
        wanted = {name.lower() for name in key} if key else {name.lower() for name in keys}
        shown = [
            {"key": name, "readonly": read_only, "value": value}
            for name, (value, read_only) in keys.items()
            if name.lower() in wanted and name not in WRITE_ONLY
        ]
        unknown = [name for name in key or [] if name.lower() not in {k.lower() for k in keys}]
        return call_result.GetConfiguration(
            configuration_key=shown or None, unknown_key=unknown or None
        )

    @on("ChangeConfiguration")
    def on_change_configuration(self, key: str, value: str, **_: Any) -> Any:
        """Set a key."""
        status = change_key(self.station.memory.keys, key, value)
        return call_result.ChangeConfiguration(status=status)

    @on("ClearCache")
    def on_clear_cache(self, **_: Any) -> Any:
        """There is no cache to keep."""
        return call_result.ClearCache(status="Accepted")

    @on("DataTransfer")
    def on_data_transfer(self, vendor_id: str, **_: Any) -> Any:
        """Only the own vendor is known."""
        known = vendor_id == self.station.spec.vendor
        return call_result.DataTransfer(status="Accepted" if known else "UnknownVendorId")

    @on("TriggerMessage")
    def on_trigger(self, requested_message: str, connector_id: int | None = None, **_: Any) -> Any:
        """Say whether the message can be sent."""
        return call_result.TriggerMessage(status=self._can_send(requested_message, connector_id))

    @after("TriggerMessage")
    def after_trigger(
        self, requested_message: str, connector_id: int | None = None, **_: Any
    ) -> None:
        """Send it."""
        if self._can_send(requested_message, connector_id) == "Accepted":
            self._send_asked(requested_message, connector_id)

    @on("ExtendedTriggerMessage")
    def on_extended_trigger(
        self, requested_message: str, connector_id: int | None = None, **_: Any
    ) -> Any:
        """As TriggerMessage (security white paper)."""
        status = self._can_send(requested_message, connector_id)
        return call_result.ExtendedTriggerMessage(status=status)

    @after("ExtendedTriggerMessage")
    def after_extended_trigger(
        self, requested_message: str, connector_id: int | None = None, **_: Any
    ) -> None:
        """Send it."""
        if self._can_send(requested_message, connector_id) == "Accepted":
            self._send_asked(requested_message, connector_id)

    def _can_send(self, message: str, connector_id: int | None) -> str:
        if message not in _TRIGGERS:
            return "NotImplemented"
        known = connector_id is None or connector_id in self.station.evses
        return "Accepted" if known else "Rejected"

    def _send_asked(self, message: str, connector_id: int | None) -> None:
        station = self.station
        if message == "BootNotification":
            station.tell(lambda wire: wire.boot("Triggered"))
        elif message == "Heartbeat":
            station.tell(lambda wire: wire.heartbeat())
        elif message == "FirmwareStatusNotification":
            station.tell(lambda wire: wire.firmware_status("Idle", None))
        elif message == "DiagnosticsStatusNotification":
            station.tell(lambda wire: wire.log_status("Idle", None))
        elif message == "LogStatusNotification":
            station.tell(lambda wire: wire.log_status("Idle", 0))
        else:
            numbers = [connector_id] if connector_id is not None else list(station.evses)
            for number in numbers:
                if message == "StatusNotification":
                    station.tell_status(number)
                else:
                    station.report_now(number)

    @on("GetDiagnostics")
    def on_get_diagnostics(self, location: str, **_: Any) -> Any:
        """Begin an upload."""
        return call_result.GetDiagnostics(file_name=self.orders.upload_log(None, location))

    @on("GetLog")
    def on_get_log(self, request_id: int, log: dict[str, Any], **_: Any) -> Any:
        """Begin an upload (security white paper)."""
        name = self.orders.upload_log(request_id, log["remote_location"])
        return call_result.GetLog(status="Accepted", filename=name)

    @on("UpdateFirmware")
    def on_update_firmware(self, location: str, retrieve_date: str, **_: Any) -> Any:
        """Begin an update."""
        self.orders.update_firmware(None, location, retrieve_date)
        return call_result.UpdateFirmware()
