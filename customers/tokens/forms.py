"""Form of an id token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import moment_widget
from customers.companies.models import Company
from customers.drivers.forms import DriverField
from customers.drivers.models import Vehicle
from customers.drivers.vehicle_selectors import find_vehicle
from customers.limits.forms import LIMIT_FIELDS, LimitForm
from customers.tokens.models import IdToken


class VehicleField(forms.CharField):
    """Finds a vehicle by its registration number in any spelling, or its public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "max_length": 40, "label": _("Vehicle"), **kwargs},
        )

    def clean(self, value: Any) -> Any:
        """The vehicle, or None for an empty field."""
        text = super().clean(value)
        if not text:
            return None
        found = find_vehicle(text)
        if found is None:
            raise forms.ValidationError(_("There is no vehicle with this registration number."))
        return found

    def prepare_value(self, value: Any) -> Any:
        """A vehicle by its number."""
        return value.registration_number if isinstance(value, Vehicle) else value


class TokenForm(LimitForm):
    """Create or change a token; the UID of an existing one stays."""

    driver = DriverField()
    company: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Company pool"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a card that several people of a company use."),
    )
    vehicle = VehicleField(help_text=_("Registration number of the vehicle that the card sits in."))

    class Meta:
        model = IdToken
        fields = (
            "uid",
            "label",
            "printed_number",
            "driver",
            "company",
            "vehicle",
            "kind",
            "purpose",
            "status",
            "expires_at",
            "group_id",
            *LIMIT_FIELDS,
        )
        widgets = {"expires_at": moment_widget()}
        help_texts = {
            "uid": _("As the reader shows it; separators do not matter."),
            "group_id": _("Tokens of one group may stop each other's sessions."),
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
            self.initial["vehicle"] = self.instance.vehicle
            self.fields["uid"].disabled = True

    def clean(self) -> dict[str, Any]:
        """A driver or a company, not both."""
        cleaned = super().clean() or {}
        if cleaned.get("driver") and cleaned.get("company"):
            self.add_error(
                "company", _("A token belongs to a driver or to a company's pool, not to both.")
            )
        return cleaned
