"""Forms of deliveries and files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.forms import EmailsField
from billing.invoices.delivery_models import DeliveryWay
from billing.sellers.selectors import sellers
from core.forms_months import MonthField


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
