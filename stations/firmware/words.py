"""Why a campaign, or a station of it, is as it is, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WHY: Final[dict[str, str | Promise]] = {
    "retired": _("Retired"),
    "hands_off": _("Hands off: only people send it commands"),
    "has_version": _("Has this version already"),
    "no_version": _("Has never connected"),
    "other_model": _("Is another model now"),
    "offline": _("Offline"),
    "updating": _("Is being updated by another campaign"),
    "session": _("A session is active"),
    "plugged": _("A car is plugged in, or may start"),
    "hours": _("Outside the allowed hours"),
    "too_long": _("Could not be asked in time"),
    "cancelled": _("The campaign was cancelled"),
    "no_answer": _("Told nothing more in time"),
    "not_seen": _("Did not start with this version in time"),
    "no_file": _("Nothing arrived in time"),
    "not_sent": _("The command was not sent"),
    "refused": _("Refused by the station"),
    "nothing_there": _("The station has nothing to send"),
}


def why_word(code: str) -> str:
    """A reason in words; a code nobody named keeps its spelling."""
    return str(WHY.get(code, code))


SAID: Final[dict[str, str | Promise]] = {
    "rejected": _("The station said no"),
    "downloadfailed": _("The download failed"),
    "installationfailed": _("The installation failed"),
    "installverificationfailed": _("The installed firmware did not pass its check"),
    "invalidsignature": _("The signature does not fit"),
    "invalidcertificate": _("The signing certificate was not accepted"),
    "revokedcertificate": _("The signing certificate was revoked"),
    "downloadpaused": _("The download pauses"),
    "downloadscheduled": _("The download is planned"),
    "downloading": _("Downloads"),
    "downloaded": _("Downloaded"),
    "signatureverified": _("The signature fits"),
    "installscheduled": _("The installation is planned"),
    "installing": _("Installs"),
    "installrebooting": _("Restarts"),
    "installed": _("Installed"),
    "notimplemented": _("The station does not know the command"),
    "notsupported": _("The station cannot do this"),
    "internalerror": _("Something went wrong in the station"),
    "securityerror": _("The station refused it for its security"),
    "formationviolation": _("The station could not read the command"),
    "formatviolation": _("The station could not read the command"),
    "propertyconstraintviolation": _("The station did not accept a value of the command"),
    "generic_error": _("Something went wrong in the station"),
    "genericerror": _("Something went wrong in the station"),
    "station_retired": _("The station has been retired"),
    "hands_off": _("Hands off: only people send it commands"),
    "not_connected": _("The station is offline"),
    "offline": _("The station is offline"),
    "not_supported": _("This station's OCPP version has no such command"),
    "command": _("The command cannot be sent to this station"),
}
"""What stations said, and why a command was not sent, by the word in small letters."""


def said(word: str) -> str:
    """A station's last word, or a refusal, for people; one that nobody knows keeps its spelling."""
    return str(SAID.get(word.strip().lower(), word))


def campaign_why(why: str) -> str:
    """Why a campaign is as it is: what a person wrote, or how many failures halted it."""
    code, colon, count = why.partition(":")
    if colon and code == "failures" and count.isdigit():
        return gettext("Halted by itself: failures in the wave: %(count)s.") % {"count": count}
    return why
