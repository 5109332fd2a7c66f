"""Forms of billing accounts and price groups."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import LONGEST_TERMS_DAYS, BillingAccount, PriceGroup
from billing.accounts.selectors import open_price_groups
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from core.operators.values import CURRENCIES


class EmailsField(forms.CharField):
    """E-mail addresses with commas, blanks or line breaks between; the service checks them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 2000, **kwargs})

    def clean(self, value: Any) -> Any:
        """One text an address."""
        return [one for one in re.split(r"[\s,;]+", super().clean(value)) if one]

    def prepare_value(self, value: Any) -> Any:
        """With commas between."""
        return ", ".join(value) if isinstance(value, list) else value


class AccountForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a billing account."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Customer"), ("kind", "name", "organisation_number", "vat_number", "price_group")),
        (
            _("Invoice address"),
            ("address", "address_extra", "postal_code", "city", "country_code"),
        ),
        (
            _("How invoices are sent"),
            ("emails", "peppol_address", "buyer_reference", "order_number", "language"),
        ),
        (
            _("Terms"),
            (
                "currency",
                "payment_terms_days",
                "credit_limit_amount",
                "invoice_rhythm",
                "invoice_grouping",
            ),
        ),
    ]
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    payment_terms_days = forms.IntegerField(
        label=_("Payment terms (days)"), min_value=0, max_value=LONGEST_TERMS_DAYS, initial=30
    )
    credit_limit_amount = forms.DecimalField(
        label=_("Credit limit"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("In the currency of the account. Empty: no limit."),
    )
    emails = EmailsField(
        label=_("Invoice e-mails"), help_text=_("At most ten, with commas between.")
    )
    price_group: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Price group"),
        required=False,
        empty_label=_("None"),
        help_text=_("From the beginning; later it is changed on the page of the account."),
    )

    class Meta:
        model = BillingAccount
        fields = (
            "kind",
            "name",
            "organisation_number",
            "vat_number",
            "address",
            "address_extra",
            "postal_code",
            "city",
            "country_code",
            "emails",
            "peppol_address",
            "buyer_reference",
            "order_number",
            "language",
            "currency",
            "payment_terms_days",
            "credit_limit_amount",
            "invoice_rhythm",
            "invoice_grouping",
        )
        help_texts = {
            "vat_number": _("With its country, as SE556012579001."),
            "peppol_address": _("Scheme and number, as 0007:5567037485."),
            "buyer_reference": _("Public bodies refuse invoices without it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.fields["price_group"]
        assert isinstance(groups, forms.ModelChoiceField)
        if self.instance.pk:
            del self.fields["price_group"]
        else:
            groups.queryset = open_price_groups()

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class PriceGroupForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a price group."""

    class Meta:
        model = PriceGroup
        fields = ("name", "audience", "shows_tax_included", "description")
        help_texts = {
            "shows_tax_included": _("How prices are entered and shown. Consumers see them so.")
        }

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class FromDayForm(forms.Form):
    """A day from which something holds."""

    from_on = forms.DateField(
        label=_("From"),
        required=False,
        widget=day_widget(),
        help_text=_("The first day, in the zone of the operator. Empty: since ever."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )


class MembershipForm(FromDayForm):
    """Another price group from a day on."""

    price_group: Any = forms.ModelChoiceField(
        queryset=None, label=_("Price group"), required=False, empty_label=_("None")
    )
    field_order = ("price_group", "from_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.fields["price_group"]
        assert isinstance(groups, forms.ModelChoiceField)
        groups.queryset = open_price_groups()
