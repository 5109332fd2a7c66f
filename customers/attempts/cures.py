"""What would cure a refusal (pure): from the reason code to a sentence and an action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.marks import gettext_noop

Action = Literal["", "assign", "token", "driver", "company", "sessions", "journal"]
"""Where the cure is: the card's new owner, its form, the owner's, its running sessions, the
station's messages; empty where there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Cure:
    """What to do (a text to translate), and where."""

    text: str
    action: Action


NOTHING: Final = Cure("", "")
_UNKNOWN: Final = Cure(gettext_noop("Make the card a driver's, if the caller is one."), "assign")
_BY_CODE: Final = {
    "unknown_token": _UNKNOWN,
    "empty_token": Cure(
        gettext_noop("The reader sent nothing: let the driver try again, or start remotely."),
        "journal",
    ),
    "withdrawn": Cure(gettext_noop("Activate the card, or give the driver a new one."), "token"),
    "blocked": Cure(
        gettext_noop("Activate the card if the reason for the block is gone."), "token"
    ),
    "expired": Cure(gettext_noop("Give the card a later expiry."), "token"),
    "driver_blocked": Cure(
        gettext_noop("Activate the driver if the reason for the block is gone."), "driver"
    ),
    "driver_not_yet_valid": Cure(gettext_noop("Let the driver begin earlier."), "driver"),
    "driver_ended": Cure(gettext_noop("Give the driver a later last day."), "driver"),
    "company_blocked": Cure(
        gettext_noop("Activate the company if the reason for the block is gone."), "company"
    ),
    "account_blocked": Cure(
        gettext_noop("Activate the billing account if what it owes is paid."), ""
    ),
    "concurrent_sessions": Cure(
        gettext_noop("Stop the session that runs, or allow more sessions at once."), "sessions"
    ),
    "error": Cure(gettext_noop("Let the driver try again; the fault is ours."), "journal"),
    "timeout": Cure(gettext_noop("Let the driver try again; the fault is ours."), "journal"),
}
_LIMITS: Final = {
    "site_not_allowed": gettext_noop("Allow this site."),
    "outside_hours": gettext_noop("Allow this hour, or charge within the allowed hours."),
    "energy_limit": gettext_noop("Allow more energy this month, or wait for the next."),
    "money_limit": gettext_noop("Allow a higher amount this month, or wait for the next."),
}


def cure_of(code: str, level: str = "token", *, has_owner: bool = True) -> Cure:
    """The cure for a reason code; ``level`` is whose limit refused (token, driver or company).

    Nothing for an accepted attempt and for codes of other authorisers.
    """
    if code in _LIMITS:
        where: dict[str, Action] = {"driver": "driver", "company": "company"}
        return Cure(_LIMITS[code], where.get(level, "token"))
    if code == "unknown_token" and has_owner:
        # The card has become somebody's since.
        return Cure(gettext_noop("The card is known now: let the driver try again."), "token")
    return _BY_CODE.get(code, NOTHING)
