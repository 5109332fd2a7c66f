"""Writing a company's payroll rules and its decisions on charging at home."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.companies.models import Company
from customers.payroll.models import HomeDecision, PayrollRule, RuleModel
from customers.payroll.selectors import home_of


@transaction.atomic
def add_rule(*, company: Company, **values: Any) -> PayrollRule:
    """What the company pays from a day on. Refuses a second rule for the same from the same day,
    and a model without what it needs."""
    _check_rule(values)
    row = PayrollRule(
        operator_id=company.operator_id, company=company, public_id=public_id("pyr"),
        currency=company.operator.currency, **values,
    )  # fmt: skip
    row.full_clean()
    row.save()
    record("payroll_rule.create", row, operator_id=row.operator_id, after=values)
    return row


def _check_rule(values: dict[str, Any]) -> None:
    if values["model"] == RuleModel.FIXED and values.get("per_kwh") is None:
        raise InvalidInput("price_needed", _("Say the price per kWh."), field="per_kwh")
    if values["model"] == RuleModel.SPOT and not values.get("area"):
        raise InvalidInput("area_needed", _("Say the bidding zone."), field="area")


@transaction.atomic
def remove_rule(*, company: Company, ref: str) -> None:
    """Take a rule away; what was approved by it stays. Refuses one that is not the company's."""
    row = PayrollRule.objects.select_for_update(of=("self",)).filter(company=company, public_id=ref)
    found = row.first()
    if found is None:
        raise RuleViolation("no_rule", _("This rule is gone already."))
    before = {"place": found.place, "model": found.model, "per_kwh": found.per_kwh,
              "valid_from_on": found.valid_from_on}  # fmt: skip
    record("payroll_rule.remove", found, operator_id=found.operator_id, before=before)
    found.delete()


@transaction.atomic
def decide_home(
    *, company: Company, month: date, sessions: Collection[str], approves: bool, reason: str = ""
) -> list[HomeDecision]:
    """Approve or refuse to pay for sessions at home, with the amount by the rules as they are.

    Refuses sessions that are not at home or not of the month, an amount that is not known, and
    to refuse without saying why. What was decided so already stays as it is.
    """
    if not approves and not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    known = {one.session.public_id: one for one in home_of(company, month)}
    if not sessions or set(sessions) - set(known):
        raise RuleViolation("not_at_home", _("Choose sessions at home of this month."))
    made = []
    for ref in sorted(sessions):
        one = known[ref]
        if one.decision is not None and one.decision.is_approved == approves:
            continue
        if approves and one.paid.amount is None:
            raise RuleViolation("unpriced", _("The price of this month is not known yet."))
        made.append(
            HomeDecision.objects.create(
                operator_id=company.operator_id, session=one.session, company=company,
                is_approved=approves, energy_wh=one.charged.energy_wh,
                per_kwh=one.paid.per_kwh or 0, currency=one.paid.currency,
                amount=(one.paid.amount or Decimal(0)) if approves else Decimal(0),
                pay_code=one.paid.pay_code, reason=reason,
                decided_by_label=current_actor.get().label[:200],
            )
        )  # fmt: skip
    if made:
        record(
            f"home_charging.{'approve' if approves else 'refuse'}", company,
            operator_id=company.operator_id, reason=reason,
            after={"sessions": [one.session.public_id for one in made],
                   "amount": sum((one.amount for one in made), Decimal(0))},
        )  # fmt: skip
    return made
