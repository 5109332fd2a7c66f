"""Whether drafts still bill what there is to bill, and taking it for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from billing.invoices.models import Invoice

# Rating locks the billing row of a session before its items, so this does too.
_HOLD: Final = """
SELECT b.id FROM billing_sessionbilling b
WHERE b.session_id IN (
  SELECT t.session_id FROM billing_invoiceitem i
  JOIN billing_billableitem t ON t.id = i.billable_id WHERE i.invoice_id = ANY(%s))
ORDER BY b.id FOR SHARE
"""
_STALE: Final = """
SELECT DISTINCT i.invoice_id FROM billing_invoiceitem i
LEFT JOIN billing_billableitem t ON t.id = i.billable_id AND t.taken_at IS NULL
LEFT JOIN billing_fee f ON f.id = i.fee_id
LEFT JOIN billing_manualitem m ON m.id = i.manual_id
WHERE i.invoice_id = ANY(%s) AND (
  (i.billable_id IS NOT NULL AND t.id IS NULL)
  OR (i.fee_id IS NOT NULL AND f.updated_at IS DISTINCT FROM i.source_at)
  OR (i.manual_id IS NOT NULL AND m.updated_at IS DISTINCT FROM i.source_at))
"""
_TAKE: Final = """
UPDATE billing_billableitem t SET taken_at = %s, taken_by = v.public_id
FROM billing_invoiceitem i JOIN billing_invoice v ON v.id = i.invoice_id
WHERE t.id = i.billable_id AND i.invoice_id = ANY(%s) AND t.taken_at IS NULL
"""


def hold_billables(drafts: Sequence[Invoice]) -> None:
    """Keep the sessions of the drafts from being rated anew until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[one.pk for one in drafts]])


def stale(drafts: Sequence[Invoice]) -> list[Invoice]:
    """Drafts that bill something that was rated anew, withdrawn or changed."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [[one.pk for one in drafts]])
        found = {key for (key,) in cursor.fetchall()}
    return [one for one in drafts if one.pk in found]


def take_billables(drafts: Sequence[Invoice], *, now: datetime) -> int:
    """Note for ever which invoice took which billable item; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now, [one.pk for one in drafts]])
        return int(cursor.rowcount)
