"""How far the journals are read: no row is missed, however late it became visible.

A row gets its number before its transaction commits, so a row with a lower number may become
visible after one with a higher. A turn therefore notes the highest number of each journal
(``next``) and the first transaction that had not begun (``until``). Once every earlier transaction
has ended, all rows up to ``next`` are visible: the turn that sees so reads them once more, and only
the one after it begins behind them (``read``). Reading a row twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Max, Q, QuerySet

from core.accounts.models import Operator
from stations.hardware.journal_models import StatusJournal
from stations.ocpp.models import AuthorisationAttempt, FrameJournal, StationEvent
from stations.sessions.models import Session

_AT_FIRST: Final = 1000
"""Rows that the first turn of all looks back."""
_TABLES: Final[dict[str, tuple[Any, str]]] = {
    "statuses": (StatusJournal, "received_at"),
    "boots": (FrameJournal, "received_at"),
    "attempts": (AuthorisationAttempt, "at"),
    "events": (StationEvent, "received_at"),
    "sessions": (Session, "first_received_at"),
}


def marks_after(marks: Mapping[str, Any]) -> dict[str, Any]:
    """The marks for the next turn; to be taken before this one reads."""
    oldest, until = _transactions()
    if marks and oldest < marks["until"]:
        return dict(marks)
    newest = {name: _newest(name) for name in _TABLES}
    begin = {name: max(number - _AT_FIRST, 0) for name, number in newest.items()}
    return {"read": marks["next"] if marks else begin, "next": newest, "until": until}


def _transactions() -> tuple[int, int]:
    """The oldest transaction that writes, and the first that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " FROM pg_current_snapshot() s"
        )
        oldest, until = cursor.fetchone()
    return int(oldest), int(until)


def _newest(name: str) -> int:
    model, _at = _TABLES[name]
    return model.objects.order_by().aggregate(newest=Max("id"))["newest"] or 0


def with_news(since: datetime, marks: Mapping[str, Any]) -> set[int]:
    """Stations with rows of a time since then, or behind what is surely read."""
    operators = list(Operator.objects.values_list("pk", flat=True))
    found: set[int] = set()
    for name, (model, at) in _TABLES.items():
        rows: QuerySet[Any] = model.objects.filter(operator_id__in=operators)
        if name == "boots":
            rows = rows.filter(action="BootNotification")
        late = [Q(id__gt=marks["read"][name])] if marks else []
        for one in (Q((f"{at}__gte", since)), *late):
            found.update(
                rows.filter(one).order_by().values_list("station_id", flat=True).distinct()
            )
    return found
