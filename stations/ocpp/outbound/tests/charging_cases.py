"""Commands of charging profiles in every version: parameters in, action and payload out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

AT_WIRE = "2026-03-01T12:00:00.000Z"
PROFILE = {
    "id": 5,
    "purpose": "tx_default",
    "unit": "A",
    "stack_level": 2,
    "start_at": "2026-03-01T13:00:00+01:00",
    "duration_s": 3600,
    "periods": [
        {"start_s": 0, "limit": Decimal("16.19"), "phases": 3},
        {"start_s": 60, "limit": 0},
    ],
}

CHARGING_CASES: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    (
        "1.6",
        "set_charging_profile",
        {"evse": 1, "profile": PROFILE},
        "SetChargingProfile",
        {
            "connectorId": 1,
            "csChargingProfiles": {
                "chargingProfileId": 5,
                "stackLevel": 2,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "startSchedule": AT_WIRE,
                    "duration": 3600,
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [
                        {"startPeriod": 0, "limit": 16.1, "numberPhases": 3},
                        {"startPeriod": 60, "limit": 0},
                    ],
                },
            },
        },
    ),
    (
        "1.6",
        "clear_charging_profile",
        {"purpose": "station_max", "stack_level": 1},
        "ClearChargingProfile",
        {"chargingProfilePurpose": "ChargePointMaxProfile", "stackLevel": 1},
    ),
    (
        "2.0.1",
        "clear_charging_profile",
        {"profile_id": 5},
        "ClearChargingProfile",
        {"chargingProfileId": 5},
    ),
    (
        "2.0.1",
        "clear_charging_profile",
        {"evse": 1, "purpose": "station_max"},
        "ClearChargingProfile",
        {
            "chargingProfileCriteria": {
                "evseId": 1,
                "chargingProfilePurpose": "ChargingStationMaxProfile",
            }
        },
    ),
    (
        "2.0.1",
        "get_charging_profiles",
        {"request_id": 2, "profile_ids": [5]},
        "GetChargingProfiles",
        {"requestId": 2, "chargingProfile": {"chargingProfileId": [5]}},
    ),
    (
        "1.6",
        "get_composite_schedule",
        {"evse": 1, "duration_s": 60, "unit": "W"},
        "GetCompositeSchedule",
        {"connectorId": 1, "duration": 60, "chargingRateUnit": "W"},
    ),
]
