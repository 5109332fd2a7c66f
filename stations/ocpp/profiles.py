"""Charging profiles that an operator keeps; our number is the id on the wire."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.errors import InvalidInput
from stations.ocpp.models import ChargingProfile
from stations.ocpp.profile_shapes import is_16, numbered, own_number
from stations.ocpp.wire.validators import Violation, verdict

MAX_NUMBER = 2**31 - 1


@transaction.atomic
def put_profile(
    *,
    operator: Operator,
    number: int,
    profile: dict[str, Any],
    description: str = "",
    reason: str = "",
) -> tuple[ChargingProfile, bool]:
    """Store a profile under ``number``, in the spelling of 1.6 or 2.0.1; True when new.

    Refuses a profile that names another id or breaks the schema of its version.
    """
    if own_number(profile) not in (None, number):
        raise InvalidInput(
            "profile_number", _("The profile itself names another id."), field="profile"
        )
    if number > MAX_NUMBER:
        raise InvalidInput("profile_number", _("A profile id has at most 31 bits."), field="number")
    shaped = numbered(profile, number)
    _check(shaped)
    before = ChargingProfile.objects.filter(number=number).first()
    kept, created = ChargingProfile.objects.update_or_create(
        operator=operator,
        number=number,
        defaults={"description": description, "profile": shaped},
    )
    record(
        "charging_profile.create" if created else "charging_profile.change",
        kept,
        operator_id=operator.pk,
        before={"description": before.description, "profile": before.profile} if before else {},
        after={"description": description, "profile": shaped},
        reason=reason,
    )
    return kept, created


def _check(profile: dict[str, Any]) -> None:
    if is_16(profile):
        found = verdict(
            "1.6", "SetChargingProfile", {"connectorId": 0, "csChargingProfiles": profile}
        )
    else:
        found = verdict("2.0.1", "SetChargingProfile", {"evseId": 0, "chargingProfile": profile})
    if isinstance(found, Violation):
        raise InvalidInput("schema", f"{found.path}: {found.message}", field="profile")


@transaction.atomic
def delete_profile(*, profile: ChargingProfile, reason: str = "") -> None:
    """Forget a stored profile; stations keep what they were sent."""
    record(
        "charging_profile.delete",
        profile,
        operator_id=profile.operator_id,
        before={"description": profile.description, "profile": profile.profile},
        reason=reason,
    )
    profile.delete()
