"""What error codes mean, for people: OCPP 1.6 §7.6 and the ChargeX list (MREC)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _translated
from django.utils.translation import gettext_lazy as _

NO_ERROR: Final = "noerror"
OCPP_WORDS: Final[dict[str, str | Promise]] = {
    "connectorlockfailure": _("The connector does not lock or unlock"),
    "evcommunicationerror": _("No contact with the car"),
    "groundfailure": _("Earth fault"),
    "hightemperature": _("Too hot"),
    "internalerror": _("Error in the station"),
    "locallistconflict": _("The list of cards does not agree"),
    "othererror": _("Other error"),
    "overcurrentfailure": _("Overcurrent"),
    "overvoltage": _("Voltage too high"),
    "powermeterfailure": _("The meter does not work"),
    "powerswitchfailure": _("The power switch does not work"),
    "readerfailure": _("The card reader does not work"),
    "resetfailure": _("The restart failed"),
    "undervoltage": _("Voltage too low"),
    "weaksignal": _("Weak mobile or network signal"),
}
MREC_WORDS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("ConnectorLockFailure", OCPP_WORDS["connectorlockfailure"]),
    ("GroundFailure", OCPP_WORDS["groundfailure"]),
    ("HighTemperature", OCPP_WORDS["hightemperature"]),
    ("OverCurrentFailure", OCPP_WORDS["overcurrentfailure"]),
    ("OverVoltage", OCPP_WORDS["overvoltage"]),
    ("UnderVoltage", OCPP_WORDS["undervoltage"]),
    ("WeakSignal", OCPP_WORDS["weaksignal"]),
    ("EmergencyStop", _("Emergency stop pressed")),
    ("AuthorizationTimeout", _("Authorisation took too long")),
    ("InvalidVehicleMode", _("The car is not ready to charge")),
    ("CableCheckFault", _("The cable did not pass its insulation test")),
    ("PreChargeFault", _("The pre-charge before charging failed")),
    ("NoInternet", _("No Internet")),
    ("PilotFault", _("Fault on the control pilot")),
    ("PowerLoss", _("Power failure")),
    ("EVContactorFault", _("The car's contactor does not work")),
    ("EVSEContactorFault", _("The station's contactor does not work")),
    ("CableOverTempDerate", _("Cable or connector hot: power is reduced")),
    ("CableOverTempStop", _("Cable or connector too hot: charging stopped")),
    ("PartialInsertion", _("The plug is not all the way in")),
    ("CapacitanceFault", _("Capacitance fault towards the car")),
    ("ResistanceFault", _("Insulation resistance too low")),
    ("ProximityFault", _("Fault on the proximity pilot")),
    ("ConnectorVoltageHigh", _("Voltage on the connector too high")),
    ("BrokenLatch", _("The connector's latch is broken")),
    ("CutCable", _("The cable has been cut")),
)
"""In the order of the codes CX001 to CX026."""
WORDS: Final[dict[str, str | Promise]] = {
    **{name.lower(): words for name, words in MREC_WORDS},
    **{f"cx{number:03}": words for number, (_name, words) in enumerate(MREC_WORDS, 1)},
    **OCPP_WORDS,
    NO_ERROR: _("No error"),
}


def fault_words(code: str) -> str:
    """A code in words, with the code after it; one that nobody named stands alone."""
    words = WORDS.get(code.strip().lower())
    if words is None:
        return code
    return _translated("%(words)s (%(code)s)") % {"words": words, "code": code.strip()}
