"""Settling the demo's hosts month by month, and paying them by two people."""

from __future__ import annotations

from datetime import date, datetime

from billing.sellers.models import Seller
from billing.settlement.issuing import issue_statement
from billing.settlement.payable import balances, unpaid
from billing.settlement.payout_models import PayoutBatch
from billing.settlement.payout_services import (
    approve_batch,
    finish_payout,
    order_batch,
    propose_batch,
)
from billing.settlement.preparing import places_with_terms, prepare, settled_until
from core.accounts.acting import acting_for
from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role


def settle_hosts(until_on: date, *, at: datetime) -> bool:
    """Issue what is over of one host up to a day; False: nothing was left."""
    for site_id, host_id in places_with_terms():
        done = settled_until(site_id, host_id)
        if done is not None and done >= until_on:
            continue
        for draft in prepare(site_id, host_id, now=at):
            if draft.period_until_on <= until_on:
                issue_statement(statement=draft, now=at)
                return True
    return False


def pay_hosts(operator: Operator, seller: Seller, *, at: datetime, is_last: bool) -> bool:
    """A batch of what is owed on a day: paid, or (the last one) waiting for approval."""
    day = at.date()
    people = _people(operator)
    rows = list(unpaid(seller))
    if any(one.owed_on and one.owed_on > day for one in rows):
        return False
    owed = [one for one in balances(rows) if not one.why_not]
    made = PayoutBatch.objects.filter(seller=seller, pay_on__gte=day)
    if not owed or len(people) < 2 or not seller.iban or made.exists():
        return False
    with acting_for(people[0]):
        batch = propose_batch(seller=seller, currency=owed[0].currency, pay_on=day, now=at)
    if is_last:
        return True
    with acting_for(people[1]):
        approve_batch(batch=batch, by=people[1].user)
    order_batch(batch=batch, now=at)
    for payout in batch.payouts.all():
        finish_payout(payout=payout, paid_on=day, now=at)
    return True


def _people(operator: Operator) -> list[Membership]:
    """An accountant and an owner, if there are both."""
    found = []
    for role in (Role.ACCOUNTANT, Role.OWNER):
        rows = Membership.objects.filter(operator=operator, role=role)
        one = rows.select_related("user", "operator").order_by("pk").first()
        if one is not None:
            found.append(one)
    return found
