"""Forms of vehicles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import day_widget
from customers.companies.models import Company
from customers.drivers.forms import DriverField
from customers.drivers.models import Vehicle


class VehicleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Add or change a vehicle."""

    registration_number = forms.CharField(label=_("Registration number"), max_length=20)
    driver = DriverField()
    company: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Company"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a car of the company; without a driver it is a pool car."),
    )

    class Meta:
        model = Vehicle
        fields = (
            "registration_number", "driver", "company", "make", "model", "use", "cost_centre",
            "valid_from_on", "valid_until_on",
        )  # fmt: skip
        widgets = {"valid_from_on": day_widget(), "valid_until_on": day_widget()}
        help_texts = {
            "cost_centre": _("Sessions take it before the driver's."),
            "valid_until_on": _("Sessions after this day are not the vehicle's."),
        }

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        driver, company = self.fields["driver"], self.fields["company"]
        assert isinstance(driver, DriverField)
        assert isinstance(company, forms.ModelChoiceField)
        driver.operator = operator
        company.queryset = Company.objects.order_by("name", "id")
        if self.instance.pk:
            self.initial["driver"] = self.instance.driver

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class VehicleEndForm(forms.Form):
    """The last day, whether cards end with it, and why."""

    last_on = forms.DateField(label=_("Last day"), widget=day_widget())
    ends_tokens = forms.BooleanField(
        label=_("End the vehicle's cards"),
        required=False,
        help_text=_("They are refused from the next day on."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
