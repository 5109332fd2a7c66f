"""What a statement counts: sessions of the site, less what statements counted of them before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from billing.energy.models import EnergyCost
from billing.rating.models import BillingState, SessionBilling
from billing.settlement.models import Statement, StatementItem
from billing.settlement.periods import period_end
from billing.settlement.statement_rule import MonthCost, Terms, Usage, applying


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A session, or what changed of it, with the key under which it is counted; or what a credit
    note took back of it."""

    key: str
    session_id: int
    rated_id: int
    usage: Usage
    credit_note_id: int | None = None
    credit_note: str = ""


# The current price of a session, once it is decided: one that costs nothing used energy all the
# same; one that was dropped was none. What other statements counted of it is taken off, so that
# a session is counted once, and a price that changed later makes a difference. What credit notes
# took back stands beside the price: a lower price takes back no more than is left.
_SESSIONS: Final = """
SELECT r.id, r.session_id, r.station_id, r.delivered_on,
  CASE WHEN b.state = 'dropped' THEN 0 ELSE r.energy_wh END - coalesce(s.energy_wh, 0),
  CASE WHEN b.state = 'dropped' THEN 0 ELSE 1 END - coalesce(s.sessions, 0),
  greatest(CASE WHEN b.state = 'rated' THEN coalesce(e.net, 0) ELSE 0 END
    - coalesce(s.energy_net, 0), -s.energy_left),
  greatest(CASE WHEN b.state = 'rated' THEN r.net ELSE 0 END - coalesce(s.net, 0), -s.net_left),
  s.times
FROM billing_ratedsession r
JOIN billing_sessionbilling b ON b.session_id = r.session_id
  AND b.state IN ('rated', 'free', 'waived', 'dropped')
LEFT JOIN LATERAL (
  SELECT sum(l.net) AS net FROM billing_priceline l
  WHERE l.rated_session_id = r.id AND l.kind = 'ENERGY') e ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE i.credit_note_id IS NULL) AS times,
    sum(i.energy_wh) AS energy_wh, sum(i.sessions) AS sessions,
    sum(i.energy_net) FILTER (WHERE i.credit_note_id IS NULL) AS energy_net,
    sum(i.net) FILTER (WHERE i.credit_note_id IS NULL) AS net,
    CASE WHEN count(i.credit_note_id) > 0 THEN sum(i.energy_net) END AS energy_left,
    CASE WHEN count(i.credit_note_id) > 0 THEN sum(i.net) END AS net_left
  FROM billing_statementitem i
  WHERE i.session_id = r.session_id AND i.statement_id <> %(statement)s) s ON true
WHERE r.operator_id = %(operator)s AND r.site_id = %(site)s AND r.is_current
  AND r.currency = %(currency)s AND r.delivered_on BETWEEN %(from)s AND %(until)s
ORDER BY r.delivered_on, r.id
"""
COST_KEY: Final = "cost:"
_NOTHING: Final = (Decimal(0), 0, Decimal(0), Decimal(0))


def uncounted(statement: Statement, terms: Sequence[Terms]) -> list[Counted]:
    """Sessions up to the last day of the statement, on days of the terms, that no other statement
    has counted as they are now."""
    if not terms:
        return []
    parameters: dict[str, Any] = {
        "statement": statement.pk or 0,
        "operator": statement.operator_id,
        "site": statement.site_id,
        "currency": statement.currency,
        "from": min(one.from_on for one in terms),
        "until": statement.period_until_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, parameters)
        rows = cursor.fetchall()
    return [
        _counted(row, statement.period_from_on)
        for row in rows
        if tuple(row[4:8]) != _NOTHING and applying(terms, row[2], row[3]) is not None
    ]


def _counted(row: Sequence[Any], first: date) -> Counted:
    rated_id, session_id, station_id, day, energy_wh, sessions, energy_net, net, times = row
    usage = Usage(
        on=day,
        station_id=station_id,
        energy_wh=energy_wh,
        sessions=sessions,
        energy_net=energy_net,
        net=net,
        is_late=day < first,
    )
    return Counted(
        key=f"session:{session_id}:{times + 1}",
        session_id=session_id,
        rated_id=rated_id,
        usage=usage,
    )


