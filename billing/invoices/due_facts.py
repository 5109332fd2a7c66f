"""What is due of many accounts at once, read in a fixed number of statements."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from billing.accounts.fee_models import Fee, Recurrence
from billing.accounts.fee_selectors import DueFee, due, overlapping
from billing.accounts.models import VatCheck, VatOutcome
from billing.invoices.models import InvoiceItem
from billing.invoices.run_models import ManualItem
from billing.sellers.models import Seller
from core.tenancy.managers import current_operator_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whose sales are billed up to which day (included), and from which days on."""

    seller: Seller
    until_on: date
    from_on: date
    fees_from_on: date


@dataclass(frozen=True, slots=True)
class PricePart:
    """What a rated session costs of one kind at one rate."""

    kind: str
    rate: Decimal | None
    quantity: Decimal
    net: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One billable item with its session and place."""

    id: int
    account_id: int
    currency: str
    is_adjustment: bool
    session: str
    rated_id: int
    replaces_id: int | None
    adjusts_id: int | None
    adjusts_number: str | None
    delivered_on: date
    net: Decimal
    gross: Decimal
    started_at: datetime
    stopped_at: datetime
    energy_wh: Decimal
    old_energy_wh: Decimal | None
    taxes: list[dict[str, str | None]]
    old_taxes: list[dict[str, str | None]] | None
    site_id: int
    site: str
    country: str
    zone: str
    station: str
    driver: str
    cost_centre: str
    registration_number: str


@dataclass(slots=True)
class AccountDue:
    """All that is due of one account."""

    deliveries: list[Delivery] = field(default_factory=list)
    fees: list[DueFee] = field(default_factory=list)
    manual: list[ManualItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DueFacts:
    """What is due by account, prices of the sessions in it, and VAT numbers that do not hold."""

    accounts: dict[int, AccountDue]
    prices: dict[int, list[PricePart]]
    invalid_vat: frozenset[str]


# A site belongs to the seller of its contract on that day; where there is none, to the default
# one. Sites at which nobody invoices have none and are left out.
OF_SELLER: Final = """
  CASE WHEN c.id IS NULL THEN %(is_default)s ELSE c.seller_id = %(seller)s END
"""
CONTRACT: Final = """
LEFT JOIN billing_sitecontract c ON c.site_id = r.site_id
  AND (c.valid_from_on IS NULL OR c.valid_from_on <= t.delivered_on)
  AND (c.valid_until_on IS NULL OR t.delivered_on <= c.valid_until_on)
"""
UNBILLED: Final = f"""
t.operator_id = %(operator)s AND t.taken_at IS NULL
  AND t.delivered_on <= %(until)s AND t.delivered_on >= %(from)s AND {OF_SELLER}
  AND NOT EXISTS (SELECT FROM billing_invoiceitem i WHERE i.billable_id = t.id)
"""
_DELIVERIES: Final = f"""
SELECT t.id, t.account_id, t.currency, t.kind = 'adjustment' AS is_adjustment,
  s.public_id AS session, t.rated_session_id AS rated_id, t.replaces_id,
  before.id AS adjusts_id, before.number AS adjusts_number, t.delivered_on, t.net, t.gross,
  r.started_at, r.stopped_at, r.energy_wh, o.energy_wh AS old_energy_wh,
  r.taxes, o.taxes AS old_taxes,
  r.site_id, p.name AS site, p.country_code AS country, p.time_zone AS zone, a.name AS station,
  coalesce(s.token_snapshot->>'driver_name', '') AS driver,
  coalesce(s.token_snapshot->>'cost_centre', '') AS cost_centre,
  coalesce(s.token_snapshot->>'registration_number', '') AS registration_number
