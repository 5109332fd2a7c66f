"""Changing an operator's rules of review."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from billing.review.models import ReviewRules
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes


def rules_for(operator: Operator) -> ReviewRules:
    """The operator's rules; unsaved with the usual limits until they are changed."""
    found: ReviewRules | None = ReviewRules.objects.filter(operator=operator).first()
    return found or ReviewRules(operator=operator)


@transaction.atomic
def change_rules(*, operator: Operator, reason: str = "", **values: Any) -> ReviewRules:
    """Set what is given. What is held stays held until it is rated again."""
    ReviewRules.objects.get_or_create(operator=operator)
    rules = rules_for(operator)
    before, after = apply_changes(rules, values)
    if after:
        rules.full_clean()
        rules.save()
        record(
            "review.rules",
            rules,
            operator_id=operator.pk,
            before=before,
            after=after,
            reason=reason,
        )
    return rules
