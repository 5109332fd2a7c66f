"""Forms of payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.sellers.models import Seller
from core.forms import day_widget


class BankFileForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("camt.054 or camt.053 (XML), BgMax, or a Swish report (CSV)."),
    )


class MatchForm(forms.Form):
    """Whose money it is, a line for each part."""

    parts = forms.CharField(
        label=_("Invoices and accounts"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "A line for each: the number or OCR of an invoice, or the name or id of a billing "
            "account; then, after a semicolon, the amount. Without an amount: what is open of the "
            "invoice, or all that is left. What is left over becomes the customer's credit."
        ),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


class ReversalForm(forms.Form):
    """Which payment the bank took back."""

    payment = forms.CharField(
        label=_("Payment (id)"),
        max_length=24,
        help_text=_("As it stands on the payment's page; its amount must be the same."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


class PaymentForm(forms.Form):
    """A payment by hand."""

    account = forms.CharField(
        label=_("Billing account"), max_length=120, help_text=_("Its name or id.")
    )
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    booked_on = forms.DateField(label=_("Received"), widget=day_widget())
    invoice = forms.CharField(
        label=_("Invoice"),
        max_length=40,
        required=False,
        help_text=_("Number or OCR. Empty: what the account owes, the oldest first."),
    )
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class RefundForm(forms.Form):
    """What goes back to the customer, and where to."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    pay_on = forms.DateField(label=_("Pay on"), widget=day_widget(), required=False)
    name = forms.CharField(label=_("Payee"), max_length=140, required=False)
    iban = forms.CharField(label="IBAN", max_length=42, required=False)
    bic = forms.CharField(label="BIC", max_length=11, required=False)
    bankgiro = forms.CharField(
        label=_("Bankgiro"),
        max_length=16,
        required=False,
        help_text=_("An IBAN or a bankgiro. Neither: it is paid out by hand."),
    )
    reference = forms.CharField(label=_("Text to the payee"), max_length=140, required=False)
    reason = forms.CharField(label=_("Why"), max_length=500)


class PaidForm(forms.Form):
    """When a refund went out."""

    paid_on = forms.DateField(label=_("Paid out"), widget=day_widget())


class PayoutForm(forms.Form):
    """From whose account refunds are paid."""

    seller: Any = forms.ModelChoiceField(
        label=_("Paid by"), queryset=QuerySet(model=Seller).none(), to_field_name="public_id"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["seller"]
        field.queryset = Seller.objects.filter(retired_on=None).exclude(iban="")
