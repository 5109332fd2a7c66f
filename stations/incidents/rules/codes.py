"""Error codes and what they are about (pure): OCPP 1.6, ChargeX MREC and the EVgo prefix.

A station's own words are looked up before the general ones: the operator's translations, then MREC
(in the vendor's code, CX001 to CX026 or the name), then the error code of OCPP 1.6 §7.6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SAFETY: Final = "safety"
TRANSIENT: Final = "transient"
CONNECTOR: Final = "connector"
THERMAL: Final = "thermal"
POWER: Final = "power"
VEHICLE: Final = "vehicle"

OCPP: Final[dict[str, str]] = {
    "connectorlockfailure": CONNECTOR,
    "evcommunicationerror": VEHICLE,
    "groundfailure": SAFETY,
    "hightemperature": THERMAL,
    "internalerror": TRANSIENT,
    "locallistconflict": "harmless",
    "othererror": TRANSIENT,
    "overcurrentfailure": SAFETY,
    "overvoltage": POWER,
    "powermeterfailure": "meter",
    "powerswitchfailure": TRANSIENT,
    "readerfailure": "reader",
    "resetfailure": TRANSIENT,
    "undervoltage": POWER,
    "weaksignal": "network",
}
_MREC: Final[tuple[tuple[str, str], ...]] = (
    ("ConnectorLockFailure", CONNECTOR), ("GroundFailure", SAFETY), ("HighTemperature", THERMAL),
    ("OverCurrentFailure", SAFETY), ("OverVoltage", POWER), ("UnderVoltage", POWER),
    ("WeakSignal", "network"), ("EmergencyStop", SAFETY), ("AuthorizationTimeout", "reader"),
    ("InvalidVehicleMode", VEHICLE), ("CableCheckFault", THERMAL), ("PreChargeFault", VEHICLE),
    ("NoInternet", "network"), ("PilotFault", VEHICLE), ("PowerLoss", POWER),
    ("EVContactorFault", VEHICLE), ("EVSEContactorFault", SAFETY),
    ("CableOverTempDerate", THERMAL), ("CableOverTempStop", SAFETY),
    ("PartialInsertion", VEHICLE), ("CapacitanceFault", VEHICLE), ("ResistanceFault", VEHICLE),
    ("ProximityFault", VEHICLE), ("ConnectorVoltageHigh", SAFETY), ("BrokenLatch", CONNECTOR),
    ("CutCable", SAFETY),
)  # fmt: skip
MREC: Final[dict[str, tuple[str, str]]] = {
    f"cx{number:03}": one for number, one in enumerate(_MREC, 1)
} | {name.lower(): (name, fault) for name, fault in _MREC}
_PARTS: Final = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True)
class Reported:
    """What a station said with a status."""

    error_code: str = ""
    vendor_code: str = ""
    info: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The class of a fault, its code and words; ``unknown``: codes that no table has."""

    fault_class: str
    code: str
    text: str = ""
    unknown: tuple[str, ...] = ()


def meaning_of(told: Reported, own: Mapping[str, tuple[str, str]]) -> Meaning:
    """What the report is about; of several codes the most serious. ``own``: the operator's
    translations for the vendor, by code in lower case: class (empty: none yet) and words."""
    found: list[tuple[int, Meaning]] = []
    unknown: list[str] = []
    for part in filter(None, _PARTS.split(told.vendor_code.strip())):
        fault, text = own.get(part.lower(), ("", ""))
        if not fault and part.lower() in MREC:
            text, fault = MREC[part.lower()]
        elif not fault and re.fullmatch(r"F0\d\d", part):
            fault = SAFETY
        if fault:
            found.append((_rank(fault), Meaning(fault, part, text)))
        else:
            unknown.append(part)
    word = told.error_code.strip()
    if word.lower() in OCPP and (word.lower() != "othererror" or not found):
        found.append((_rank(OCPP[word.lower()]), Meaning(OCPP[word.lower()], word)))
    if not found:
        code = unknown[0] if unknown else word
        return Meaning(TRANSIENT, code, told.info, tuple(unknown))
    best = min(found, key=lambda one: one[0])[1]
    return Meaning(best.fault_class, best.code, best.text or told.info, tuple(unknown))


_ORDER: Final = (SAFETY, POWER, THERMAL, CONNECTOR, "meter", TRANSIENT, "reader", "network")


def _rank(fault: str) -> int:
    return _ORDER.index(fault) if fault in _ORDER else len(_ORDER)
