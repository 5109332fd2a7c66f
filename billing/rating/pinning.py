"""Pinning: who pays for a session and by which tariff version, as of its start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from billing.accounts.models import BillingAccount
from billing.rating.attribution import attributor
from billing.rating.models import BillingState, SessionBilling
from billing.tariffs.models import TariffVersion
from stations.sessions.models import Session, SessionState

MOST_LIVE = 500


def pin(rows: Sequence[SessionBilling], *, now: datetime) -> None:
    """Fill in account, price group and tariff version of rows that have none (unsaved).

    A pinned tariff version stays, and so does an account that was found. Sessions must be loaded
    with ``station__site`` and ``evse``. Four queries an operator at most, however many rows.
    """
    open_rows = [row for row in rows if not is_pinned(row)]
    by_operator: dict[int, list[SessionBilling]] = defaultdict(list)
    for row in open_rows:
        by_operator[row.operator_id].append(row)
    for group in by_operator.values():
        sessions = [row.session for row in group]
        found = attributor().attribute(sessions, operator=group[0].operator)
        for row in group:
            given = found.get(row.session_id)
            if given is not None:
                row.account_id = row.account_id or given.account_id
                row.price_group_id = row.price_group_id or given.price_group_id
                if not row.tariff_version_id or row.state == BillingState.AWAITING_PRICE:
                    row.tariff_version_id = given.tariff_version_id or row.tariff_version_id
                row.is_free = given.is_free
                row.why = [one.as_json() for one in given.why]
                row.pinned_at = now
    _load(open_rows)


def is_pinned(row: SessionBilling) -> bool:
    """Whether nothing about who pays, and by what, is open."""
    if row.is_free or row.state == BillingState.AWAITING_PRICE:
        return row.is_free and row.pinned_at is not None
    return row.tariff_version_id is not None and row.account_id is not None


def _load(rows: Iterable[SessionBilling]) -> None:
    """Read accounts and versions of newly pinned rows, and keep the version's hash."""
    version_ids = {row.tariff_version_id for row in rows if row.tariff_version_id}
    account_ids = {row.account_id for row in rows if row.account_id}
    versions = TariffVersion.objects.select_related("tariff").in_bulk(version_ids)
    accounts = BillingAccount.objects.in_bulk(account_ids)
    for row in rows:
        version = versions.get(row.tariff_version_id)
        if version is not None:
            row.tariff_version, row.tariff_hash = version, version.digest
        row.account = accounts.get(row.account_id)


def pin_live_sessions(*, now: datetime) -> int:
    """Pin the tariff of sessions that run, so that their cost is known; returns how many."""
    sessions = list(
        Session.objects.filter(
            state=SessionState.ACTIVE, started_at__isnull=False, billing__isnull=True
        )
        .select_related("operator", "station__site", "evse")
        .order_by("id")[:MOST_LIVE]
    )
    rows = [SessionBilling(operator=one.operator, session=one) for one in sessions]
    pin(rows, now=now)
    SessionBilling.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
