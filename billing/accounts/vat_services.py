"""Checking VAT numbers in VIES, with the answers kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount, VatCheck, VatOutcome
from billing.accounts.vies import COVERED, VatAnswer, register
from core.audit.services import record
from core.errors import RuleViolation
from core.operators.selectors import setup_of

KEPT: Final = timedelta(days=30)
KEPT_WITHOUT_ANSWER: Final = timedelta(minutes=10)
_OUTCOMES: Final = {
    True: VatOutcome.VALID,
    False: VatOutcome.INVALID,
    None: VatOutcome.UNAVAILABLE,
}


def check_vat_number(
    *, account: BillingAccount, now: datetime, asks_again: bool = False
) -> VatCheck:
    """The register's answer about the account's VAT number: a kept one while it is fresh.

    Refuses an account without a number, and numbers that VIES does not cover. ``asks_again``
    passes over a kept verdict. No answer is kept for ten minutes only, and never over a verdict.
    """
    number = account.vat_number
    if not number:
        raise RuleViolation("no_vat_number", _("The account has no VAT number."))
    if number[:2] not in COVERED:
        raise RuleViolation("not_covered", _("VIES knows VAT numbers of the EU alone."))
    kept = vat_check_of(account)
    if kept is not None and not asks_again and now - kept.checked_at < _keeping(kept):
        return kept
    # Outside any transaction: another office's register may take seconds.
    answer = register().check(number, asked_by=setup_of(account.operator).vat_number)
    return _keep(account, kept, answer, now)


def vat_check_of(account: BillingAccount) -> VatCheck | None:
    """What the register said of the account's present number; None if it was never asked."""
    if not account.vat_number:
        return None
    found: VatCheck | None = VatCheck.objects.filter(vat_number=account.vat_number).first()
    return found


def _keeping(kept: VatCheck) -> timedelta:
    return KEPT_WITHOUT_ANSWER if kept.outcome == VatOutcome.UNAVAILABLE else KEPT


@transaction.atomic
def _keep(
    account: BillingAccount, kept: VatCheck | None, answer: VatAnswer, now: datetime
) -> VatCheck:
    outcome = _OUTCOMES[answer.is_valid]
    values = {
        "outcome": outcome,
        "name": answer.name,
        "address": answer.address,
        "reference": answer.reference,
        "error": answer.error,
        "checked_at": now,
    }
    if kept is not None and answer.is_valid is None and kept.outcome != VatOutcome.UNAVAILABLE:
        # The last verdict still says more than silence.
        values = {"error": answer.error}
    check, _new = VatCheck.objects.update_or_create(
        operator_id=account.operator_id, vat_number=account.vat_number, defaults=values
    )
    record(
        "account.vat_check",
        account,
        operator_id=account.operator_id,
        after={"vat_number": account.vat_number, "outcome": outcome, "error": answer.error},
    )
    found: VatCheck = check
    return found
