"""A 2.0.1 charging station: orders about sessions, availability and itself."""

from __future__ import annotations

import logging
from typing import Any

from ocpp.v201 import call_result

from stations.simulator.orders import Orders
from stations.simulator.profiles import parse_profile
from stations.simulator.routing import after, on
from stations.simulator.station import SimStation
from stations.simulator.v201.variables import Variables201

LOGGER = logging.getLogger("stations.simulator.wire")
_TRIGGERS = frozenset(
    {
        "BootNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "StatusNotification",
        "TransactionEvent",
    }
)


class Point201(Variables201):
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

    @on("RequestStartTransaction")
    def on_request_start(
        self,
        id_token: dict[str, Any],
        remote_start_id: int,
        evse_id: int | None = None,
        charging_profile: dict[str, Any] | None = None,
        **_: Any,
    ) -> Any:
        """Begin a session (F01, F02)."""
        accepted = self.orders.remote_start(evse_id, id_token["id_token"], remote_start_id)
        if accepted and charging_profile:
            self._install_with_start(evse_id, charging_profile)
        return call_result.RequestStartTransaction(status="Accepted" if accepted else "Rejected")

    def _install_with_start(self, evse_id: int | None, raw: dict[str, Any]) -> None:
        try:
            profile = parse_profile(evse_id or 0, raw)
        except (KeyError, ValueError):
            return
        self.station.memory.profiles.append(profile)

    @on("RequestStopTransaction")
    def on_request_stop(self, transaction_id: str, **_: Any) -> Any:
        """End a session of this station (F03)."""
        accepted = self.orders.remote_stop(transaction_id)
        return call_result.RequestStopTransaction(status="Accepted" if accepted else "Rejected")

    @on("GetTransactionStatus")
    def on_get_transaction_status(self, transaction_id: str | None = None, **_: Any) -> Any:
        """Whether a session goes on and messages wait (E14)."""
        waiting = len(self.station.outbox) > 0
        if transaction_id is None:
            return call_result.GetTransactionStatus(messages_in_queue=waiting)
        running = {str(evse.tx.id) for evse in self.station.evses.values() if evse.tx}
        return call_result.GetTransactionStatus(
            messages_in_queue=waiting, ongoing_indicator=transaction_id in running
        )

    @on("UnlockConnector")
    def on_unlock(self, evse_id: int, connector_id: int, **_: Any) -> Any:
        """Unlock a cable (F05); a session under way keeps it locked."""
        evse = self.station.evses.get(evse_id)
        if evse is None or connector_id > evse.spec.connectors:
            return call_result.UnlockConnector(status="UnknownConnector")
        if evse.tx is not None:
            return call_result.UnlockConnector(status="OngoingAuthorizedTransaction")
        unlocked = self.orders.unlock(evse_id) == "Unlocked"
        return call_result.UnlockConnector(status="Unlocked" if unlocked else "UnlockFailed")

    @on("Reset")
    def on_reset(self, type: str, evse_id: int | None = None, **_: Any) -> Any:
        """Restart the station (B11, B12); single EVSEs cannot be reset."""
        if evse_id is not None:
            return call_result.Reset(status="Rejected")
        running = any(evse.tx for evse in self.station.evses.values())
        scheduled = running and type == "OnIdle"
        return call_result.Reset(status="Scheduled" if scheduled else "Accepted")

    @after("Reset")
    def after_reset(self, type: str, evse_id: int | None = None, **_: Any) -> None:
        """Restart now, or when the last car has left."""
        if evse_id is not None:
            return
        if type == "OnIdle":
            self.orders.reset_when_idle()
        else:
            self.orders.reset(hard=True)

    @on("ChangeAvailability")
    def on_change_availability(
        self, operational_status: str, evse: dict[str, Any] | None = None, **_: Any
    ) -> Any:
        """Take EVSEs in or out of use (G03, G04)."""
        status = self.orders.change_availability(
            evse["id"] if evse else 0, operative=operational_status == "Operative"
        )
        return call_result.ChangeAvailability(status=status)

    @on("TriggerMessage")
    def on_trigger(
        self, requested_message: str, evse: dict[str, Any] | None = None, **_: Any
    ) -> Any:
        """Say whether the message can be sent (F06)."""
        return call_result.TriggerMessage(status=self._can_send(requested_message, evse))

    @after("TriggerMessage")
    def after_trigger(
        self, requested_message: str, evse: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Send it."""
        if self._can_send(requested_message, evse) != "Accepted":
            return
        station = self.station
        if requested_message == "BootNotification":
            station.tell(lambda wire: wire.boot("Triggered"))
        elif requested_message == "Heartbeat":
            station.tell(lambda wire: wire.heartbeat())
        elif requested_message == "FirmwareStatusNotification":
            station.tell(lambda wire: wire.firmware_status("Idle", None))
        elif requested_message == "LogStatusNotification":
            station.tell(lambda wire: wire.log_status("Idle", None))
        else:
            for number in [evse["id"]] if evse else list(station.evses):
                if requested_message == "StatusNotification":
                    station.tell_status(number)
                else:
                    station.report_now(number)

    def _can_send(self, message: str, evse: dict[str, Any] | None) -> str:
        if message not in _TRIGGERS:
            return "NotImplemented"
        return "Accepted" if evse is None or evse["id"] in self.station.evses else "Rejected"

    @on("GetLog")
    def on_get_log(self, request_id: int, log: dict[str, Any], **_: Any) -> Any:
        """Begin an upload (N01)."""
        name = self.orders.upload_log(request_id, log["remote_location"])
        return call_result.GetLog(status="Accepted", filename=name)

    @on("UpdateFirmware")
    def on_update_firmware(self, request_id: int, firmware: dict[str, Any], **_: Any) -> Any:
        """Begin an update (L01)."""
        self.orders.update_firmware(
            request_id, firmware["location"], firmware["retrieve_date_time"]
        )
        return call_result.UpdateFirmware(status="Accepted")

    @on("SetNetworkProfile")
    def on_set_network_profile(self, configuration_slot: int, **_: Any) -> Any:
        """Slots 1 to 3 can be written (B09)."""
        status = "Accepted" if 1 <= configuration_slot <= 3 else "Rejected"
        return call_result.SetNetworkProfile(status=status)

    @on("ClearCache")
    def on_clear_cache(self, **_: Any) -> Any:
        """There is no cache to keep."""
        return call_result.ClearCache(status="Accepted")

    @on("DataTransfer")
    def on_data_transfer(self, vendor_id: str, **_: Any) -> Any:
        """Only the own vendor is known."""
        known = vendor_id == self.station.spec.vendor
        return call_result.DataTransfer(status="Accepted" if known else "UnknownVendorId")
