"""The form that makes an unknown card a driver's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from customers.companies.models import Company
from customers.drivers.forms import DriverField


class GiveCardForm(forms.Form):
    """Choose a driver, or name a new one (for those who may create drivers)."""

    driver = DriverField()
    name = forms.CharField(label=_("Or a new driver: name"), required=False, max_length=120)
    email = forms.EmailField(label=_("New driver's e-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("New driver's phone"), required=False, max_length=40)
    company: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("New driver's company"),
        required=False,
        empty_label=_("None"),
    )
    printed_number = forms.CharField(
        label=_("Printed number"),
        required=False,
        max_length=40,
        help_text=_("As it stands on the card."),
    )

    def __init__(self, *args: Any, operator: Operator, may_create: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        driver, company = self.fields["driver"], self.fields["company"]
        assert isinstance(driver, DriverField)
        assert isinstance(company, forms.ModelChoiceField)
        driver.operator = operator
        company.queryset = Company.objects.order_by("name", "id")
        if not may_create:
            for name in ("name", "email", "phone", "company"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        cleaned = self.cleaned_data
        new = {name: cleaned[name] for name in ("name", "email", "phone") if cleaned.get(name)}
        if new:
            new["company"] = cleaned["company"]
        return {
            "driver": cleaned["driver"],
            "new_driver": new or None,
            "printed_number": cleaned["printed_number"],
        }
