"""Forms of deliveries and files."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.forms import EmailsField
from billing.invoices.delivery_models import DeliveryWay
from billing.sellers.selectors import sellers


class SendForm(forms.Form):
    """Another delivery of a document."""

    way = forms.ChoiceField(label=_("Way"), choices=DeliveryWay.choices)
    addresses = EmailsField(
        label=_("E-mail addresses"),
        required=False,
        help_text=_("For e-mail. Empty: those that stood on the account when it was issued."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class MonthField(forms.CharField):
    """A month as 2026-11; its value is the first and last day."""

    widget = forms.DateInput(attrs={"type": "month"})

    def clean(self, value: Any) -> tuple[date, date]:
        """Refuses what is no month."""
        text = super().clean(value)
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
        if found is None:
            raise forms.ValidationError(_("Write a month as 2026-11."))
        year, month = int(found[1]), int(found[2])
        last = calendar.monthrange(year, month)[1]
        return date(year, month, 1), date(year, month, last)


class FilesForm(forms.Form):
    """Which PDFs, and in what."""

    month = MonthField(label=_("Issued in"))
    seller: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Seller"),
        required=False,
        to_field_name="public_id",
        empty_label=_("All"),
    )
    way = forms.ChoiceField(
        label=_("Only those that go by"),
        choices=[("", _("All")), *DeliveryWay.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seller"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sellers()
