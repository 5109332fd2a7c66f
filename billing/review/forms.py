"""Forms of review: a decision, a correction, the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rating.session_facts import Correction
from billing.review.decisions import MOST_ENERGY_WH
from billing.review.models import ReviewRules
from billing.review.reasons import name_of
from core.forms import ReasonForm, moment_widget
from stations.sessions.findings import TEXTS


class CorrectionForm(ReasonForm):
    """What is right; an empty field stays as measured."""

    energy_kwh = forms.DecimalField(
        label=_("Energy (kWh)"),
        required=False,
        min_value=Decimal(0),
        max_value=MOST_ENERGY_WH / 1000,
        max_digits=12,
        decimal_places=4,
    )
    started_at = forms.DateTimeField(label=_("Started"), required=False, widget=moment_widget())
    stopped_at = forms.DateTimeField(label=_("Stopped"), required=False, widget=moment_widget())

    field_order = ("energy_kwh", "started_at", "stopped_at", "reason")

    def correction(self) -> Correction:
        """What was given, as a correction."""
        energy = self.cleaned_data["energy_kwh"]
        return Correction(
            energy_wh=None if energy is None else energy * 1000,
            started_at=self.cleaned_data["started_at"],
            stopped_at=self.cleaned_data["stopped_at"],
        )


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The operator's limits."""

    trusted_codes = forms.MultipleChoiceField(
        label=_("Findings that hold nothing"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Findings of readings that need no person here."),
    )

    class Meta:
        model = ReviewRules
        fields = (
            "max_energy_wh",
            "max_duration_h",
            "max_gross",
            "max_price_per_kwh",
            "max_idle_fee",
            "zero_cost_above_wh",
            "needs_account",
            "four_eyes_above",
            "trusted_codes",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes: Any = self.fields["trusted_codes"]
        codes.choices = [
            (code, name_of(code)) for code, text in TEXTS.items() if text.severity == "doubtful"
        ]
