"""Commands that set, clear and ask for charging profiles."""

from __future__ import annotations

from stations.ocpp.outbound.command import NEWER, Command, Parameter, Payload, Values
from stations.ocpp.outbound.members import EVSE, is_older, payload
from stations.ocpp.outbound.profiles import (
    PURPOSE_ALIASES,
    PURPOSES,
    profile_payload,
    purpose_name,
)

_PURPOSE = Parameter(
    "purpose", "choice", "What the profiles limit", choices=PURPOSES, aliases=PURPOSE_ALIASES
)
_STACK_LEVEL = Parameter("stack_level", "integer", "Stack level of the profiles")


def _set(values: Values, version: str) -> tuple[str, Payload]:
    profile = profile_payload(values["profile"], version)
    place = values.get("evse", 0)
    if is_older(version):
        return "SetChargingProfile", {"connectorId": place, "csChargingProfiles": profile}
    return "SetChargingProfile", {"evseId": place, "chargingProfile": profile}


def _clear(values: Values, version: str) -> tuple[str, Payload]:
    purpose = purpose_name(values.get("purpose"), version)
    if is_older(version):
        return "ClearChargingProfile", payload(
            id=values.get("profile_id"),
            connectorId=values.get("evse"),
            chargingProfilePurpose=purpose,
            stackLevel=values.get("stack_level"),
        )
    criteria = payload(
        evseId=values.get("evse"),
        chargingProfilePurpose=purpose,
        stackLevel=values.get("stack_level"),
    )
    return "ClearChargingProfile", payload(
        chargingProfileId=values.get("profile_id"), chargingProfileCriteria=criteria or None
    )


def _get(values: Values, version: str) -> tuple[str, Payload]:
    """All profiles are meant when nothing narrows them; OCPP wants the object still."""
    criteria = payload(
        chargingProfilePurpose=purpose_name(values.get("purpose"), version),
        stackLevel=values.get("stack_level"),
        chargingProfileId=values.get("profile_ids") or None,
        chargingLimitSource=values.get("limit_sources") or None,
    )
    return "GetChargingProfiles", payload(
        requestId=values["request_id"], evseId=values.get("evse"), chargingProfile=criteria
    )


def _composite(values: Values, version: str) -> tuple[str, Payload]:
    place = {"connectorId" if is_older(version) else "evseId": values.get("evse", 0)}
    return "GetCompositeSchedule", place | payload(
        duration=values["duration_s"], chargingRateUnit=values.get("unit")
    )


COMMANDS = (
    Command(
        "set_charging_profile",
        "Set a charging profile",
        (Parameter("profile", "object", "The profile", required=True), EVSE),
        _set,
    ),
    Command(
        "clear_charging_profile",
        "Clear charging profiles",
        (
            Parameter("profile_id", "integer", "Number of one profile"),
            EVSE,
            _PURPOSE,
            _STACK_LEVEL,
        ),
        _clear,
    ),
    Command(
        "get_charging_profiles",
        "Ask for charging profiles",
        (
            Parameter("request_id", "integer", "Number of the report", required=True),
            EVSE,
            _PURPOSE,
            _STACK_LEVEL,
            Parameter("profile_ids", "list", "Numbers of profiles"),
            Parameter("limit_sources", "list", "EMS, Other, SO or CSO"),
        ),
        _get,
        versions=NEWER,
    ),
    Command(
        "get_composite_schedule",
        "Ask for the schedule in force",
        (
            EVSE,
            Parameter("duration_s", "integer", "Seconds from now", required=True),
            Parameter("unit", "choice", "Ampere or watt", choices=("A", "W")),
        ),
        _composite,
    ),
)
