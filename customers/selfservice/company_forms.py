"""Forms of who looks after a company."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import day_widget
from core.forms_months import FirstDayField
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.limits.forms import HoursField
from stations.sites.models import Site

_COPIED = (
    "name", "email", "phone", "employee_number", "cost_centre", "language", "valid_from_on",
    "valid_until_on", "max_gross_per_month", "allowed_hours",
)  # fmt: skip


class MyDriverForm(forms.Form):
    """A driver of the company, with the limits of a month."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    employee_number = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    cost_centre = forms.CharField(label=_("Cost centre"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    valid_from_on = forms.DateField(label=_("First day"), required=False, widget=day_widget())
    valid_until_on = forms.DateField(label=_("Last day"), required=False, widget=day_widget())
    max_energy_kwh = forms.DecimalField(
        label=_("Most energy a month (kWh)"), required=False, min_value=0, max_digits=9,
        decimal_places=3,
    )  # fmt: skip
    max_gross_per_month = forms.DecimalField(
        label=_("Most a month, with VAT"), required=False, min_value=0, max_digits=12,
        decimal_places=2, help_text=_("A session that reaches it is stopped."),
    )  # fmt: skip

    allowed_hours = HoursField()
    allowed_sites: Any = forms.ModelMultipleChoiceField(
        queryset=None, label=_("Only at these sites"), required=False,
        help_text=_("None chosen: at every site."), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        operator: Operator,
        sites: QuerySet[Site],
        driver: Driver | None = None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"language": operator.language}
        if driver is not None:
            initial = {name: getattr(driver, name) for name in _COPIED}
            energy = driver.max_energy_wh_per_month
            initial["max_energy_kwh"] = None if energy is None else Decimal(energy) / 1000
            initial["allowed_sites"] = list(driver.allowed_sites.order_by("name", "pk"))
        super().__init__(*args, **{"initial": initial, **kwargs})
        field = self.fields["allowed_sites"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        kept = [one.pk for one in initial.get("allowed_sites", [])]
        offered = sites.order_by().values("pk")
        field.queryset = Site.objects.filter(Q(pk__in=offered) | Q(pk__in=kept)).order_by(
            "name", "pk"
        )

    def values(self) -> dict[str, Any]:
        """What the services take; the form must be valid."""
        found = dict(self.cleaned_data)
        energy = found.pop("max_energy_kwh")
        found["allowed_sites"] = list(found["allowed_sites"])
        found["max_energy_wh_per_month"] = None if energy is None else int(energy * 1000)
        return found


class HolderForm(forms.Form):
    """Who has a card from now on; empty: the company's pool."""

    driver: Any = forms.ModelChoiceField(
        queryset=None, label=_("Who has the card"), required=False,
        empty_label=_("Nobody: it is in the pool"), to_field_name="public_id",
    )  # fmt: skip

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["driver"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Driver.objects.filter(company=company).order_by("name", "pk")


class SpecificationForm(forms.Form):
    """Which month, and by what."""

    month = FirstDayField(label=_("Month"))
    by = forms.ChoiceField(
        label=_("Grouped by"),
        choices=[
            ("cost_centre", _("Cost centre")),
            ("driver", _("Driver")),
            ("card", _("Card")),
            ("vehicle", _("Vehicle")),
        ],
    )
