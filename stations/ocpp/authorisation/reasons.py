"""Reason codes of authorisation decisions, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACCEPTED: Final = "accepted"
UNKNOWN_TOKEN: Final = "unknown_token"  # noqa: S105 - a code, no secret
EMPTY_TOKEN: Final = "empty_token"  # noqa: S105 - a code, no secret
WITHDRAWN: Final = "withdrawn"
BLOCKED: Final = "blocked"
EXPIRED: Final = "expired"
DRIVER_BLOCKED: Final = "driver_blocked"
DRIVER_NOT_YET: Final = "driver_not_yet_valid"
DRIVER_ENDED: Final = "driver_ended"
COMPANY_BLOCKED: Final = "company_blocked"
ACCOUNT_BLOCKED: Final = "account_blocked"
SITE_NOT_ALLOWED: Final = "site_not_allowed"
OUTSIDE_HOURS: Final = "outside_hours"
CONCURRENT_SESSIONS: Final = "concurrent_sessions"
ENERGY_LIMIT: Final = "energy_limit"
MONEY_LIMIT: Final = "money_limit"
ERROR: Final = "error"
TIMEOUT: Final = "timeout"
"""The caller's own code when no decision came in time."""

WORDS: Final[dict[str, str | Promise]] = {
    ACCEPTED: _("The token may charge."),
    UNKNOWN_TOKEN: _("The token is not known here."),
    EMPTY_TOKEN: _("The station sent an empty token."),
    WITHDRAWN: _("The token has been withdrawn."),
    BLOCKED: _("The token is blocked."),
    EXPIRED: _("The token has expired."),
    DRIVER_BLOCKED: _("The driver is blocked."),
    DRIVER_NOT_YET: _("The driver is not valid yet."),
    DRIVER_ENDED: _("The driver's last day has passed."),
    COMPANY_BLOCKED: _("The company is blocked."),
    ACCOUNT_BLOCKED: _("The billing account that pays is blocked."),
    SITE_NOT_ALLOWED: _("The token may not charge at this site."),
    OUTSIDE_HOURS: _("The token may not charge at this hour."),
    CONCURRENT_SESSIONS: _("The token already charges elsewhere, as many times as it may."),
    ENERGY_LIMIT: _("The token has used its energy for this month."),
    MONEY_LIMIT: _("The token has used its amount for this month."),
    ERROR: _("The decision failed, so the answer was no."),
    TIMEOUT: _("No decision came in time, so the answer was no."),
}


def in_words(code: str) -> str:
    """The sentence for ``code``; the code itself when it is a newer or foreign one."""
    return str(WORDS.get(code, code))
