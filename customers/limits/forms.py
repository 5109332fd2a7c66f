"""Form fields of limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.operators.values import CURRENCIES
from customers.limits.hours import HoursError, parse_text
from customers.limits.words import hours_lines
from stations.sites.models import Site

LIMIT_FIELDS = (
    "max_concurrent_sessions",
    "max_energy_wh_per_month",
    "max_gross_per_month",
    "limit_currency",
    "allowed_hours",
    "allowed_sites",
)


class EnergyField(forms.IntegerField):
    """Whole kWh on the page, Wh in the row."""

    def clean(self, value: Any) -> Any:
        """Wh, or None."""
        kwh = super().clean(value)
        return None if kwh is None else kwh * 1000

    def prepare_value(self, value: Any) -> Any:
        """What was typed, or the row's Wh as kWh."""
        return value if isinstance(value, str) or value is None else value // 1000


class HoursField(forms.CharField):
    """Windows of the week, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_length": 2000,
                "widget": forms.Textarea(attrs={"rows": 3}),
                "label": _("Only in these hours"),
                "help_text": _(
                    "One line for each window, as mon-fri 07:00-18:00, in the time of the site. "
                    "Empty: always."
                ),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """The stored form."""
        text = super().clean(value)
        try:
            return parse_text(text)
        except HoursError as error:
            sentence = gettext(error.message)
            raise forms.ValidationError(
                f"{error.text}: {sentence}" if error.text else sentence
            ) from error

    def prepare_value(self, value: Any) -> Any:
        """Lines."""
        if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
            return "\n".join(hours_lines(value))
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By the text."""
        return bool(self.prepare_value(initial) != data)


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Base of forms of what has limits."""

    max_concurrent_sessions = forms.IntegerField(
        label=_("Sessions at once"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("Empty: no limit."),
    )
    max_energy_wh_per_month = EnergyField(
        label=_("Energy per month (kWh)"),
        required=False,
        min_value=0,
        max_value=10**9,
        help_text=_("Empty: no limit."),
    )
    max_gross_per_month = forms.DecimalField(
        label=_("Amount per month"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("What the sessions of a month may cost, with VAT. Empty: no limit."),
    )
    limit_currency = forms.ChoiceField(
        label=_("Currency of the amount"),
        required=False,
        choices=[("", _("The operator's")), *((code, code) for code in CURRENCIES)],
    )
    allowed_hours = HoursField()
    allowed_sites: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Only at these sites"),
        required=False,
        help_text=_("None chosen: at every site."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["allowed_sites"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        sites.queryset = Site.objects.filter(retired_on=None)
        if self.instance.pk:
            sites.initial = list(self.instance.allowed_sites.order_by("name", "id"))
            kept = [site.pk for site in sites.initial]
            sites.queryset = Site.objects.filter(Q(retired_on=None) | Q(pk__in=kept))

    def clean_allowed_sites(self) -> list[Site]:
        """In the order of names, so that they compare."""
        chosen: Any = self.cleaned_data["allowed_sites"]
        return list(chosen.order_by("name", "id"))

    def _post_clean(self) -> None:
        """Leave the row to the service: a taken id gets the same answer whoever has it."""
