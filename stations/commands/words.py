"""Why a command failed before the station could answer, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFLINE: Final = "offline"
START_NOT_QUEUED: Final = "start_not_queued"
VERSION_UNKNOWN: Final = "version_unknown"
EXPIRED: Final = "expired"
NO_ANSWER: Final = "no_answer"

WORDS: Final[dict[str, str | Promise]] = {
    OFFLINE: _("The station is not connected."),
    START_NOT_QUEUED: _(
        "The station is not connected, and a start of charging is never sent later."
    ),
    VERSION_UNKNOWN: _("The station has never connected, so its OCPP version is not known."),
    EXPIRED: _("The command was not sent before it expired."),
    NO_ANSWER: _("The station did not answer."),
}


def in_words(code: str, text: str = "") -> str:
    """The sentence for an error code of ours; for a station's own, what it said or its code."""
    return str(WORDS[code]) if code in WORDS else text or code
