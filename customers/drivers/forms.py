"""Forms of drivers, and the field that finds one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import day_widget
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.drivers.plate import split_plates
from customers.drivers.selectors import find_drivers
from customers.limits.forms import LIMIT_FIELDS, LimitForm
from customers.payers.forms import AccountField


class PlatesField(forms.CharField):
    """Registration numbers with commas between; the service checks them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_length": 1000,
                "label": _("Vehicles"),
                "help_text": _("Registration numbers, with commas between."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """One text a vehicle."""
        return split_plates(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """With commas between."""
        return ", ".join(value) if isinstance(value, list) else value


class DriverForm(LimitForm):
    """Create or change a driver."""

    company: Any = forms.ModelChoiceField(
        queryset=None, label=_("Company"), required=False, empty_label=_("None")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="sv")
    vehicles = PlatesField()
    account = AccountField(help_text=_("Pays instead of the company's."))

    class Meta:
        model = Driver
        fields = (
            "name",
            "email",
            "phone",
            "company",
            "employee_number",
            "cost_centre",
            "vehicles",
            "language",
            "valid_from_on",
            "valid_until_on",
            *LIMIT_FIELDS,
        )
        widgets = {"valid_from_on": day_widget(), "valid_until_on": day_widget()}

    def __init__(self, *args: Any, may_set_payer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk or not may_set_payer:
            del self.fields["account"]
        companies = self.fields["company"]
        assert isinstance(companies, forms.ModelChoiceField)
        companies.queryset = Company.objects.order_by("name", "id")
        if self.instance.pk:
            self.fields["vehicles"].initial = [
                vehicle.registration_number for vehicle in self.instance.vehicles.all()
            ]


class DriverField(forms.CharField):
    """Finds one driver by what a caller says: name, e-mail, phone, number of the card's owner.

    ``operator`` must be set before the form is used.
    """

    operator: Operator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_length": 254,
                "label": _("Driver"),
                "help_text": _("Name, e-mail, phone, employee number, registration number or id."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """The driver, or None for an empty field."""
        text = super().clean(value)
        if not text:
            return None
        found = find_drivers(self.operator, text)
        if not found:
            raise forms.ValidationError(_("No driver has this name, number or address."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several drivers match. Use the e-mail address or the id.")
            )
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """A driver by public id."""
        return value.public_id if isinstance(value, Driver) else value
