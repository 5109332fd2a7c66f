"""Final bills of residents who moved out: pulled from the register, a billing run each."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, transaction

from billing.accounts.models import BillingAccount
from billing.invoices.due_facts import load_due
from billing.invoices.run_models import BillingRun
from billing.invoices.runs import plan_run, rules_of, window_of
from billing.rating.models import BillingState, SessionBilling
from billing.sellers.models import Seller
from billing.sellers.selectors import default_seller, sellers_during
from core.accounts.models import Operator
from core.audit.services import record
from core.tenancy.scopes import operator_scope
from customers.residents.models import FinalBill, Resident
from customers.residents.moving import end_of_day
from customers.residents.selectors import site_day

logger = logging.getLogger(__name__)
WAITS_AT_MOST: Final = timedelta(days=14)
"""So long a final bill waits for sessions that are held, not rated or without a price."""
MOST: Final = 200
_UNDECIDED: Final = (BillingState.WAITING, BillingState.HELD, BillingState.AWAITING_PRICE)


def make_final_bills(*, now: datetime) -> int:
    """Begin the last runs of residents whose last day is over; returns how many were settled.

    Each resident is a transaction of its own and is looked at again when that is broken off.
    """
    due = Resident.objects.filter(final_bill=FinalBill.DUE, valid_until_on__lt=now.date())
    operators = Operator.objects.filter(pk__in=due.order_by().values("operator_id"))
    made = 0
    for operator in operators:
        with operator_scope(operator):
            keys = due.filter(operator=operator).order_by("valid_until_on", "pk")
            for pk in list(keys.values_list("pk", flat=True)[:MOST]):
                made += _made(pk, now)
    return made


def _made(pk: int, now: datetime) -> bool:
    try:
        return make_final_bill(pk, now=now)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        # One resident whose bill breaks off must not keep the others waiting.
        logger.exception("the final bill of resident %s broke off", pk)
        return False


@transaction.atomic
def make_final_bill(pk: int, *, now: datetime) -> bool:
    """Plan the runs of one resident's account, if their day is over and nothing is undecided."""
    row: Resident | None = (
        Resident.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("site__operator", "account")
        .filter(pk=pk, final_bill=FinalBill.DUE)
        .first()
    )
    if row is None or row.account is None or row.valid_until_on is None:
        return False
    if row.valid_until_on >= site_day(row.site, now) or _waits(row, row.account, now):
        return False
    runs = [
        run.public_id
        for seller in _sellers(row)
        if (run := _run(row, row.account, seller, now)) is not None
    ]
    row.final_bill = FinalBill.MADE if runs else FinalBill.NOTHING
    row.final_runs = runs
    row.save(update_fields=["final_bill", "final_runs"])
    record(
        "resident.final_bill", row, operator_id=row.operator_id,
        after={"final_bill": row.final_bill, "runs": runs},
    )  # fmt: skip
    return True


def _waits(resident: Resident, account: BillingAccount, now: datetime) -> bool:
    """Whether a session of the account may still come right, for at most a fortnight."""
    assert resident.valid_until_on is not None
    ends_at = end_of_day(resident.valid_until_on, resident.site.time_zone)
    if now > ends_at + WAITS_AT_MOST:
        return False
    open_ones = SessionBilling.objects.filter(
        account=account, state__in=_UNDECIDED, session__first_received_at__lt=ends_at
    )
    return bool(open_ones.exists())


def _sellers(resident: Resident) -> list[Seller]:
    """Who sells at the site on the last day, and whose fees there are."""
    day = resident.valid_until_on
    assert day is not None
    at_site = sellers_during([resident.site_id], day, day).at(resident.site_id, day).seller
    found = {one.pk: one for one in (at_site, default_seller()) if one is not None}
    return list(found.values())


def _run(
    resident: Resident, account: BillingAccount, seller: Seller, now: datetime
) -> BillingRun | None:
    """A run of the account with small amounts too; None where nothing is due."""
    last_on = resident.valid_until_on
    assert last_on is not None
    rules = rules_of(seller)
    period = (last_on.replace(day=1), last_on)
    asked = BillingRun(seller=seller, period_from_on=period[0], period_until_on=period[1])
    due = load_due(window_of(asked, rules), [account.pk]).accounts[account.pk]
    if not (due.deliveries or due.fees or due.manual):
        return None
    key = f"final:{resident.public_id}"
    try:
        with transaction.atomic():
            return plan_run(
                seller=seller, period=period, now=now, account=account,
                issues_alone=rules.issues_alone, ignores_minimum=True, schedule_key=key,
            )  # fmt: skip
    except IntegrityError:
        found: BillingRun | None = BillingRun.objects.filter(
            seller=seller, schedule_key=key
        ).first()
        return found
