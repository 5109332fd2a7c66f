"""A 1.6 charge point: local lists, reservations, charging profiles (OCPP 1.6 §5)."""

from __future__ import annotations

from typing import Any

from ocpp.v16 import call_result

from stations.simulator.clock import stamp
from stations.simulator.orders import Orders, hold_from
from stations.simulator.profiles import VOLTAGE_V, parse_profile
from stations.simulator.routing import on
from stations.simulator.v16.sending import Sending16


class Planning16(Sending16):
    """Orders about who may charge, when and how fast."""

    orders: Orders

    @on("GetLocalListVersion")
    def on_get_local_list_version(self, **_: Any) -> Any:
        """Version of the local list; 0 when empty."""
        return call_result.GetLocalListVersion(list_version=self.station.memory.local_list_version)

    @on("SendLocalList")
    def on_send_local_list(
        self,
        list_version: int,
        update_type: str,
        local_authorization_list: list[dict[str, Any]] | None = None,
        **_: Any,
    ) -> Any:
        """Take over a full or differential list."""
        entries = [
            (entry["id_tag"], (entry.get("id_tag_info") or {}).get("status"))
            for entry in local_authorization_list or []
        ]
        status = self.orders.update_local_list(
            list_version, differential=update_type == "Differential", entries=entries
        )
        return call_result.SendLocalList(status=status)

    @on("ReserveNow")
    def on_reserve_now(
        self,
        connector_id: int,
        expiry_date: str,
        id_tag: str,
        reservation_id: int,
        parent_id_tag: str | None = None,
        **_: Any,
    ) -> Any:
        """Keep a connector for a token."""
        hold = hold_from(reservation_id, id_tag, parent_id_tag, expiry_date)
        return call_result.ReserveNow(status=self.orders.reserve(connector_id, hold))

    @on("CancelReservation")
    def on_cancel_reservation(self, reservation_id: int, **_: Any) -> Any:
        """Give the connector free."""
        found = self.orders.cancel_reservation(reservation_id)
        return call_result.CancelReservation(status="Accepted" if found else "Rejected")

    @on("SetChargingProfile")
    def on_set_charging_profile(
        self, connector_id: int, cs_charging_profiles: dict[str, Any], **_: Any
    ) -> Any:
        """Install a profile."""
        try:
            accepted = self.orders.set_profile(parse_profile(connector_id, cs_charging_profiles))
        except (KeyError, ValueError):
            accepted = False
        return call_result.SetChargingProfile(status="Accepted" if accepted else "Rejected")

    @on("ClearChargingProfile")
    def on_clear_charging_profile(
        self,
        id: int | None = None,
        connector_id: int | None = None,
        charging_profile_purpose: str | None = None,
        stack_level: int | None = None,
        **_: Any,
    ) -> Any:
        """Remove profiles that match."""
        cleared = self.orders.clear_profiles(
            id, connector_id, charging_profile_purpose, stack_level
        )
        return call_result.ClearChargingProfile(status="Accepted" if cleared else "Unknown")

    @on("GetCompositeSchedule")
    def on_get_composite_schedule(
        self,
        connector_id: int,
        duration: int,
        charging_rate_unit: str | None = None,
        **_: Any,
    ) -> Any:
        """What all profiles together allow."""
        steps = self.orders.schedule(connector_id, duration)
        if steps is None:
            return call_result.GetCompositeSchedule(status="Rejected")
        unit = charging_rate_unit or "W"
        divisor = VOLTAGE_V * 3 if unit == "A" else 1
        now = stamp(self.station.now())
        periods = [
            {"start_period": second, "limit": round(power / divisor, 1)} for second, power in steps
        ]
        return call_result.GetCompositeSchedule(
            status="Accepted",
            connector_id=connector_id,
            schedule_start=now,
            charging_schedule={
                "duration": duration,
                "start_schedule": now,
                "charging_rate_unit": unit,
                "charging_schedule_period": periods,
            },
        )
