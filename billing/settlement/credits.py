"""What credit notes take back of sessions that statements count, each note once a session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection

from billing.settlement.credit_rule import Credited, Part, Revenue, limited, taken_back
from billing.settlement.facts import Counted
from billing.settlement.models import Statement
from billing.settlement.statement_rule import Terms, Usage, applying

# Lines of one group of items follow each other: the group of an item begins with its line and
# ends before the first line of the next group.
_CREDITS: Final = """
WITH notes AS (
  SELECT n.id, n.number, n.original_id FROM billing_invoice n
  WHERE n.operator_id = %(operator)s AND n.kind = 'credit_note' AND n.state <> 'draft'
    AND n.currency = %(currency)s AND n.issued_on >= %(from)s
), starts AS (
  SELECT i.invoice_id, l.position AS first, count(*) AS items,
    lead(l.position) OVER (PARTITION BY i.invoice_id ORDER BY l.position) AS next
  FROM billing_invoiceitem i JOIN billing_invoiceline l ON l.id = i.line_id
  WHERE i.invoice_id IN (SELECT original_id FROM notes)
  GROUP BY i.invoice_id, l.position
), lines AS (
  SELECT s.invoice_id, s.first, l.id, l.kind = 'energy' AS is_energy, l.gross
  FROM starts s JOIN billing_invoiceline l ON l.invoice_id = s.invoice_id
    AND l.position >= s.first AND (s.next IS NULL OR l.position < s.next)
), wholes AS (
  SELECT invoice_id, first, coalesce(sum(gross) FILTER (WHERE is_energy), 0) AS energy,
    coalesce(sum(gross) FILTER (WHERE NOT is_energy), 0) AS other
  FROM lines GROUP BY invoice_id, first
), parts AS (
  SELECT n.id AS note_id, n.number, o.invoice_id, o.first,
    coalesce(sum(c.gross) FILTER (WHERE o.is_energy), 0) AS energy,
    coalesce(sum(c.gross) FILTER (WHERE NOT o.is_energy), 0) AS other,
    coalesce(sum(c.net) FILTER (WHERE NOT o.is_energy), 0) AS other_net
  FROM notes n JOIN billing_invoiceline c ON c.invoice_id = n.id
  JOIN lines o ON o.id = c.credits_id
  GROUP BY n.id, n.number, o.invoice_id, o.first
), running AS (
  SELECT p.*, sum(p.energy) OVER earlier AS energy_before, sum(p.other) OVER earlier AS other_before
  FROM parts p
  WINDOW earlier AS (PARTITION BY p.invoice_id, p.first ORDER BY p.note_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT p.note_id, p.number, i.id AS item_id, r.id AS rated_id, r.session_id, r.station_id,
  r.delivered_on, t.kind = 'adjustment' AS is_adjustment, s.items, t.net, b.net AS rated_net,
  old.net AS old_net, coalesce(be.net, 0) AS energy_net, coalesce(oe.net, 0) AS old_energy_net,
  w.energy AS energy_billed, w.other AS other_billed, p.energy, p.other, p.other_net,
  coalesce(p.energy_before, 0) AS energy_before, coalesce(p.other_before, 0) AS other_before,
  coalesce(k.energy_net, 0) AS counted_energy_net, coalesce(k.net, 0) AS counted_net
FROM running p
JOIN starts s USING (invoice_id, first)
JOIN wholes w USING (invoice_id, first)
JOIN billing_invoiceline l ON l.invoice_id = p.invoice_id AND l.position = p.first
JOIN billing_invoiceitem i ON i.line_id = l.id
JOIN billing_billableitem t ON t.id = i.billable_id
JOIN billing_ratedsession r ON r.session_id = t.session_id AND r.is_current
JOIN billing_ratedsession b ON b.id = t.rated_session_id
LEFT JOIN billing_ratedsession old ON old.id = t.replaces_id
LEFT JOIN LATERAL (SELECT sum(net) AS net FROM billing_priceline
  WHERE rated_session_id = b.id AND kind = 'ENERGY') be ON true
LEFT JOIN LATERAL (SELECT sum(net) AS net FROM billing_priceline
  WHERE rated_session_id = old.id AND kind = 'ENERGY') oe ON true
LEFT JOIN LATERAL (SELECT sum(x.energy_net) AS energy_net, sum(x.net) AS net
  FROM billing_statementitem x
  WHERE x.session_id = r.session_id AND x.statement_id <> %(statement)s) k ON true
WHERE r.site_id = %(site)s AND r.delivered_on BETWEEN %(from)s AND %(until)s
  AND NOT EXISTS (SELECT FROM billing_statementitem x WHERE x.operator_id = %(operator)s
    AND x.statement_id <> %(statement)s AND x.key = 'credit:' || p.note_id || ':' || i.id)
ORDER BY p.note_id, i.id
"""


class _Row(NamedTuple):
    """A line of the query above, in its order."""

    note_id: int
    number: str
    item_id: int
    rated_id: int
    session_id: int
    station_id: int
    delivered_on: Any
    is_adjustment: bool
    items: int
    net: Decimal
    rated_net: Decimal
    old_net: Decimal | None
    energy_net: Decimal
    old_energy_net: Decimal
    energy_billed: Decimal
    other_billed: Decimal
    energy: Decimal
    other: Decimal
    other_net: Decimal
    energy_before: Decimal
    other_before: Decimal
    counted_energy_net: Decimal
    counted_net: Decimal


def uncounted_credits(
    statement: Statement, terms: Sequence[Terms], sessions: Iterable[Counted]
) -> list[Counted]:
    """What credit notes took back of sessions up to the last day of the statement, on days of the
    terms, that no other statement has counted. ``sessions``: what this one counts of them."""
    if not terms:
        return []
    left: dict[int, Revenue] = {}
    now: dict[int, Revenue] = defaultdict(lambda: Revenue(Decimal(0), Decimal(0)))
    for one in sessions:
        now[one.session_id] = Revenue(one.usage.energy_net, one.usage.net)
    found = []
    for row in _rows(statement, terms):
        if applying(terms, row.station_id, row.delivered_on) is None:
            continue
        own = now[row.session_id]
        counted = left.get(row.session_id) or Revenue(
            row.counted_energy_net + own.energy_net, row.counted_net + own.net
        )
        taken = limited(taken_back(_credited(row)), counted)
        left[row.session_id] = Revenue(
            counted.energy_net - taken.energy_net, counted.net - taken.net
        )
        if taken.energy_net or taken.net:
            found.append(_counted(row, taken, statement))
    return found


def _rows(statement: Statement, terms: Sequence[Terms]) -> list[_Row]:
    parameters: dict[str, Any] = {
        "statement": statement.pk or 0,
        "operator": statement.operator_id,
        "site": statement.site_id,
        "currency": statement.currency,
        "from": min(one.from_on for one in terms),
        "until": statement.period_until_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CREDITS, parameters)
        return [_Row(*row) for row in cursor.fetchall()]


def _credited(row: _Row) -> Credited:
    energy_net, net = row.energy_net, row.net
    if row.is_adjustment:
        energy_net -= row.old_energy_net
        if row.rated_net - (row.old_net or 0) != net:
            # Waived or dropped: all that was billed went back, its energy too.
            energy_net = row.energy_net * net / row.rated_net if row.rated_net else Decimal(0)
    return Credited(
        energy_net=energy_net,
        net=net,
        energy=Part(billed=row.energy_billed, before=row.energy_before, credited=row.energy),
        other=Part(billed=row.other_billed, before=row.other_before, credited=row.other),
        other_net=row.other_net,
        items=row.items,
        is_adjustment=row.is_adjustment,
    )


def _counted(row: _Row, taken: Revenue, statement: Statement) -> Counted:
    return Counted(
        key=f"credit:{row.note_id}:{row.item_id}",
        session_id=row.session_id,
        rated_id=row.rated_id,
        credit_note_id=row.note_id,
        credit_note=row.number,
        usage=Usage(
            on=row.delivered_on,
            station_id=row.station_id,
            energy_wh=Decimal(0),
            sessions=0,
            energy_net=-taken.energy_net,
            net=-taken.net,
            is_late=row.delivered_on < statement.period_from_on,
        ),
    )