FROM billing_billableitem t
JOIN billing_ratedsession r ON r.id = t.rated_session_id
JOIN stations_session s ON s.id = t.session_id
JOIN stations_site p ON p.id = r.site_id
JOIN stations_station a ON a.id = r.station_id
LEFT JOIN billing_ratedsession o ON o.id = t.replaces_id
LEFT JOIN LATERAL (
  SELECT v.id, v.number FROM billing_billableitem b
  JOIN billing_invoice v ON v.public_id = b.taken_by
  WHERE t.replaces_id IS NOT NULL AND b.rated_session_id = t.replaces_id
    AND b.taken_at IS NOT NULL
  ORDER BY b.id DESC LIMIT 1) before ON true
{CONTRACT}
WHERE t.account_id = ANY(%(accounts)s) AND {UNBILLED}
ORDER BY t.account_id, r.started_at, t.id
"""  # noqa: S608 - fragments of ours
_PRICES: Final = """
SELECT l.rated_session_id, l.kind, l.tax_rate, sum(l.billed_quantity), sum(l.net), sum(l.gross)
FROM billing_priceline l WHERE l.rated_session_id = ANY(%s)
GROUP BY l.rated_session_id, l.kind, l.tax_rate ORDER BY 1, min(l.position)
"""


def load_due(window: Window, account_ids: Sequence[int]) -> DueFacts:
    """What the seller has to bill of these accounts and no draft or invoice bills yet."""
    found = {account_id: AccountDue() for account_id in account_ids}
    deliveries = _deliveries(window, account_ids)
    for one in deliveries:
        found[one.account_id].deliveries.append(one)
    for part in _fees(window, account_ids):
        found[part.fee.account_id].fees.append(part)
    for item in _manual(window, account_ids):
        found[item.account_id].manual.append(item)
    invalid = VatCheck.objects.filter(outcome=VatOutcome.INVALID)
    return DueFacts(
        found,
        _prices([one.rated_id for one in deliveries if not one.is_adjustment]),
        frozenset(invalid.values_list("vat_number", flat=True)),
    )


def parameters(window: Window) -> dict[str, Any]:
    """What the statements of this room ask by."""
    return {
        "operator": current_operator_id() or window.seller.operator_id,
        "seller": window.seller.pk,
        "seller_ref": window.seller.public_id,
        "is_default": window.seller.is_default,
        "until": window.until_on,
        "from": window.from_on,
        "fees_from": window.fees_from_on,
    }


def _deliveries(window: Window, account_ids: Sequence[int]) -> list[Delivery]:
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, parameters(window) | {"accounts": list(account_ids)})
        names = [column.name for column in cursor.description or ()]
        return [Delivery(**_decoded(names, row)) for row in cursor.fetchall()]


def _decoded(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(names, row, strict=True))
    for name in ("taxes", "old_taxes"):
        if isinstance(found[name], str):
            found[name] = json.loads(found[name])
    return found


def _prices(rated_ids: Sequence[int]) -> dict[int, list[PricePart]]:
    found: dict[int, list[PricePart]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, [list(rated_ids)])
        for rated_id, *values in cursor.fetchall():
            found.setdefault(rated_id, []).append(PricePart(*values))
    return found


def _fees(window: Window, account_ids: Collection[int]) -> list[DueFee]:
    """Parts of fees that no invoice has. A month is billed once: when it, or the fee, is over."""
    own = [window.seller.public_id, *([""] if window.seller.is_default else [])]
    rows = Fee.objects.filter(account_id__in=account_ids, seller_ref__in=own)
    rows = rows.select_related("account")
    if window.fees_from_on > window.until_on:
        return []
    every = list(overlapping(rows, window.fees_from_on, window.until_on))
    if not every:
        return []
    keys = set(InvoiceItem.objects.filter(fee__in=every).values_list("key", flat=True))
    parts = due(every, window.fees_from_on, window.until_on)
    return [part for part in parts if _is_over(part) and fee_key(part) not in keys]


def _is_over(due_fee: DueFee) -> bool:
    part = due_fee.part
    is_once = not part.days
    return (
        is_once or part.until_on.day == part.days_in_month or part.until_on == due_fee.fee.ends_on
    )


def _manual(window: Window, account_ids: Collection[int]) -> list[ManualItem]:
    rows = ManualItem.objects.filter(
        invoice_items=None,
        seller=window.seller,
        account_id__in=account_ids,
        due_on__lte=window.until_on,
    )
    return list(rows.order_by("due_on", "pk"))


def billable_key(billable_id: int) -> str:
    """Under which key a billable item is billed."""
    return f"item:{billable_id}"


def fee_key(part: DueFee) -> str:
    """Under which key a part of a fee is billed: once, or once a calendar month."""
    if part.fee.recurrence == Recurrence.ONCE:
        return f"fee:{part.fee.pk}:once"
    return f"fee:{part.fee.pk}:{part.part.from_on:%Y-%m}"


def manual_key(item: ManualItem) -> str:
    """Under which key an item entered by hand is billed."""
    return f"manual:{item.pk}"
