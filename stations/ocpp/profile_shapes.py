"""Charging profiles in the spelling of either version (pure).

OCPP 1.6 §7.8 names the id ``chargingProfileId`` and has one schedule; 2.0.1 §2.10 names it
``id`` and has a list of up to three, each with an id of its own.
"""

from __future__ import annotations

from typing import Any, Final

_PURPOSES: Final = {"ChargePointMaxProfile": "ChargingStationMaxProfile"}
_PURPOSES_16: Final = {new: old for old, new in _PURPOSES.items()}


def is_16(profile: dict[str, Any]) -> bool:
    """Whether a profile is written as in 1.6: its schedule is one object."""
    return isinstance(profile.get("chargingSchedule"), dict)


def numbered(profile: dict[str, Any], number: int) -> dict[str, Any]:
    """The profile with ``number`` as its id on the wire."""
    name = "chargingProfileId" if is_16(profile) else "id"
    kept = {k: v for k, v in profile.items() if k not in ("id", "chargingProfileId")}
    return {name: number, **kept}


def own_number(profile: dict[str, Any]) -> Any:
    """The id that the profile itself names; None if it names none."""
    return profile.get("chargingProfileId", profile.get("id"))


def in_version(profile: dict[str, Any], version: str) -> dict[str, Any]:
    """The profile as ``version`` writes it. Of several schedules 1.6 gets the first."""
    if is_16(profile) == (version == "1.6"):
        return profile
    return _to_16(profile) if version == "1.6" else _to_2x(profile)


def _to_2x(profile: dict[str, Any]) -> dict[str, Any]:
    changed = dict(profile)
    number = changed.pop("chargingProfileId", 1)
    purpose = profile.get("chargingProfilePurpose")
    changed["chargingProfilePurpose"] = _PURPOSES.get(str(purpose), purpose)
    if "transactionId" in changed:
        changed["transactionId"] = str(changed["transactionId"])
    changed["chargingSchedule"] = [{"id": 1, **profile["chargingSchedule"]}]
    return {"id": number, **changed}


def _to_16(profile: dict[str, Any]) -> dict[str, Any]:
    changed = dict(profile)
    number = changed.pop("id", 1)
    purpose = profile.get("chargingProfilePurpose")
    changed["chargingProfilePurpose"] = _PURPOSES_16.get(str(purpose), purpose)
    transaction = changed.get("transactionId")
    if isinstance(transaction, str) and transaction.lstrip("-").isdecimal():
        changed["transactionId"] = int(transaction)
    schedules = profile.get("chargingSchedule") or [{}]
    changed["chargingSchedule"] = {k: v for k, v in schedules[0].items() if k in _SCHEDULE_16}
    return {"chargingProfileId": number, **changed}


_SCHEDULE_16: Final = frozenset(
    {
        "duration",
        "startSchedule",
        "chargingRateUnit",
        "chargingSchedulePeriod",
        "minChargingRate",
    }
)
