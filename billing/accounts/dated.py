"""Rows that hold from one day to another: finding the one in force, and setting a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.models import DatedModel
from core.accounts.models import Operator
from core.errors import InvalidInput, RuleViolation

D = TypeVar("D", bound=DatedModel)
EARLIEST_DAY: Final = date(2000, 1, 1)
LATEST_FIRST: Final = F("valid_from_on").desc(nulls_last=True)


def operator_day(operator: Operator, at: datetime | None = None) -> date:
    """The day of an instant (now) in the operator's zone."""
    return (at or timezone.now()).astimezone(ZoneInfo(operator.time_zone)).date()


def holding_on(day: date, prefix: str = "") -> Q:
    """Condition: the dated row holds on that day. ``prefix``: a path that leads to it."""
    begun = Q(**{f"{prefix}valid_from_on__isnull": True})
    begun |= Q(**{f"{prefix}valid_from_on__lte": day})
    open_still = Q(**{f"{prefix}valid_until_on__isnull": True})
    open_still |= Q(**{f"{prefix}valid_until_on__gte": day})
    return begun & open_still


def set_from(
    rows: QuerySet[D], new: D | None, target: Callable[[D], Any], *, from_on: date | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make ``new`` hold from a day (None: since ever) until further notice; None: nothing holds.

    Rows that begin then or later are taken out, the one that holds ends the day before. Returns
    the rows as the audit keeps them, before and after. Refuses what changes nothing. The caller
    holds a lock on the owner.
    """
    present = list(rows)
    before = [_described(row, target) for row in present]
    kept = [row for row in present if _ends_before(row, from_on)]
    after = [_described(row, target) for row in kept]
    if new is not None:
        new.valid_from_on, new.valid_until_on = from_on, None
        after.append(_described(new, target))
    if _merged(before) == _merged(after):
        raise RuleViolation("nothing_changes", _("It is so already."))
    for row in present:
        if row in kept:
            row.save(update_fields=["valid_until_on"])
        else:
            row.delete()
    if new is not None:
        new.full_clean()
        new.save()
    return before, after


def refuse_far_days(from_on: date | None, *, field: str = "from_on") -> None:
    """InvalidInput for a day that can only be a slip of the pen."""
    if from_on is not None and not EARLIEST_DAY <= from_on <= date(2100, 1, 1):
        raise InvalidInput("day", _("This day lies too far away."), field=field)


def _ends_before(row: DatedModel, from_on: date | None) -> bool:
    """Whether something of ``row`` is left before the day; cuts it there."""
    if from_on is None or (row.valid_from_on is not None and row.valid_from_on >= from_on):
        return False
    if row.valid_until_on is None or row.valid_until_on >= from_on:
        row.valid_until_on = from_on - timedelta(days=1)
    return True


def _described(row: D, target: Callable[[D], Any]) -> dict[str, Any]:
    return {
        "to": str(target(row)),
        "from": row.valid_from_on.isoformat() if row.valid_from_on else None,
        "until": row.valid_until_on.isoformat() if row.valid_until_on else None,
    }


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with neighbours that say the same made one, so that they compare by meaning."""
    merged: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda one: one["from"] or ""):
        last = merged[-1] if merged else None
        if last and row["from"] and last["to"] == row["to"] and _follows(last, row):
            merged[-1] = {**last, "until": row["until"]}
        else:
            merged.append(row)
    return merged


def _follows(last: dict[str, Any], row: dict[str, Any]) -> bool:
    if last["until"] is None:
        return False
    return date.fromisoformat(last["until"]) + timedelta(days=1) == date.fromisoformat(row["from"])
