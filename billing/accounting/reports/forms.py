"""What a report is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.accounting.reports.report import Asked, Report
from billing.accounting.selectors import sellers
from billing.accounts.dated import operator_day
from core.accounts.models import Operator
from core.forms import day_widget
from core.months import first_day, last_day, month_before

MOST_DAYS: Final = 400
NEAR: Final = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1)))


class ReportForm(forms.Form):
    """A seller, and the days. Without days: the month before this one."""

    seller: Any = forms.ModelChoiceField(
        queryset=None, to_field_name="public_id", label=_("Seller"), empty_label=None
    )
    from_on = forms.DateField(label=_("From"), widget=day_widget(), validators=NEAR)
    until_on = forms.DateField(label=_("Until"), widget=day_widget(), validators=NEAR)
    by = forms.ChoiceField(label=_("Group by"), required=False)

    def __init__(self, query: Mapping[str, Any], *, operator: Operator, report: Report) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        month = month_before(operator_day(operator))
        rows = sellers().select_related("operator")
        first = rows.first()
        given["seller"] = given["seller"] or (first.public_id if first else "")
        given["from_on"] = given["from_on"] or first_day(month).isoformat()
        given["until_on"] = given["until_on"] or last_day(month).isoformat()
        super().__init__(given)
        chosen: Any = self.fields["seller"]
        chosen.queryset = rows
        if report.is_as_of:
            del self.fields["from_on"]
            self.fields["until_on"].label = _("At the end of")
        if report.groupings:
            by: Any = self.fields["by"]
            by.choices = report.groupings
        else:
            del self.fields["by"]

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins, or is longer than a year."""
        values = super().clean() or {}
        begin, end = values.get("from_on"), values.get("until_on")
        if begin and end and end < begin:
            self.add_error("until_on", _("The period ends before it begins."))
        elif begin and end and (end - begin).days > MOST_DAYS:
            self.add_error("until_on", _("At most %(days)d days at a time.") % {"days": MOST_DAYS})
        return values

    def asked(self) -> Asked:
        """What a valid form asks for."""
        values = self.cleaned_data
        until_on = values["until_on"]
        return Asked(
            values["seller"], values.get("from_on") or until_on, until_on, values.get("by") or ""
        )
