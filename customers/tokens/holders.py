"""Who had a card of a company when, by the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from core.audit.models import ActorKind, AuditEntry
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
    """Who said so, of the company's own people; others are "the operator"."""


def holdings(token: IdToken, company: Company) -> list[Holding]:
    """Who had the card while it was the company's, the latest first; four queries. What was before
    or after is nothing of the company's, nor who works for the operator."""
    rows = AuditEntry.objects.filter(
        object_type=IdToken._meta.label_lower, object_id=str(token.pk),
        after__has_key=COMPANY_ID, operator_id=token.operator_id,
    )  # fmt: skip
    entries = list(rows.order_by("-at", "-pk")[:MOST])
    refs = {one.after[DRIVER_ID] for one in entries if one.after[COMPANY_ID] == company.public_id}
    drivers = {one.public_id: one for one in Driver.objects.filter(public_id__in=refs - {""})}
    own = _own_people(company)
    found: list[Holding] = []
    until: datetime | None = None
    for one in entries:
        if one.after[COMPANY_ID] == company.public_id:
            driver = drivers.get(one.after[DRIVER_ID])
            is_own = one.actor_kind == ActorKind.PERSON and one.actor_id in own
            by = one.actor_label if is_own else _("The operator")
            found.append(Holding(driver, one.at, until, by))
        until = one.at
    return found


def _own_people(company: Company) -> set[int]:
    """Accounts that log in for the company or as one of its drivers, now or once."""
    lookers = Company.objects.filter(pk=company.pk).values_list("logins__user_id", flat=True)
    drivers = Driver.objects.filter(company=company).values_list("logins__user_id", flat=True)
    return {pk for pk in (*lookers, *drivers) if pk is not None}
