"""A 2.0.1 charging station: local lists, reservations, charging profiles."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ocpp.v201 import call, call_result

from stations.simulator.clock import stamp
from stations.simulator.orders import Orders, hold_from
from stations.simulator.profiles import VOLTAGE_V, Profile, parse_profile
from stations.simulator.routing import after, on
from stations.simulator.v201.sending import Sending201


class Planning201(Sending201):
    """Orders about who may charge, when and how fast."""

    orders: Orders

    @on("GetLocalListVersion")
    def on_get_local_list_version(self, **_: Any) -> Any:
        """Version of the local list; 0 when empty (D02)."""
        version = self.station.memory.local_list_version
        return call_result.GetLocalListVersion(version_number=version)

    @on("SendLocalList")
    def on_send_local_list(
        self,
        version_number: int,
        update_type: str,
        local_authorization_list: list[dict[str, Any]] | None = None,
        **_: Any,
    ) -> Any:
        """Take over a full or differential list (D01)."""
        entries = [
            (entry["id_token"]["id_token"], (entry.get("id_token_info") or {}).get("status"))
            for entry in local_authorization_list or []
        ]
        status = self.orders.update_local_list(
            version_number, differential=update_type == "Differential", entries=entries
        )
        return call_result.SendLocalList(status=status)

    @on("ReserveNow")
    def on_reserve_now(
        self,
        id: int,
        expiry_date_time: str,
        id_token: dict[str, Any],
        evse_id: int | None = None,
        group_id_token: dict[str, Any] | None = None,
        **_: Any,
    ) -> Any:
        """Keep an EVSE for a token (H01); without one named, the first free one."""
        group = (group_id_token or {}).get("id_token")
        hold = hold_from(id, id_token["id_token"], group, expiry_date_time)
        numbers = [evse_id] if evse_id is not None else list(self.station.evses)
        answers = []
        for number in numbers:
            answers.append(self.orders.reserve(number, hold))
            if answers[-1] == "Accepted":
                break
        return call_result.ReserveNow(status=answers[-1])

    @on("CancelReservation")
    def on_cancel_reservation(self, reservation_id: int, **_: Any) -> Any:
        """Give the EVSE free (H02)."""
        found = self.orders.cancel_reservation(reservation_id)
        return call_result.CancelReservation(status="Accepted" if found else "Rejected")

    @on("SetChargingProfile")
    def on_set_charging_profile(
        self, evse_id: int, charging_profile: dict[str, Any], **_: Any
    ) -> Any:
        """Install a profile (K01)."""
        try:
            accepted = self.orders.set_profile(parse_profile(evse_id, charging_profile))
        except (KeyError, ValueError):
            accepted = False
        return call_result.SetChargingProfile(status="Accepted" if accepted else "Rejected")

    @on("ClearChargingProfile")
    def on_clear_charging_profile(
        self,
        charging_profile_id: int | None = None,
        charging_profile_criteria: dict[str, Any] | None = None,
        **_: Any,
    ) -> Any:
        """Remove profiles that match (K10)."""
        criteria = charging_profile_criteria or {}
        cleared = self.orders.clear_profiles(
            charging_profile_id,
            criteria.get("evse_id"),
            criteria.get("charging_profile_purpose"),
            criteria.get("stack_level"),
        )
        return call_result.ClearChargingProfile(status="Accepted" if cleared else "Unknown")

    @on("GetChargingProfiles")
    def on_get_charging_profiles(
        self, charging_profile: dict[str, Any], evse_id: int | None = None, **_: Any
    ) -> Any:
        """Promise a report of profiles (K09)."""
        found = self._matching(charging_profile, evse_id)
        return call_result.GetChargingProfiles(status="Accepted" if found else "NoProfiles")

    @after("GetChargingProfiles")
    def after_get_charging_profiles(
        self,
        request_id: int,
        charging_profile: dict[str, Any],
        evse_id: int | None = None,
        **_: Any,
    ) -> None:
        """Send one report per EVSE."""
        found = self._matching(charging_profile, evse_id)
        places = sorted({profile.evse for profile in found})
        for place in places:
            message = call.ReportChargingProfiles(
                request_id=request_id,
                charging_limit_source="CSO",
                charging_profile=[dict(p.raw) for p in found if p.evse == place],
                evse_id=place,
                tbc=place != places[-1],
            )
            self.station.tell(partial(self._send_report, message))

    async def _send_report(self, message: Any, _wire: Any) -> None:
        await self.ask(message)

    def _matching(self, criteria: dict[str, Any], evse_id: int | None) -> list[Profile]:
        return list(_filtered(self.station.memory.profiles, criteria, evse_id))

    @on("GetCompositeSchedule")
    def on_get_composite_schedule(
        self, duration: int, evse_id: int, charging_rate_unit: str | None = None, **_: Any
    ) -> Any:
        """What all profiles together allow (K08)."""
        steps = self.orders.schedule(evse_id, duration)
        if steps is None:
            return call_result.GetCompositeSchedule(status="Rejected")
        unit = charging_rate_unit or "W"
        divisor = VOLTAGE_V * 3 if unit == "A" else 1
        periods = [
            {"start_period": second, "limit": round(power / divisor, 1)} for second, power in steps
        ]
        return call_result.GetCompositeSchedule(
            status="Accepted",
            schedule={
                "evse_id": evse_id,
                "duration": duration,
                "schedule_start": stamp(self.station.now()),
                "charging_rate_unit": unit,
                "charging_schedule_period": periods,
            },
        )


def _filtered(
    profiles: Iterable[Profile], criteria: dict[str, Any], evse_id: int | None
) -> Iterable[Profile]:
    """Profiles that meet all given criteria."""
    numbers = criteria.get("charging_profile_id")
    purpose = criteria.get("charging_profile_purpose")
    level = criteria.get("stack_level")
    for profile in profiles:
        if (
            (evse_id is None or profile.evse == evse_id)
            and (not numbers or profile.number in numbers)
            and (purpose is None or profile.purpose == purpose)
            and (level is None or profile.stack_level == level)
        ):
            yield profile
