"""The operator's ladder: the Swedish default until it is changed, and checked by the pure rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.dunning.models import DunningPlan
from billing.dunning.schedule import SWEDISH, Rung, Schedule, Step
from billing.problem import MoneyProblem
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput

PLAN_FIELDS: Final = (
    "is_active",
    "country_code",
    "grace_bank_days",
    "least_amount",
    "business_compensation",
    "asks_interest",
    "rungs",
)


def plan_of(operator: Operator) -> DunningPlan:
    """The stored plan; else the default (unsaved), which does nothing until it is switched on."""
    stored: DunningPlan | None = DunningPlan.objects.filter(operator=operator).first()
    return stored or DunningPlan(
        operator=operator,
        is_active=False,
        currency=operator.currency,
        country_code=operator.country_code,
        grace_bank_days=SWEDISH.grace_bank_days,
        rungs=[as_json(rung) for rung in SWEDISH.rungs],
    )


def as_json(rung: Rung) -> dict[str, Any]:
    """A rung as it is stored."""
    return {
        "step": rung.step.value,
        "day": rung.day,
        "fee": str(rung.fee),
        "fee_by_terms": rung.fee_by_terms,
        "days_to_pay": rung.days_to_pay,
    }


def rungs_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """Stored rungs as the rule takes them."""
    return tuple(
        Rung(
            Step(row["step"]),
            int(row["day"]),
            fee=Decimal(str(row.get("fee", 0))),
            fee_by_terms=bool(row.get("fee_by_terms", False)),
            days_to_pay=int(row.get("days_to_pay", 0)),
        )
        for row in rows
    )


def schedule_of(plan: DunningPlan) -> Schedule:
    """The plan as the rule takes it."""
    return Schedule(
        rungs=rungs_of(plan.rungs),
        currency=plan.currency,
        grace_bank_days=plan.grace_bank_days,
        least=Decimal(plan.least_amount),
        business_compensation=Decimal(plan.business_compensation),
        country=plan.country_code,
    )


@transaction.atomic
def change_plan(*, operator: Operator, reason: str = "", **values: Any) -> DunningPlan:
    """Change what is given. Refuses ladders that break the law or themselves: steps out of order,
    a demand with fewer than 8 days to pay, a hand-over without a demand."""
    unknown = sorted(set(values) - set(PLAN_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    plan = plan_of(operator)
    if "rungs" in values:
        values["rungs"] = [as_json(rung) for rung in _sound_rungs(values["rungs"])]
    before, after = apply_changes(plan, values)
    try:
        schedule_of(plan)
    except MoneyProblem as error:
        raise InvalidInput(error.code, _words(error.code), field="rungs") from error
    plan.full_clean(exclude=["operator"])
    plan.save()
    record(
        "dunning_plan.change", plan, operator_id=operator.pk, before=before, after=after,
        reason=reason,
    )  # fmt: skip
    return plan


def _sound_rungs(rows: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    try:
        return rungs_of(rows)
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise InvalidInput("rungs", _("A step cannot be read."), field="rungs") from error


def _words(code: str) -> str:
    return {
        "schedule_days": _("Each step is later than the one before it."),
        "schedule_order": _("Steps go from mild to hard, each once."),
        "schedule_amount": _("A fee cannot be negative."),
        "schedule_demand": _("A demand gives at least 8 days to pay."),
        "schedule_hand_over": _("A demand comes before the hand-over."),
    }.get(code, _("The plan does not hold."))
