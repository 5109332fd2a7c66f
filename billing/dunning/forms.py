"""Forms of dunning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.dunning.models import DunningPlan, PauseKind, StepKind
from core.forms import day_widget


class PlanForm(forms.Form):
    """The operator's ladder: a field of each kind for every step."""

    is_active = forms.BooleanField(
        label=_("Take the steps by themselves"),
        required=False,
        help_text=_("Off: nothing is sent, blocked or handed over."),
    )
    grace_bank_days = forms.IntegerField(label=_("Grace (bank days)"), min_value=0, max_value=30)
    least_amount = forms.DecimalField(
        label=_("Not worth a letter up to"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    business_compensation = forms.DecimalField(
        label=_("Compensation asked from companies"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text=_("Once instead of all fees, 450 kronor by Swedish law; 0: not asked."),
    )
    asks_interest = forms.BooleanField(
        label=_("Ask for late interest with the demand and the hand-over"), required=False
    )

    def __init__(self, data: Any = None, *, plan: DunningPlan) -> None:
        rungs = {one["step"]: one for one in plan.rungs}
        initial: dict[str, Any] = {name: getattr(plan, name) for name in PlanForm.base_fields}
        for step in StepKind.values:
            rung = rungs.get(step, {})
            initial |= {
                f"{step}_day": rung.get("day"), f"{step}_fee": rung.get("fee"),
                f"{step}_terms": rung.get("fee_by_terms"), f"{step}_pay": rung.get("days_to_pay"),
            }  # fmt: skip
        super().__init__(data, initial=initial)
        for step, label in StepKind.choices:
            self._add_step(step, str(label))

    def _add_step(self, step: str, label: str) -> None:
        self.fields[f"{step}_day"] = forms.IntegerField(
            label=_("%(step)s: days after the due day") % {"step": label},
            min_value=1,
            max_value=365,
            required=False,
            help_text=_("Empty: this step is left out."),
        )
        if step in (StepKind.BLOCK, StepKind.HAND_OVER):
            return
        self.fields[f"{step}_fee"] = forms.DecimalField(
            label=_("%(step)s: fee") % {"step": label},
            min_value=Decimal(0),
            max_digits=10,
            decimal_places=2,
            required=False,
        )
        self.fields[f"{step}_terms"] = forms.BooleanField(
            label=_("%(step)s: fee only where the terms allow it") % {"step": label},
            required=False,
        )
        self.fields[f"{step}_pay"] = forms.IntegerField(
            label=_("%(step)s: days to pay") % {"step": label},
            min_value=0,
            max_value=90,
            required=False,
        )

    def values(self) -> dict[str, Any]:
        """What was given, as the service takes it."""
        given = self.cleaned_data
        rungs = [
            {
                "step": step,
                "day": given[f"{step}_day"],
                "fee": str(given.get(f"{step}_fee") or 0),
                "fee_by_terms": bool(given.get(f"{step}_terms")),
                "days_to_pay": given.get(f"{step}_pay") or 0,
            }
            for step in StepKind.values
            if given[f"{step}_day"]
        ]
        own = {name: given[name] for name in PlanForm.base_fields}
        return own | {"rungs": rungs}


class PauseForm(forms.Form):
    """Days that do not count."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in PauseKind if one != "dispute"]
    )
    from_on = forms.DateField(label=_("From"), widget=day_widget())
    until_on = forms.DateField(
        label=_("Until"),
        widget=day_widget(),
        required=False,
        help_text=_("Empty: until further notice. A promise names the day of payment."),
    )
    whole_account = forms.BooleanField(label=_("For all invoices of the account"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=500)


class RateForm(forms.Form):
    """The reference rate of a half-year."""

    from_on = forms.DateField(
        label=_("Half-year from"), widget=day_widget(), help_text=_("1 January or 1 July.")
    )
    percent = forms.DecimalField(label=_("Reference rate (%)"), max_digits=5, decimal_places=2)


class AsOfForm(forms.Form):
    """As of which day."""

    as_of = forms.DateField(label=_("As of"), widget=day_widget())
