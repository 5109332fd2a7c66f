"""Stopping a session remotely when what it costs reaches a limit: budget, hold or credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.rating.models import BillableItem, SessionBilling
from billing.rating.running import running_cost
from core.audit.services import record
from core.errors import RuleViolation
from stations.commands.models import CommandState
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session, SessionState

ASK_AGAIN_AFTER: Final = timedelta(minutes=5)
"""A station that did not stop is asked again."""


@dataclass(frozen=True, slots=True)
class SpendingLimit:
    """The most that a session may still cost, with tax, and whose limit it is."""

    kind: Literal["budget", "hold", "credit"]
    gross: Decimal
    currency: str


def stop_at_limit(
    *, billing: SessionBilling, session: Session, limit: SpendingLimit, now: datetime
) -> bool:
    """Ask the station to stop if the cost so far has reached the limit; whether it was asked.

    Nothing is asked twice within five minutes, nor of a session that has ended, nor by a limit in
    another currency. A station that cannot be asked now is asked five minutes later.
    """
    if session.state != SessionState.ACTIVE:
        return False
    result = running_cost(billing, session, now)
    if result is None or result.currency != limit.currency or result.gross < limit.gross:
        return False
    return _ask(billing, session, limit, result.gross, now)


def may_ask(billing: SessionBilling, now: datetime) -> bool:
    """Whether the station was not asked within five minutes; then it counts as asked now."""
    claimed = SessionBilling.objects.filter(pk=billing.pk).exclude(
        stop_requested_at__gt=now - ASK_AGAIN_AFTER
    )
    return bool(claimed.update(stop_requested_at=now))


@transaction.atomic
def _ask(
    billing: SessionBilling, session: Session, limit: SpendingLimit, gross: Decimal, now: datetime
) -> bool:
    if not may_ask(billing, now):
        return False
    wanted = Request(
        command="remote_stop",
        parameters={"transaction": session.ocpp_transaction_id},
        reason=_("The limit of %(limit)s %(currency)s has been reached.")
        % {"limit": limit.gross, "currency": limit.currency},
    )
    refusal = _send(session, wanted)
    if refusal:
        record(
            "session.stop_refused",
            session,
            operator_id=session.operator_id,
            after={"limit": limit.kind, "gross": gross, "currency": limit.currency},
            reason=refusal,
        )
        return False
    record(
        "session.stop_at_limit",
        session,
        operator_id=session.operator_id,
        after={
            "limit": limit.kind,
            "limit_gross": limit.gross,
            "gross": gross,
            "currency": limit.currency,
        },
    )
    return True


def _send(session: Session, wanted: Request) -> str:
    """Why the station could not be asked; empty if it was."""
    try:
        with transaction.atomic():
            command = send(session.station, wanted)
    except RuleViolation as refusal:
        return str(refusal.message)
    return command.error_text if command.state == CommandState.REFUSED_OFFLINE else ""


def stop_beyond_credit(*, now: datetime, limit: int = 500) -> int:
    """Stop sessions whose account's credit limit is used up by what waits for a bill and by what
    runs; returns how many were asked to stop. What runs counts in the order of the starts."""
    rows = list(
        SessionBilling.objects.filter(
            session__state=SessionState.ACTIVE, account__credit_limit_amount__isnull=False
        )
        .select_related(
            "account", "tariff_version__tariff", "session__station__site", "session__evse"
        )
        .order_by("session__started_at", "id")[:limit]
    )
    used = _unbilled({row.account_id for row in rows if row.account_id is not None})
    stopped = 0
    for row in rows:
        account = row.account
        if account is None or account.credit_limit_amount is None:
            continue
        left = account.credit_limit_amount - used[account.pk]
        credit = SpendingLimit("credit", max(left, Decimal(0)), account.currency)
        stopped += stop_at_limit(billing=row, session=row.session, limit=credit, now=now)
        result = running_cost(row, row.session, now)
        if result is not None and result.currency == account.currency:
            used[account.pk] += result.gross
    return stopped


def _unbilled(account_ids: set[int]) -> defaultdict[int, Decimal]:
    """What waits for a bill, by account."""
    found: defaultdict[int, Decimal] = defaultdict(Decimal)
    rows: list[Mapping[str, object]] = list(
        BillableItem.objects.filter(account_id__in=account_ids, taken_at=None)
        .order_by()
        .values("account_id")
        .annotate(total=Sum("gross"))
    )
    for row in rows:
        found[int(str(row["account_id"]))] = Decimal(str(row["total"]))
    return found
