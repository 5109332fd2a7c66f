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


def campaign_why(why: str) -> str:
    """Why a campaign is as it is: what a person wrote, or how many failures halted it."""
    code, colon, count = why.partition(":")
    if colon and code == "failures" and count.isdigit():
        return gettext("Halted by itself: failures in the wave: %(count)s.") % {"count": count}
    return why
