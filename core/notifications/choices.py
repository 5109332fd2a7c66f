"""Who wants to hear of what: one's own choice, else the role's, else the event's default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role, allowed
from core.audit.services import record
from core.errors import InvalidInput
from core.notifications.events import EventKind, event_kinds
from core.notifications.hooks import WEBHOOK, checked_address, set_address
from core.notifications.models import NotificationChoice, NotificationSettings, NotificationWatch
from core.notifications.ways import ways

Chosen = Mapping[tuple[str, str], bool]
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Row:
    """One event as a person or role may choose it: ways with whether they are on."""

    kind: EventKind
    cells: list[tuple[str, bool]]


def is_wanted(kind: EventKind, way: str, role: str, of_role: Chosen, own: Chosen) -> bool:
    """Whether somebody hears of an event by a way."""
    for chosen in (own, of_role):
        if (kind.name, way) in chosen:
            return chosen[kind.name, way]
    return role in kind.defaults.get(way, frozenset())


def choices(operator: Operator, **of: Any) -> dict[tuple[str, str], bool]:
    """What was chosen, by event and way; ``of`` is a user or a role."""
    rows = NotificationChoice.objects.filter(operator=operator, **of)
    return {(row.event, row.way): row.is_chosen for row in rows}


def rows_of(membership: Membership) -> list[Row]:
    """The events that a member may see, with the ways that are on."""
    of_role = choices(membership.operator, role=membership.role)
    own = choices(membership.operator, user=membership.user)
    return _rows(membership.role, of_role, own, tuple(ways()), is_limited=membership.is_limited)


def rows_of_role(operator: Operator, role: str) -> list[Row]:
    """The same for a role as such, by the ways that need nothing from the person."""
    shared = tuple(name for name, way in ways().items() if not way.is_own)
    return _rows(role, choices(operator, role=role), {}, shared, is_limited=False)


def _rows(
    role: str, of_role: Chosen, own: Chosen, by: Iterable[str], *, is_limited: bool
) -> list[Row]:
    return [
        Row(kind, [(way, is_wanted(kind, way, role, of_role, own)) for way in by])
        for kind in event_kinds().values()
        if allowed(role, kind.permission, is_limited=is_limited)
    ]


@transaction.atomic
def choose(
    *, membership: Membership, wanted: Iterable[tuple[str, str]] | None, **times: Any
) -> str:
    """Store a person's choice of (event, way), and when and where to be written to.

    ``wanted`` None forgets the choice, so that the role's holds again. Returns the signing secret
    of a new address for webhooks, which is shown this once; else "".
    """
    quiet = (times.get("quiet_from") is None, times.get("quiet_to") is None)
    if quiet[0] != quiet[1]:
        raise InvalidInput(
            "quiet_half", _("Give both ends of the quiet hours, or neither."), field="quiet_to"
        )
    before = {f"{e}:{w}": on for (e, w), on in _current(rows_of(membership)).items()}
    whose: dict[str, Any] = {"operator": membership.operator, "user": membership.user}
    wanted = None if wanted is None else set(wanted)
    secret = _set_times(
        whose, times, is_hook_wanted=any(w == WEBHOOK.name for _e, w in wanted or ())
    )
    _store(whose, rows_of(membership), wanted)
    after = {f"{e}:{w}": on for (e, w), on in _current(rows_of(membership)).items()}
    record(
        "notification.choose",
        membership.user,
        operator_id=membership.operator_id,
        before={name: on for name, on in before.items() if after.get(name) != on},
        after={name: on for name, on in after.items() if before.get(name) != on} | times,
    )
    return secret


def _set_times(whose: Mapping[str, Any], times: dict[str, Any], *, is_hook_wanted: bool) -> str:
    row, _made = NotificationSettings.objects.select_for_update().get_or_create(**whose)
    address = checked_address(times.get("webhook_url", row.webhook_url))
    if is_hook_wanted and not address:
        raise InvalidInput(
            "no_address", _("Give an address, or untick what goes by webhook."), field="webhook_url"
        )
    for name in times.keys() - {"webhook_url"}:
        setattr(row, name, times[name])
    secret = set_address(row, address)
    row.save()
    return secret


@transaction.atomic
def choose_for_role(
    *, operator: Operator, role: str, wanted: Iterable[tuple[str, str]], delays: Mapping[str, int]
) -> None:
    """Store what a role hears of unless its members choose, and the delays of events."""
    if role not in Role.values:
        raise InvalidInput("role", _("There is no such role."), field="role")
    before = _current(rows_of_role(operator, role))
    _store({"operator": operator, "role": role}, rows_of_role(operator, role), wanted)
    changed = _set_delays(operator, delays)
    after = _current(rows_of_role(operator, role))
    told = {key: on for key, on in after.items() if before.get(key) != on}
    if told or changed:
        record(
            "notification.choose_for_role",
            operator,
            operator_id=operator.pk,
            before={f"{e}:{w}": before[e, w] for e, w in told},
            after={"role": role} | {f"{e}:{w}": on for (e, w), on in told.items()} | changed,
        )


def _current(rows: list[Row]) -> dict[tuple[str, str], bool]:
    return {(row.kind.name, way): on for row in rows for way, on in row.cells}


def _store(
    whose: dict[str, Any], rows: list[Row], wanted: Iterable[tuple[str, str]] | None
) -> None:
    known = [(row.kind.name, way) for row in rows for way, _on in row.cells]
    asked = set(wanted or ())
    if asked - set(known):
        raise InvalidInput("choice", _("There is no such event or way."), field="choices")
    NotificationChoice.objects.filter(**whose).delete()
    if wanted is not None:
        NotificationChoice.objects.bulk_create(
            NotificationChoice(**whose, event=event, way=way, is_chosen=(event, way) in asked)
            for event, way in known
        )


def delays_of(operator: Operator) -> dict[str, int]:
    """Minutes by event, of the events that have them."""
    stored = dict(
        NotificationWatch.objects.filter(operator=operator).values_list("event", "delay_minutes")
    )
    return {
        name: stored.get(name, kind.delay_minutes)
        for name, kind in event_kinds().items()
        if kind.delay_minutes is not None
    }


def _set_delays(operator: Operator, delays: Mapping[str, int]) -> dict[str, int]:
    kept = delays_of(operator)
    changed = {}
    for name, minutes in delays.items():
        if name not in kept or not 1 <= minutes <= MOST_MINUTES:
            raise InvalidInput("delay", _("Give minutes between 1 and 10080."), field="delays")
        if kept[name] != minutes:
            watch_of(operator, event_kinds()[name], now=timezone.now())
            NotificationWatch.objects.filter(operator=operator, event=name).update(
                delay_minutes=minutes
            )
            changed[f"{name}:minutes"] = minutes
    return changed


def watch_of(operator: Operator, kind: EventKind, *, now: datetime) -> None:
    """Make the watch row of an event, which begins ``now``, unless it is there."""
    NotificationWatch.objects.bulk_create([new_watch(operator, kind, now)], ignore_conflicts=True)


def new_watch(operator: Operator, kind: EventKind, now: datetime) -> NotificationWatch:
    """A watch that begins ``now``: what happened before is told to nobody."""
    return NotificationWatch(
        operator=operator,
        event=kind.name,
        cursor_at=now,
        delay_minutes=kind.delay_minutes or 0,
    )


def settings_of(operator: Operator, user: User) -> NotificationSettings:
    """When the person may be written to; the defaults, not stored, where nothing was chosen."""
    found: NotificationSettings | None = NotificationSettings.objects.filter(
        operator=operator, user=user
    ).first()
    return found or NotificationSettings(operator=operator, user=user)
