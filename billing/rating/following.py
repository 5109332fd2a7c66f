"""Following what running sessions cost, so that limits and pages can read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from billing.rating.models import SessionBilling
from billing.rating.result import RatingResult
from billing.rating.running import running_costs
from stations.sessions.models import SessionState

MOST: Final = 2_000
"""Sessions of one turn, those first that were followed longest ago."""

_WRITE: Final = """
UPDATE billing_sessionbilling AS row SET
  running_gross = new.gross, running_currency = new.currency, running_at = %s
FROM unnest(%s::bigint[], %s::numeric[], %s::text[]) AS new(id, gross, currency)
WHERE row.id = new.id
"""


@transaction.atomic
def follow_costs(*, now: datetime, limit: int = MOST) -> dict[int, RatingResult]:
    """Note what running sessions have cost so far; the costs by billing row.

    Three statements, however many sessions. Rows that another worker has are passed over.
    """
    rows = list(
        SessionBilling.objects.filter(session__state=SessionState.ACTIVE, is_free=False)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("tariff_version__tariff", "session__station__site", "session__evse")
        .order_by(F("running_at").asc(nulls_first=True), "id")[:limit]
    )
    costs: dict[int, RatingResult] = running_costs([(row, row.session) for row in rows], now)
    if rows:
        _write(rows, costs, now)
    return costs


def _write(rows: Sequence[SessionBilling], costs: dict[int, RatingResult], now: datetime) -> None:
    """What cannot be told now keeps the amount that was told before."""
    found = [(row, costs.get(row.pk)) for row in rows]
    gross = [cost.gross if cost else row.running_gross for row, cost in found]
    currencies = [cost.currency if cost else row.running_currency for row, cost in found]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [now, [row.pk for row in rows], gross, currencies])
