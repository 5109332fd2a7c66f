"""Who had a card of a company when, by the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.audit.models import AuditEntry
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.tokens.models import IdToken

DRIVER_ID: Final = "driver_id"
COMPANY_ID: Final = "company_id"
"""In ``after`` of an entry about a card that got another holder: their public ids, or ""."""
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Holding:
    """A driver (None: the pool) who had a card from then until another got it (None: still)."""

    driver: Driver | None
    from_at: datetime
    until_at: datetime | None
    by: str


def holdings(token: IdToken, company: Company) -> list[Holding]:
    """Who had the card while it was the company's, the latest first; two queries. What was before
    or after is nothing of the company's."""
    rows = AuditEntry.objects.filter(
        object_type=IdToken._meta.label_lower, object_id=str(token.pk),
        after__has_key=COMPANY_ID, operator_id=token.operator_id,
    )  # fmt: skip
    entries = list(rows.order_by("-at", "-pk")[:MOST])
    refs = {one.after[DRIVER_ID] for one in entries if one.after[COMPANY_ID] == company.public_id}
    drivers = {one.public_id: one for one in Driver.objects.filter(public_id__in=refs - {""})}
    found: list[Holding] = []
    until: datetime | None = None
    for one in entries:
        if one.after[COMPANY_ID] == company.public_id:
            driver = drivers.get(one.after[DRIVER_ID])
            found.append(Holding(driver, one.at, until, one.actor_label))
        until = one.at
    return found
