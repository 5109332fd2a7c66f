"""Finding a presented token fast: one statement, no model instances.

Every start of every session comes through here, so it does what ``find_token`` does for
people with a hundredth of the work. The operator is part of the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from customers.tokens.uid import normalise

_FIND = """
SELECT t.id, t.uid, t.status, t.expires_at, t.group_id, t.label, t.purpose, t.kind,
       t.printed_number, t.max_concurrent_sessions, t.max_energy_wh_per_month,
       ARRAY(SELECT s.site_id FROM customers_idtoken_allowed_sites s WHERE s.idtoken_id = t.id)
FROM customers_idtoken t
WHERE t.operator_id = %s AND upper(t.uid) = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as the authoriser needs it."""

    pk: int
    uid: str
    status: str
    expires_at: datetime | None
    group_id: str
    label: str
    purpose: str
    kind: str
    printed_number: str
    max_concurrent_sessions: int | None
    max_energy_wh_per_month: int | None
    allowed_site_ids: list[int]


def find_known_token(operator_id: int, presented: str) -> KnownToken | None:
    """The operator's token with this UID, compared without case; the exact spelling first."""
    plain = presented.strip()
    forms = [plain.upper(), normalise(plain).uid.upper()]
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [operator_id, forms])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    tokens = {row[1].upper(): KnownToken(*row) for row in rows}
    return tokens.get(forms[0]) or next(iter(tokens.values()), None)
