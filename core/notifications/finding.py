"""Finding what happened, by pulling from the database, and noting whom to tell."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.accounts.models import Membership, Operator
from core.accounts.permissions import allowed
from core.notifications.choices import is_wanted, watch_of
from core.notifications.events import EventKind, Occurrence, Search, event_kinds
from core.notifications.mailing import zone_of
from core.notifications.models import (
    Notification,
    NotificationChoice,
    NotificationDelivery,
    NotificationSettings,
    NotificationWatch,
)
from core.notifications.timing import Wish, due_at
from core.notifications.ways import PAGE, ways
from core.tenancy.places import Holder, place_source
from core.tenancy.scopes import operator_scope

OVERLAP: Final = timedelta(minutes=10)
MOST_AT_ONCE: Final = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """A member with the ways by which it hears of one event, and its wish of times."""

    membership: Membership
    ways: frozenset[str]
    wish: Wish
    places: frozenset[int] | None


def find_all(*, now: datetime) -> int:
    """Look for every event of every operator; returns how many notifications were made.

    An event whose search fails does not keep the others.
    """
    made = 0
    for operator in Operator.objects.filter(is_active=True):
        with operator_scope(operator):
            for kind in event_kinds().values():
                try:
                    made += find_for(operator=operator, kind=kind, now=now)
                except Exception:
                    _log.exception("the search for %s of %s failed", kind.name, operator.slug)
    return made


@transaction.atomic
def find_for(*, operator: Operator, kind: EventKind, now: datetime) -> int:
    """Look for one event since the cursor, tell each reader once, move the cursor.

    The locked row of the watch keeps two runs apart; the second leaves the event to the first.
    The search reaches back a little, since rows may be committed later than their time.
    """
    watch_of(operator, kind, now=now)
    watch: NotificationWatch | None = (
        NotificationWatch.objects.select_for_update(skip_locked=True)
        .filter(operator=operator, event=kind.name)
        .first()
    )
    if watch is None:
        return 0
    delay = timedelta(minutes=watch.delay_minutes)
    search = Search(operator, watch.cursor_at - OVERLAP, now, delay)
    found = sorted(kind.find(search), key=lambda one: one.happened_at)
    made = _tell(operator, kind, found, now)
    watch.cursor_at = max(watch.cursor_at, now)
    watch.save(update_fields=["cursor_at"])
    return made


def _tell(operator: Operator, kind: EventKind, found: list[Occurrence], now: datetime) -> int:
    if not found:
        return 0
    readers = readers_of(operator, kind)
    known = set(
        Notification.objects.filter(
            operator=operator, event=kind.name, key__in=[one.key for one in found]
        ).values_list("user_id", "key")
    )
    rows, wanted = [], []
    for one in found:
        for reader in readers:
            if (reader.membership.user_id, one.key) in known or not _concerns(reader, one):
                continue
            rows.append(_row(operator, kind, one, reader, now))
            wanted.append(reader)
    stored = Notification.objects.bulk_create(rows, batch_size=MOST_AT_ONCE)
    NotificationDelivery.objects.bulk_create(
        [
            NotificationDelivery(
                operator=operator, notification=row, way=way, due_at=_due(way, reader, now)
            )
            for row, reader in zip(stored, wanted, strict=True)
            for way in sorted(reader.ways - {PAGE.name})
        ],
        batch_size=MOST_AT_ONCE,
    )
    return len(stored)


def _concerns(reader: Reader, one: Occurrence) -> bool:
    if one.person_id is not None and one.person_id != reader.membership.user_id:
        return False
    return reader.places is None or (one.place_id is not None and one.place_id in reader.places)


def _row(
    operator: Operator, kind: EventKind, one: Occurrence, reader: Reader, now: datetime
) -> Notification:
    return Notification(
        operator=operator,
        user_id=reader.membership.user_id,
        event=kind.name,
        key=one.key,
        params=one.params,
        url=one.url,
        is_on_page=PAGE.name in reader.ways,
        happened_at=one.happened_at,
        created_at=now,
    )


def _due(way: str, reader: Reader, now: datetime) -> datetime:
    return due_at(now, reader.wish) if ways()[way].keeps_quiet else now


def readers_of(operator: Operator, kind: EventKind) -> list[Reader]:
    """Members who may hear of the event and want to, by at least one way."""
    of_roles: dict[str, dict[tuple[str, str], bool]] = {}
    of_users: dict[int, dict[tuple[str, str], bool]] = {}
    for row in NotificationChoice.objects.filter(operator=operator, event=kind.name):
        chosen = (
            of_users.setdefault(row.user_id, {})
            if row.user_id
            else of_roles.setdefault(row.role, {})
        )
        chosen[row.event, row.way] = row.is_chosen
    times = {row.user_id: row for row in NotificationSettings.objects.filter(operator=operator)}
    members = Membership.objects.filter(
        operator=operator, is_active=True, user__is_active=True
    ).select_related("user", "operator")
    return list(_reading(kind, members, of_roles, of_users, times))


def _reading(
    kind: EventKind,
    members: Iterable[Membership],
    of_roles: dict[str, dict[tuple[str, str], bool]],
    of_users: dict[int, dict[tuple[str, str], bool]],
    times: dict[int, NotificationSettings],
) -> Iterable[Reader]:
    for member in members:
        if not allowed(member.role, kind.permission, is_limited=member.is_limited):
            continue
        of_role, own = of_roles.get(member.role, {}), of_users.get(member.user_id, {})
        wanted = frozenset(way for way in ways() if is_wanted(kind, way, member.role, of_role, own))
        if wanted:
            source = place_source()
            places = source.places_of(Holder.MEMBER, member.pk) if member.is_limited else None
            yield Reader(member, wanted, _wish(member, times.get(member.user_id)), places)


def _wish(member: Membership, chosen: NotificationSettings | None) -> Wish:
    if chosen is None:
        return Wish(zone_of(member))
    return Wish(
        zone_of(member),
        chosen.quiet_from,
        chosen.quiet_to,
        chosen.digest_time if chosen.is_digest else None,
    )
