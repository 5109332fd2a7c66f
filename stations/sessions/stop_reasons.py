"""Why sessions end, in words: the reasons of OCPP 1.6 (Reason) and 2.x (ReasonEnumType)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, str | Promise]] = {
    "DeAuthorized": _("The token was refused"),
    "EVDisconnected": _("The car was unplugged"),
    "EmergencyStop": _("The emergency stop was pressed"),
    "EnergyLimitReached": _("The energy limit was reached"),
    "GroundFault": _("Earth fault"),
    "HardReset": _("Hard reset of the station"),
    "ImmediateReset": _("The station was reset"),
    "Local": _("Ended at the station"),
    "LocalOutOfCredit": _("The credit ran out"),
    "MasterPass": _("Ended with a master card"),
    "Other": _("Another reason"),
    "OvercurrentFault": _("Overcurrent"),
    "PowerLoss": _("The station lost power"),
    "PowerQuality": _("Poor power quality"),
    "Reboot": _("The station restarted"),
    "Remote": _("Ended from the portal"),
    "ReqEnergyTransferRejected": _("The car's request was rejected"),
    "SOCLimitReached": _("The battery level that was asked for was reached"),
    "SoftReset": _("Soft reset of the station"),
    "StoppedByEV": _("Ended by the car"),
    "TimeLimitReached": _("The time limit was reached"),
    "Timeout": _("The car was not plugged in in time"),
    "UnlockCommand": _("The connector was unlocked"),
}


def in_words(reason: str) -> str:
    """The words of a reason; its own spelling when no protocol knows it."""
    return str(WORDS.get(reason, reason))