@dataclass(frozen=True, slots=True)
class CountedCost:
    """What one host bears of a cost of energy, with the key under which it is counted."""

    energy_cost_id: int
    host_id: int
    cost: MonthCost

    @property
    def key(self) -> str:
        """The same for the same cost and host: hosts that follow each other within a month share
        it by their days."""
        return f"{COST_KEY}{self.energy_cost_id}:{self.host_id}"


def cost_of(key: str) -> int:
    """The cost of energy that a key of ``CountedCost`` names."""
    return int(key.split(":")[1])


def uncounted_costs(statement: Statement, terms: Sequence[Terms]) -> list[CountedCost]:
    """Costs of the site's energy up to the last month of the statement that no other statement of
    the host counts; none where no term passes them on."""
    passing = [own for own in terms if any(one.kind == "energy_cost" for one in own.terms)]
    if not passing:
        return []
    first = min(own.from_on for own in passing).replace(day=1)
    rows = EnergyCost.objects.filter(
        site_id=statement.site_id,
        currency=statement.currency,
        month_on__gte=first,
        month_on__lte=statement.period_until_on,
    ).order_by("month_on", "pk")
    others = set(
        StatementItem.objects.filter(
            statement__site_id=statement.site_id,
            statement__host_id=statement.host_id,
            key__startswith=COST_KEY,
        )
        .exclude(statement_id=statement.pk or 0)
        .values_list("key", flat=True)
    )
    month = statement.period_from_on.replace(day=1)
    found = [
        CountedCost(
            row.pk,
            statement.host_id,
            MonthCost(month=row.month_on, net=row.net, is_late=row.month_on < month),
        )
        for row in rows
    ]
    return [one for one in found if one.key not in others and _is_passed_on(one, passing)]


def _is_passed_on(one: CountedCost, passing: Sequence[Terms]) -> bool:
    """Whether terms hold on any day of its month."""
    first = one.cost.month
    last = period_end(first, "month")
    return any(
        own.from_on <= last and (own.until_on is None or first <= own.until_on) for own in passing
    )


def items_of(
    statement: Statement, counted: Iterable[Counted], costs: Iterable[CountedCost]
) -> list[StatementItem]:
    """The rows that keep what was counted (unsaved)."""
    own = {"operator_id": statement.operator_id, "statement": statement}
    return [
        *(
            StatementItem(
                **own,
                key=one.key,
                counted_on=one.cost.month,
                is_late=one.cost.is_late,
                cost=one.cost.net,
            )
            for one in costs
        ),
        *_session_items(statement, counted),
    ]


def _session_items(statement: Statement, counted: Iterable[Counted]) -> list[StatementItem]:
    return [
        StatementItem(
            operator_id=statement.operator_id,
            statement=statement,
            key=one.key,
            session_id=one.session_id,
            rated_session_id=one.rated_id,
            station_id=one.usage.station_id,
            counted_on=one.usage.on,
            is_late=one.usage.is_late,
            energy_wh=one.usage.energy_wh,
            sessions=one.usage.sessions,
            energy_net=one.usage.energy_net,
            net=one.usage.net,
            credit_note_id=one.credit_note_id,
        )
        for one in counted
    ]


def undecided(statement: Statement) -> int:
    """How many sessions of the period, in the zone of the site, are held or wait for a price."""
    zone = ZoneInfo(statement.site.time_zone)
    begin = datetime.combine(statement.period_from_on, time(), zone)
    end = datetime.combine(statement.period_until_on + timedelta(days=1), time(), zone)
    return SessionBilling.objects.filter(
        session__station__site_id=statement.site_id,
        state__in=(BillingState.HELD, BillingState.AWAITING_PRICE),
        session__stopped_at__gte=begin,
        session__stopped_at__lt=end,
    ).count()
