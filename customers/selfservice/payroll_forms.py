"""Forms of the basis of wages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.spot.areas import AREAS
from core.forms import day_widget
from core.forms_months import FirstDayField
from customers.drivers.models import VehicleUse
from customers.payroll.models import Place, RuleModel


class PayrollMonthForm(forms.Form):
    """Which month."""

    month = FirstDayField(label=_("Month"))


class PayrollRuleForm(forms.Form):
    """What the company pays for charging at a place, from a day on."""

    place = forms.ChoiceField(label=_("Place"), choices=Place.choices)
    vehicle_use = forms.ChoiceField(
        label=_("Vehicle"), choices=[("", _("All")), *VehicleUse.choices], required=False
    )
    model = forms.ChoiceField(label=_("Model"), choices=RuleModel.choices)
    per_kwh = forms.DecimalField(
        label=_("Price per kWh, with VAT"), required=False, min_value=0, max_digits=10,
        decimal_places=6, help_text=_("For a fixed price."),
    )  # fmt: skip
    area = forms.ChoiceField(
        label=_("Bidding zone"), choices=[("", "–"), *((one, one) for one in AREAS)],
        required=False, help_text=_("For the spot price."),
    )  # fmt: skip
    grid_per_kwh = forms.DecimalField(
        label=_("Grid fee per kWh, without VAT"), required=False, min_value=0, max_digits=10,
        decimal_places=6,
    )  # fmt: skip
    tax_per_kwh = forms.DecimalField(
        label=_("Energy tax per kWh, without VAT"), required=False, min_value=0, max_digits=10,
        decimal_places=6,
    )  # fmt: skip
    vat_percent = forms.DecimalField(
        label=_("VAT, %"), initial=25, min_value=0, max_value=100, max_digits=5, decimal_places=2,
        help_text=_("For the spot price."),
    )  # fmt: skip
    pay_code = forms.CharField(label=_("Pay code"), max_length=20, required=False)
    valid_from_on = forms.DateField(label=_("Valid from"), widget=day_widget())

    def values(self) -> dict[str, Any]:
        """What the service takes; the form must be valid."""
        found = dict(self.cleaned_data)
        for name in ("grid_per_kwh", "tax_per_kwh"):
            found[name] = found[name] or 0
        return found
