"""Charging profiles in our words as OCPP of either version writes them.

A profile is an object: ``id``, ``stack_level``, ``purpose`` (station_max, tx_default, tx),
``kind`` (absolute, recurring, relative), ``recurrency`` (daily, weekly), ``valid_from``,
``valid_to``, ``transaction``, ``unit`` (A, W), ``start_at``, ``duration_s``, ``min_rate``
and ``periods``, a list of objects with ``start_s``, ``limit`` and ``phases``. An object that
is in OCPP's own form already (with ``chargingProfilePurpose``) is passed on as it is.
"""

from __future__ import annotations

from typing import Any

from stations.ocpp.outbound.command import (
    Command,
    CommandParameterError,
    Parameter,
    Payload,
)
from stations.ocpp.outbound.members import is_older, moment, number, payload
from stations.ocpp.outbound.parameters import checked

PURPOSES = ("station_max", "tx_default", "tx", "external")
_PURPOSES = {
    "station_max": ("ChargePointMaxProfile", "ChargingStationMaxProfile"),
    "tx_default": ("TxDefaultProfile", "TxDefaultProfile"),
    "tx": ("TxProfile", "TxProfile"),
    "external": (None, "ChargingStationExternalConstraints"),
}
PURPOSE_ALIASES = {
    "charge_point_max_profile": "station_max",
    "charging_station_max_profile": "station_max",
    "tx_default_profile": "tx_default",
    "tx_profile": "tx",
    "charging_station_external_constraints": "external",
}
_KINDS = {"absolute": "Absolute", "recurring": "Recurring", "relative": "Relative"}
_RECURRENCIES = {"daily": "Daily", "weekly": "Weekly"}


def purpose_name(word: str | None, version: str) -> str | None:
    """OCPP's name of a purpose; raises ``CommandParameterError`` where it has none."""
    if word is None:
        return None
    name = _PURPOSES[word][0 if is_older(version) else 1]
    if name is None:
        raise CommandParameterError("purpose", "choice", f"OCPP {version} has no {word} profiles")
    return name


def _nothing(_values: Any, _version: str) -> tuple[str, Payload]:
    return "", {}


_PROFILE = Command(
    "profile",
    "Charging profile",
    (
        Parameter("id", "integer", "Number of the profile", required=True),
        Parameter("stack_level", "integer", "Higher wins"),
        Parameter(
            "purpose",
            "choice",
            "What it limits",
            required=True,
            choices=PURPOSES,
            aliases=PURPOSE_ALIASES,
        ),
        Parameter("kind", "choice", "How its time is meant", choices=tuple(_KINDS)),
        Parameter("recurrency", "choice", "How often it recurs", choices=tuple(_RECURRENCIES)),
        Parameter("valid_from", "instant", "First moment"),
        Parameter("valid_to", "instant", "Moment after the last"),
        Parameter("transaction", "text", "OCPP transaction id"),
        Parameter("unit", "choice", "Ampere or watt", required=True, choices=("A", "W")),
        Parameter("start_at", "instant", "Start of the schedule"),
        Parameter("duration_s", "integer", "Length of the schedule in seconds"),
        Parameter("min_rate", "decimal", "Least rate the car can use"),
        Parameter("periods", "list", "Periods with start_s, limit, phases", required=True),
    ),
    _nothing,
)
_PERIOD = Command(
    "period",
    "Period of a schedule",
    (
        Parameter("start_s", "integer", "Seconds from the start", required=True),
        Parameter("limit", "decimal", "Limit in the schedule's unit", required=True),
        Parameter("phases", "integer", "Number of phases"),
    ),
    _nothing,
)


def profile_payload(profile: dict[str, Any], version: str) -> Payload:
    """The profile in the version's form; raises ``CommandParameterError``."""
    if "chargingProfilePurpose" in profile:
        return profile
    values = checked(_PROFILE, profile, version)
    schedule = payload(
        id=None if is_older(version) else values["id"],
        startSchedule=moment(values.get("start_at")),
        duration=values.get("duration_s"),
        chargingRateUnit=values["unit"],
        minChargingRate=number(values.get("min_rate")),
        chargingSchedulePeriod=[_period(period, version) for period in values["periods"]],
    )
    kind = values.get("kind") or ("absolute" if "start_at" in values else "relative")
    head = {"chargingProfileId" if is_older(version) else "id": values["id"]}
    return head | payload(
        transactionId=_transaction(values.get("transaction"), version),
        stackLevel=values.get("stack_level", 0),
        chargingProfilePurpose=purpose_name(values["purpose"], version),
        chargingProfileKind=_KINDS[kind],
        recurrencyKind=_RECURRENCIES.get(values.get("recurrency", "")),
        validFrom=moment(values.get("valid_from")),
        validTo=moment(values.get("valid_to")),
        chargingSchedule=schedule if is_older(version) else [schedule],
    )


def _transaction(value: str | None, version: str) -> Any:
    if value is None or not is_older(version):
        return value
    if not value.lstrip("-").isdigit():
        raise CommandParameterError(
            "transaction", "type", "transaction must be a whole number in OCPP 1.6"
        )
    return int(value)


def _period(period: Any, version: str) -> Payload:
    if not isinstance(period, dict):
        raise CommandParameterError("periods", "type", "periods must be a list of objects")
    values = checked(_PERIOD, period, version)
    return payload(
        startPeriod=values["start_s"],
        limit=number(values["limit"]),
        numberPhases=values.get("phases"),
    )
