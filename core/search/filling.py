"""Making rows findable a moment after they were written.

Where a table's rows are written on a hot path, its trigger is told to leave new ones alone (the
setting ``portal.search_later`` of the connection, see ``core.search.sql``); a task then takes
what has no entry yet. Rows are looked for above an id that was the highest at least ten minutes
ago, because ids are given out before the transactions that use them end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core.search.models import SearchFill
from core.search.sql import texts

LONGEST_TRANSACTION: Final = timedelta(minutes=10)
"""A row that is committed later after its id was given than this is found only once changed."""
IDS_IN_FLIGHT: Final = 100_000
"""More ids than transactions that run at the first fill can have taken."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A table whose new rows are made findable later, as ``core.search.sql.searchable`` says."""

    table: str
    kind: str
    columns: Sequence[str]


def fill_all(*, now: datetime) -> int:
    """Make new rows of every table in ``SEARCH_FILLS`` findable; returns how many."""
    return sum(fill(import_string(path), now=now) for path in settings.SEARCH_FILLS)


def fill(one: Fill, *, now: datetime) -> int:
    """Make new rows of one table findable; two at once take turns."""
    with transaction.atomic():
        SearchFill.objects.bulk_create([SearchFill(kind=one.kind)], ignore_conflicts=True)
        mark = SearchFill.objects.select_for_update().get(kind=one.kind)
        count, highest = _insert(one, mark.floor_id)
        if mark.next_at is None or now - mark.next_at >= LONGEST_TRANSACTION:
            first = mark.next_at is None
            # The first run looked at every row; those that follow it need not do so again.
            mark.floor_id = max(highest - IDS_IN_FLIGHT, 0) if first else mark.next_id
            mark.next_id, mark.next_at = highest, now
            mark.save()
    return count


def _insert(one: Fill, floor_id: int) -> tuple[int, int]:
    """Entries for rows above ``floor_id`` that have none; how many, and the highest id."""
    statement = f"""
        WITH fresh AS (
          SELECT t.id, t.operator_id, {texts(one.columns, "t")} AS folded
          FROM {one.table} t
          WHERE t.id > %s AND NOT EXISTS (
            SELECT 1 FROM core_searchentry e WHERE e.kind = %s AND e.object_id = t.id)
        ), made AS (
          INSERT INTO core_searchentry (kind, object_id, operator_id, text, grams)
          SELECT %s, id, operator_id, folded, search_trigrams(folded) FROM fresh
          ON CONFLICT (kind, object_id) DO NOTHING RETURNING 1
        )
        SELECT (SELECT count(*) FROM made),
               coalesce((SELECT max(id) FROM {one.table}), 0)"""  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [floor_id, one.kind, one.kind])
        count, highest = cursor.fetchone()
    return int(count), int(highest)
