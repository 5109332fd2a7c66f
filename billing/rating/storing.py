"""Storing what rating found out: revisions, states and what may be billed, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import orjson
from django.db import connection
from django.db.models import Prefetch

from billing.rating.billable import bill, withdraw
from billing.rating.copying import copy_models, copy_rows
from billing.rating.judging import Case
from billing.rating.models import (
    BillingState,
    PriceLine,
    PricePeriod,
    RatedSession,
    SessionBilling,
)
from billing.rating.result import RatingResult
from billing.rating.rows import (
    LINE_COLUMNS,
    PERIOD_COLUMNS,
    Values,
    is_same,
    line_values,
    period_values,
    rated_row,
)
from billing.rating.session_facts import Correction

SETTLED: Final = frozenset({BillingState.WAIVED, BillingState.DROPPED})
"""Decisions of people that a new rating of the same session leaves standing."""


def store(cases: Sequence[Case], *, now: datetime) -> None:
    """Write revisions that say something new, then states, then what may be billed.

    Billing rows must be locked. The number of statements does not depend on that of the cases.
    """
    again = [case for case in cases if case.billing.revision]
    current = _current(again)
    if again:
        withdraw([case.billing.session_id for case in again])
    new: list[tuple[RatedSession, RatingResult, list[Values]]] = []
    for case in cases:
        old = current.get(case.billing.session_id)
        if case.result is None or case.billing.is_free:
            case.rated = None
            continue
        rated = _row(case, case.result, now)
        lines = line_values(case.result)
        if old is not None and is_same(old, rated, lines):
            case.rated = old
            continue
        case.rated = rated
        new.append((rated, case.result, lines))
    _replace(
        [
            old
            for case in again
            if (old := current.get(case.billing.session_id)) is not None and old is not case.rated
        ]
    )
    _insert(new)
    for case in cases:
        _advance(case, now)
    write_billing([case.billing for case in cases])
    bill([(case.billing, case.rated) for case in cases], now=now)


def _current(cases: Sequence[Case]) -> dict[int, RatedSession]:
    """Current revisions of sessions that were rated before, with their lines."""
    if not cases:
        return {}
    rows = RatedSession.objects.filter(
        session_id__in=[case.billing.session_id for case in cases], is_current=True
    ).prefetch_related(Prefetch("lines", PriceLine.objects.order_by("position")))
    return {row.session_id: row for row in rows}


def _row(case: Case, result: RatingResult, now: datetime) -> RatedSession:
    session, correction = case.session, Correction.from_dict(case.billing.correction)
    started_at = correction.started_at or session.started_at
    stopped_at = correction.stopped_at or session.stopped_at
    if started_at is None or stopped_at is None:
        raise ValueError("a priced session has both ends")
    return rated_row(
        case.billing,
        session,
        result,
        bounds=(started_at, stopped_at),
        correction=correction,
        now=now,
    )


def _replace(old: Sequence[RatedSession]) -> None:
    if old:
        RatedSession.objects.filter(pk__in=[row.pk for row in old]).update(is_current=False)


def _insert(new: Sequence[tuple[RatedSession, RatingResult, list[Values]]]) -> None:
    """Revisions, their lines and periods, by COPY."""
    copy_models(RatedSession, [rated for rated, _result, _lines in new])
    owned = ("operator_id", "rated_session_id")
    copy_rows(
        PriceLine._meta.db_table,
        (*owned, *LINE_COLUMNS),
        [(rated.operator_id, rated.pk, *line) for rated, _result, lines in new for line in lines],
    )
    copy_rows(
        PricePeriod._meta.db_table,
        (*owned, *PERIOD_COLUMNS),
        [
            (rated.operator_id, rated.pk, *period)
            for rated, result, _lines in new
            for period in period_values(result)
        ],
    )


def _advance(case: Case, now: datetime) -> None:
    """The new state of the billing row (unsaved)."""
    row = case.billing
    row.is_due, row.rated_at = False, now
    if case.rated is not None:
        row.revision = case.rated.revision
    if row.is_free:
        row.state = BillingState.FREE
    elif row.state not in SETTLED:
        row.state = _state(case)


def _state(case: Case) -> BillingState:
    if case.doubts or case.result is None:
        return BillingState.HELD
    if case.result.status == "awaiting_price":
        return BillingState.AWAITING_PRICE
    return BillingState.RATED


_WRITE = """
UPDATE billing_sessionbilling AS row SET
  account_id = new.account, price_group_id = new.price_group, tariff_version_id = new.version,
  tariff_hash = new.hash, is_free = new.free, why = new.why, pinned_at = new.pinned,
  state = new.state, is_due = new.due, revision = new.revision, rated_at = new.rated
FROM jsonb_to_recordset(%s::jsonb)
  AS new(id bigint, account bigint, price_group bigint, version bigint, hash text, free bool,
         why jsonb, pinned timestamptz, state text, due bool, revision int, rated timestamptz)
WHERE row.id = new.id
"""


def write_billing(rows: Sequence[SessionBilling]) -> None:
    """Write pin and state of many rows in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [orjson.dumps([_values(row) for row in rows]).decode()])


def _values(row: SessionBilling) -> dict[str, object]:
    return {
        "id": row.pk,
        "account": row.account_id,
        "price_group": row.price_group_id,
        "version": row.tariff_version_id,
        "hash": row.tariff_hash,
        "free": row.is_free,
        "why": row.why,
        "pinned": row.pinned_at,
        "state": str(row.state),
        "due": row.is_due,
        "revision": row.revision,
        "rated": row.rated_at,
    }
