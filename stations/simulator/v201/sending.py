"""What a 2.0.1 charging station tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from ocpp.v201 import ChargePoint, call

from stations.simulator.clock import stamp
from stations.simulator.meters import Shown
from stations.simulator.station import SimStation
from stations.simulator.wire import CONTEXTS, Booted, Measured, Transaction

_STATUS: Final = {
    "Available": "Available",
    "Reserved": "Reserved",
    "Unavailable": "Unavailable",
    "Faulted": "Faulted",
}
"""1.6 words that 2.0.1 has too; all others are Occupied."""

# 1.6 reason of a stop: (2.0.1 stoppedReason, triggerReason)
_REASONS: Final = {
    "Local": ("Local", "StopAuthorized"),
    "EVDisconnected": ("EVDisconnected", "EVCommunicationLost"),
    "Remote": ("Remote", "RemoteStop"),
    "DeAuthorized": ("DeAuthorized", "Deauthorized"),
    "UnlockCommand": ("Other", "UnlockCommand"),
    "SoftReset": ("ImmediateReset", "ResetCommand"),
    "HardReset": ("ImmediateReset", "ResetCommand"),
    "PowerLoss": ("PowerLoss", "AbnormalCondition"),
    "Other": ("Other", "AbnormalCondition"),
}


class Sending201(ChargePoint):
    """Messages from the station; implements ``Wire``."""

    station: SimStation

    async def ask(self, payload: Any) -> Any:
        """Send a call and return its answer. Raises OCPPError when refused, TimeoutError
        without an answer."""
        lean = self.station.world.lean
        return await self.call(payload, suppress=False, skip_schema_validation=lean)

    async def boot(self, reason: str) -> Booted:
        """BootNotification."""
        spec = self.station.spec
        answer = await self.ask(
            call.BootNotification(
                charging_station={
                    "model": spec.model[:20],
                    "vendor_name": spec.vendor[:50],
                    "serial_number": spec.serial_number[:25],
                    "firmware_version": self.station.firmware_version,
                },
                reason=reason,
            )
        )
        return Booted(answer.status == "Accepted", int(answer.interval))

    async def heartbeat(self) -> None:
        """Heartbeat."""
        await self.ask(call.Heartbeat())

    async def status(self, evse: int, status: str, error: str, info: str, at: datetime) -> None:
        """StatusNotification of every connector; a fault also as an event of its EVSE."""
        known = self.station.evses.get(evse)
        for connector in range(1, (known.spec.connectors if known else 1) + 1):
            await self.ask(
                call.StatusNotification(
                    timestamp=stamp(at),
                    connector_status=_STATUS.get(status, "Occupied"),
                    evse_id=evse,
                    connector_id=connector,
                )
            )
        if status == "Faulted":
            await self._problem(evse, error, info, at)

    async def _problem(self, evse: int, error: str, info: str, at: datetime) -> None:
        event = {
            "event_id": self.station.rng.getrandbits(30),
            "timestamp": stamp(at),
            "trigger": "Alerting",
            "actual_value": "true",
            "tech_code": error[:50],
            "tech_info": info[:500],
            "event_notification_type": "HardWiredNotification",
            "component": {"name": "EVSE", "evse": {"id": evse}},
            "variable": {"name": "Problem"},
        }
        await self.ask(call.NotifyEvent(generated_at=stamp(at), seq_no=0, event_data=[event]))

    async def authorize(self, id_token: str) -> bool:
        """Authorize."""
        answer = await self.ask(call.Authorize(id_token=token(id_token)))
        return bool(answer.id_token_info["status"] == "Accepted")

    async def begin(self, tx: Transaction, at: datetime, *, offline: bool) -> bool:
        """TransactionEvent Started."""
        remote = tx.remote_start_id is not None
        info: dict[str, Any] = {"transaction_id": tx.id, "charging_state": "EVConnected"}
        if remote:
            info["remote_start_id"] = tx.remote_start_id
        register = Shown(str(tx.belief.meter_start_wh), "Wh")
        answer = await self.ask(
            call.TransactionEvent(
                event_type="Started",
                timestamp=stamp(at),
                trigger_reason="RemoteStart" if remote else "Authorized",
                seq_no=tx.next_seq(),
                transaction_info=info,
                meter_value=[_meter_value(at, register, "Transaction.Begin")],
                offline=offline or None,
                reservation_id=tx.reservation_id,
                evse={"id": tx.evse, "connector_id": tx.connector},
                id_token=token(tx.id_token),
            )
        )
        judged = answer.id_token_info
        return judged is None or bool(judged["status"] == "Accepted")

    async def progress(
        self, tx: Transaction, measured: Measured, trigger: str, *, offline: bool
    ) -> None:
        """TransactionEvent Updated."""
        info: dict[str, Any] = {"transaction_id": tx.id}
        if trigger == "ChargingStateChanged":
            info["charging_state"] = tx.charging_state
        samples = sampled(measured, CONTEXTS.get(trigger, "Sample.Periodic"))
        value = {"timestamp": stamp(measured.at), "sampled_value": samples}
        await self.ask(
            call.TransactionEvent(
                event_type="Updated",
                timestamp=stamp(measured.at),
                trigger_reason=trigger,
                seq_no=tx.next_seq(),
                transaction_info=info,
                meter_value=[value] if samples else None,
                offline=offline or None,
                evse={"id": tx.evse, "connector_id": tx.connector},
            )
        )

    async def reading(self, evse: int, measured: Measured) -> None:
        """MeterValues outside any session."""
        value = {"timestamp": stamp(measured.at), "sampled_value": sampled(measured, "Trigger")}
        await self.ask(call.MeterValues(evse_id=evse, meter_value=[value]))

    async def end(self, tx: Transaction, at: datetime, reason: str, *, offline: bool) -> None:
        """TransactionEvent Ended."""
        stopped, trigger = _REASONS.get(reason, _REASONS["Other"])
        register = Shown(str(tx.belief.meter_stop_wh or 0), "Wh")
        await self.ask(
            call.TransactionEvent(
                event_type="Ended",
                timestamp=stamp(at),
                trigger_reason=trigger,
                seq_no=tx.next_seq(),
                transaction_info={"transaction_id": tx.id, "stopped_reason": stopped},
                meter_value=[_meter_value(at, register, "Transaction.End")],
                offline=offline or None,
                evse={"id": tx.evse, "connector_id": tx.connector},
                id_token=token(tx.id_token) if reason == "Local" else None,
            )
        )

    async def firmware_status(self, status: str, request_id: int | None) -> None:
        """FirmwareStatusNotification."""
        await self.ask(call.FirmwareStatusNotification(status=status, request_id=request_id))

    async def log_status(self, status: str, request_id: int | None) -> None:
        """LogStatusNotification."""
        await self.ask(call.LogStatusNotification(status=status, request_id=request_id))


def token(id_token: str) -> dict[str, str]:
    """An id token with the type that its form suggests."""
    is_card = len(id_token) in (8, 14, 20) and all(c in "0123456789ABCDEFabcdef" for c in id_token)
    return {"id_token": id_token[:36], "type": "ISO14443" if is_card else "Central"}


def _meter_value(at: datetime, register: Shown, context: str) -> dict[str, Any]:
    return {"timestamp": stamp(at), "sampled_value": [_register(register, context)]}


def _register(register: Shown, context: str) -> dict[str, Any]:
    return {
        "value": float(register.text),
        "context": context,
        "measurand": "Energy.Active.Import.Register",
        "unit_of_measure": {"unit": register.unit},
    }


def sampled(measured: Measured, context: str) -> list[dict[str, Any]]:
    """Sampled values of one reading; on the clock only the register."""
    values: list[dict[str, Any]] = []
    if measured.register:
        values.append(_register(measured.register, context))
    if context == "Sample.Clock":
        return values
    power = {"value": measured.power_w, "context": context, "measurand": "Power.Active.Import"}
    values.append({**power, "unit_of_measure": {"unit": "W"}})
    phases = ("L1", "L2", "L3") if len(measured.current_a) > 1 else (None,)
    for phase, current in zip(phases, measured.current_a, strict=True):
        sample = {"value": current, "context": context, "measurand": "Current.Import"}
        sample["unit_of_measure"] = {"unit": "A"}
        values.append({**sample, "phase": phase} if phase else sample)
    if measured.soc_percent is not None:
        soc = {"value": measured.soc_percent, "context": context, "measurand": "SoC"}
        values.append({**soc, "unit_of_measure": {"unit": "Percent"}})
    return values
