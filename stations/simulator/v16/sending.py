"""What a 1.6 charge point tells (OCPP 1.6 §4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ocpp.v16 import ChargePoint, call

from stations.simulator.clock import stamp
from stations.simulator.station import SimStation
from stations.simulator.wire import CONTEXTS, Booted, Measured, Transaction


class Sending16(ChargePoint):
    """Messages from the station; implements ``Wire``."""

    station: SimStation

    async def ask(self, payload: Any) -> Any:
        """Send a call and return its answer. Raises OCPPError when refused, TimeoutError
        without an answer."""
        lean = self.station.world.lean
        return await self.call(payload, suppress=False, skip_schema_validation=lean)

    async def boot(self, reason: str) -> Booted:
        """BootNotification; 1.6 knows no reason."""
        del reason
        spec = self.station.spec
        answer = await self.ask(
            call.BootNotification(
                charge_point_model=spec.model[:20],
                charge_point_vendor=spec.vendor[:20],
                charge_point_serial_number=spec.serial_number[:25],
                firmware_version=self.station.firmware_version,
                meter_type="SIM-M3",
            )
        )
        return Booted(answer.status == "Accepted", int(answer.interval))

    async def heartbeat(self) -> None:
        """Heartbeat."""
        await self.ask(call.Heartbeat())

    async def status(self, evse: int, status: str, error: str, info: str, at: datetime) -> None:
        """StatusNotification."""
        await self.ask(
            call.StatusNotification(
                connector_id=evse,
                error_code=error,
                status=status,
                timestamp=stamp(at),
                info=info[:50] or None,
            )
        )

    async def authorize(self, id_token: str) -> bool:
        """Authorize."""
        answer = await self.ask(call.Authorize(id_tag=id_token[:20]))
        return bool(answer.id_tag_info["status"] == "Accepted")

    async def begin(self, tx: Transaction, at: datetime, *, offline: bool) -> bool:
        """StartTransaction; takes the transaction id from the answer."""
        del offline
        answer = await self.ask(
            call.StartTransaction(
                connector_id=tx.evse,
                id_tag=tx.id_token[:20],
                meter_start=tx.belief.meter_start_wh,
                timestamp=stamp(at),
                reservation_id=tx.reservation_id,
            )
        )
        tx.id = int(answer.transaction_id)
        return bool(answer.id_tag_info["status"] == "Accepted")

    async def progress(
        self, tx: Transaction, measured: Measured, trigger: str, *, offline: bool
    ) -> None:
        """MeterValues. A start that was refused for good leaves no id; then nothing is sent."""
        del offline
        if tx.id is None:
            return
        await self.ask(
            call.MeterValues(
                connector_id=tx.evse,
                transaction_id=int(tx.id),
                meter_value=[_meter_value(measured, trigger)],
            )
        )

    async def reading(self, evse: int, measured: Measured) -> None:
        """MeterValues without a transaction."""
        value = _meter_value(measured, "Trigger")
        await self.ask(call.MeterValues(connector_id=evse, meter_value=[value]))

    async def end(self, tx: Transaction, at: datetime, reason: str, *, offline: bool) -> None:
        """StopTransaction."""
        del offline
        if tx.id is None:
            return
        await self.ask(
            call.StopTransaction(
                meter_stop=tx.belief.meter_stop_wh or 0,
                timestamp=stamp(at),
                transaction_id=int(tx.id),
                reason=reason,
                id_tag=tx.id_token[:20] if reason == "Local" else None,
            )
        )

    async def firmware_status(self, status: str, request_id: int | None) -> None:
        """FirmwareStatusNotification."""
        del request_id
        await self.ask(call.FirmwareStatusNotification(status=status))

    async def log_status(self, status: str, request_id: int | None) -> None:
        """DiagnosticsStatusNotification, or LogStatusNotification where a request id asked."""
        if request_id is None:
            word = "UploadFailed" if status == "UploadFailure" else status
            await self.ask(call.DiagnosticsStatusNotification(status=word))
        else:
            await self.ask(call.LogStatusNotification(status=status, request_id=request_id))


def _meter_value(measured: Measured, trigger: str) -> dict[str, Any]:
    context = CONTEXTS.get(trigger, "Sample.Periodic")
    return {"timestamp": stamp(measured.at), "sampled_value": samples(measured, context)}


def samples(measured: Measured, context: str) -> list[dict[str, str]]:
    """Sampled values of one reading; on the clock only the register."""
    values: list[dict[str, str]] = []
    if measured.register:
        values.append(
            {
                "value": measured.register.text,
                "measurand": "Energy.Active.Import.Register",
                "unit": measured.register.unit,
                "context": context,
            }
        )
    if context == "Sample.Clock":
        return values
    power = {"value": f"{measured.power_w:.1f}", "measurand": "Power.Active.Import", "unit": "W"}
    values.append(power)
    phases = ("L1", "L2", "L3") if len(measured.current_a) > 1 else (None,)
    for phase, current in zip(phases, measured.current_a, strict=True):
        sample = {"value": f"{current:.1f}", "measurand": "Current.Import", "unit": "A"}
        values.append({**sample, "phase": phase} if phase else sample)
    if measured.soc_percent is not None:
        values.append(
            {"value": f"{measured.soc_percent:.0f}", "measurand": "SoC", "unit": "Percent"}
        )
    return values
