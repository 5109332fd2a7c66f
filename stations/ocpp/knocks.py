"""Stations that knocked: reading and forgetting refused connections."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.audit.services import record
from stations.ocpp.models import Knock

REASONS: Final[dict[str, str | Promise]] = {
    "unknown_station": _("No station of this identity is known."),
    "wrong_password": _("The password was wrong."),
    "password_missing": _("No password was sent."),
    "tls_required": _("The station must use TLS."),
    "retired": _("The station has been retired."),
    "no_subprotocol": _("No common OCPP version was offered."),
    "too_many_attempts": _("Too many attempts in a short time."),
    "bad_path": _("The address does not end in an identity."),
    "replaced": _("This unit was replaced by another."),
}
CURES: Final[dict[str, str | Promise]] = {
    "unknown_station": _("Compare the identity in the station, letter by letter; or add it."),
    "wrong_password": _(
        "Enter the password again, without blanks; the user name is the identity. If it is lost, "
        "make a new one."
    ),
    "password_missing": _(
        "Switch on HTTP Basic authentication (security profile 1 or 2) in the station and enter "
        "the password."
    ),
    "tls_required": _("Use an address that begins with wss://, or security profile 1."),
    "retired": _("Take the station back into use."),
    "no_subprotocol": _(
        "Choose OCPP 1.6J or 2.0.1 in the station; if it offers none, say in the station's form "
        "which one to assume."
    ),
    "too_many_attempts": _("Correct the password, then wait a minute."),
    "bad_path": _("Let the address end in a slash and the identity."),
    "replaced": _("Take it down, or give it an identity of its own."),
}
"""What would let the station in, by reason."""


def in_words(reason: str) -> str:
    """The sentence for a reason; the code itself for a newer one."""
    return str(REASONS.get(reason, reason))


def cure(reason: str) -> str:
    """What to do about a reason; nothing for a newer one."""
    return str(CURES.get(reason, ""))


def knocks(operator: Operator) -> QuerySet[Knock]:
    """Refused connections the operator may see: of its own stations, and of unknown ones.

    An identity that nobody has belongs to no operator, so each sees it.
    """
    return (
        Knock.objects.filter(Q(station=None) | Q(station__operator=operator))
        .filter(dismissed_at=None)
        .select_related("station")
        .order_by("-last_at", "-id")
    )


def forget(knock: Knock, *, operator: Operator) -> None:
    """Take a knock off the list; the next attempt brings it back."""
    knock.dismissed_at = timezone.now()
    knock.save(update_fields=["dismissed_at"])
    record(
        "knock.forget",
        knock,
        operator_id=operator.pk,
        before={"identity": knock.identity, "reason": knock.reason, "attempts": knock.attempts},
    )
