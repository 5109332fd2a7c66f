"""What the energy balance is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import operator_day
from billing.energy.balance import DEFAULT_LIMIT_PERCENT
from billing.energy.balance_words import STATES
from core.accounts.models import Operator
from core.forms_months import FirstDayField
from core.months import month_before, months_between
from stations.sites.models import Site
from stations.sites.selectors import sites

MOST_MONTHS: Final = 36
_BEFORE: Final = 11


class BalanceForm(forms.Form):
    """Months, both included, which site, what is known of them, and which loss is too much.
    Without months: the last twelve that are over."""

    from_month = FirstDayField(label=_("From month"))
    until_month = FirstDayField(label=_("Until month"))
    site: Any = forms.ModelChoiceField(
        label=_("Site"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("All sites"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *((one.value, word) for one, word in STATES.items())],
    )
    limit = forms.DecimalField(
        label=_("Warn of losses above (%)"), min_value=0, max_value=100, decimal_places=1
    )

    def __init__(self, query: Mapping[str, Any], *, operator: Operator) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        last = month_before(operator_day(operator))
        first = last
        for _n in range(_BEFORE):
            first = month_before(first)
        given["from_month"] = given["from_month"] or f"{first:%Y-%m}"
        given["until_month"] = given["until_month"] or f"{last:%Y-%m}"
        given["limit"] = given["limit"] or f"{DEFAULT_LIMIT_PERCENT}"
        super().__init__(given)
        self.fields["site"].queryset = sites()  # type: ignore[attr-defined]  # a field of rows
        self.operator = operator

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins, or is too long."""
        values = super().clean() or {}
        begin, end = values.get("from_month"), values.get("until_month")
        if begin and end and end < begin:
            self.add_error("until_month", _("The period ends before it begins."))
        elif begin and end and len(months_between(begin, end)) > MOST_MONTHS:
            self.add_error(
                "until_month", _("At most %(months)d months at a time.") % {"months": MOST_MONTHS}
            )
        return values

    def asked(self) -> dict[str, Any]:
        """What a valid form asks the selector for."""
        values = self.cleaned_data
        found: dict[str, date | Decimal | str | Site | None] = {
            "from_month": values["from_month"],
            "until_month": values["until_month"],
            "site": values["site"],
            "state": values["state"],
            "limit_percent": values["limit"],
            "today": operator_day(self.operator),
            "home_currency": self.operator.currency,
        }
        return found
