"""Rating sessions that ended: pulled from the database, priced, judged and stored in bulk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import orjson
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from billing.rating.judging import Judge
from billing.rating.models import SessionBilling
from billing.rating.pinning import pin
from billing.rating.pricing import price
from billing.rating.storing import store
from stations.sessions.models import Session, SessionState
from stations.sessions.stored import in_columns

logger = logging.getLogger(__name__)

BATCH: Final = 200
_SHARED: Final = (
    "operator", "account", "tariff_version__tariff", "session__station__site", "session__evse",
)  # fmt: skip
"""What many sessions of a batch have in common: read once, not beside each of them."""


def rate_due_sessions(
    *, judge: Judge, now: datetime | None = None, limit: int = BATCH, only: int | None = None
) -> int:
    """Rate one batch of sessions that are due; returns how many rows were taken.

    Rows are locked and those that another worker has are passed over. All of a batch is stored
    or nothing: a killed worker leaves them due. A batch that fails is tried again one by one, so
    that one session that cannot be rated keeps no other waiting. ``only``: this row alone; then
    an error is raised.
    """
    if only is not None:
        with transaction.atomic():
            return len(_rate(_take(1, pk=only), judge=judge, now=now or timezone.now()))
    try:
        with transaction.atomic():
            return len(_rate(_take(limit), judge=judge, now=now or timezone.now()))
    except Exception:
        logger.exception("a batch of sessions could not be rated; trying one by one")
    return sum(_rate_alone(pk, judge, now or timezone.now()) for pk in _due_ids(limit))


def _due_ids(limit: int) -> list[int]:
    return list(
        SessionBilling.objects.filter(is_due=True)
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )


def _rate_alone(pk: int, judge: Judge, now: datetime) -> int:
    try:
        with transaction.atomic():
            return len(_rate(_take(1, pk=pk), judge=judge, now=now))
    except Exception:
        logger.exception("session billing %s could not be rated", pk)
        return 0


def _take(limit: int, **only: int) -> list[SessionBilling]:
    """Due rows, locked, with what rating reads.

    Curves come as text and are read by the fastest reader: with many readings they are most of
    what is loaded.
    """
    rows = list(
        SessionBilling.objects.filter(is_due=True, **only)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("session")
        .prefetch_related(*_SHARED)
        .defer("session__intervals")
        .annotate(curve_text=Cast("session__intervals", TextField()))
        .order_by("id")[:limit]
    )
    for row in rows:
        row.session.intervals = in_columns(orjson.loads(row.curve_text))
        row.curve_text = ""
    return rows


def _rate(
    rows: Sequence[SessionBilling], *, judge: Judge, now: datetime
) -> Sequence[SessionBilling]:
    """Price, judge and store rows that are locked."""
    ready = [row for row in rows if _is_ready(row.session)]
    waiting = [row.pk for row in rows if not _is_ready(row.session)]
    if waiting:  # the database makes them due again when the reconciler has written them
        SessionBilling.objects.filter(pk__in=waiting).update(is_due=False)
    if ready:
        pin(ready, now=now)
        cases = price(ready, now=now)
        judge.doubts(cases)
        store(cases, now=now)
        judge.keep(cases)
    return rows


def _is_ready(session: Session) -> bool:
    return session.state != SessionState.ACTIVE and not session.reconcile_due
