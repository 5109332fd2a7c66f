"""The last day of a vehicle, and of the cards that sit in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import refuse_far_days
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from customers.drivers.models import Vehicle
from customers.tokens.models import IdToken, TokenStatus
from customers.tokens.services import put_token


@transaction.atomic
def end_vehicle(
    *, vehicle: Vehicle, last_on: date, ends_tokens: bool = False, reason: str = ""
) -> Vehicle:
    """Make a day the vehicle's last: later sessions of its cards are not the vehicle's.
    ``ends_tokens``: they are refused then. Refuses a day before the first or far away."""
    refuse_far_days(last_on, field="last_on")
    row: Vehicle = (
        Vehicle.objects.select_for_update(of=("self",))
        .select_related("operator")
        .get(pk=vehicle.pk)
    )
    if row.valid_from_on is not None and last_on < row.valid_from_on:
        raise InvalidInput("days", _("The last day comes before the first."), field="last_on")
    ends_at = _end_of_day(last_on, row.operator.time_zone)
    tokens = [
        token
        for token in tokens_in(row)
        if ends_tokens and (token.expires_at is None or token.expires_at > ends_at)
    ]
    if row.valid_until_on == last_on and not tokens:
        raise RuleViolation("nothing_changes", _("It is so already."))
    before, row.valid_until_on = {"valid_until_on": row.valid_until_on}, last_on
    row.save(update_fields=["valid_until_on", "updated_at"])
    for token in tokens:
        put_token(operator=row.operator, uid=token.uid, expires_at=ends_at, reason=reason)
    record(
        "vehicle.end", row, operator_id=row.operator_id, before=before,
        after={"valid_until_on": last_on, "ended_tokens": [token.uid for token in tokens]},
        reason=reason,
    )  # fmt: skip
    return row


def tokens_in(vehicle: Vehicle) -> list[IdToken]:
    """The cards that sit in the vehicle and are not withdrawn."""
    return list(vehicle.tokens.exclude(status=TokenStatus.INVALID).order_by("uid"))


def _end_of_day(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
