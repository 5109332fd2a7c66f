"""Forms of invoicing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.accounts.selectors import accounts
from billing.invoices.crediting import remaining
from billing.invoices.manual_services import MANUAL_FIELDS, UNITS
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.run_models import BillingRules, ManualItem
from billing.sellers.models import Seller
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm
from core.ui import units
from stations.sites.models import Site


def _sellers() -> QuerySet[Seller]:
    rows: QuerySet[Seller] = Seller.objects.filter(retired_on=None)
    return rows.order_by("-is_default", "name")


class RunForm(forms.Form):
    """What a run takes."""

    seller: Any = forms.ModelChoiceField(
        label=_("Seller"), queryset=None, to_field_name="public_id", empty_label=None
    )
    period_from_on = forms.DateField(label=_("From"), widget=day_widget())
    period_until_on = forms.DateField(
        label=_("Last day"),
        widget=day_widget(),
        help_text=_("All that was delivered until then and is on no invoice is taken."),
    )
    account: Any = forms.ModelChoiceField(
        label=_("Account"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("All that are invoiced in this rhythm"),
    )
    ignores_minimum = forms.BooleanField(
        label=_("small amounts too"),
        required=False,
        help_text=_("For a last invoice: nothing is carried over for being too little."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("seller", _sellers()), ("account", accounts())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """How a seller invoices."""

    class Meta:
        model = BillingRules
        fields = (
            "rhythm",
            "runs_alone",
            "run_day",
            "issues_alone",
            "minimum_amount",
            "rounds_to_coins",
            "uses_customer_ocr",
            "bills_from_on",
        )
        widgets: ClassVar[dict[str, forms.Widget]] = {"bills_from_on": day_widget()}

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class ManualForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # see above
    """An item entered by hand."""

    GROUPS: ClassVar[list[Group]] = [
        (_("Invoice"), ("account", "seller", "kind", "due_on")),
        (
            _("Line"),
            ("description", "quantity", "unit", "unit_price", "is_tax_included", "tax_percent"),
        ),
        (_("Books"), ("site", "cost_centre", "revenue_account", "note")),
    ]
    account: Any = forms.ModelChoiceField(
        label=_("Account"), queryset=None, to_field_name="public_id"
    )
    seller: Any = forms.ModelChoiceField(
        label=_("Seller"), queryset=None, to_field_name="public_id", empty_label=None
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=[(unit, unit) for unit in UNITS])
    site: Any = forms.ModelChoiceField(
        label=_("Site"), queryset=None, to_field_name="public_id", required=False
    )

    class Meta:
        model = ManualItem
        fields = MANUAL_FIELDS
        widgets: ClassVar[dict[str, forms.Widget]] = {"due_on": day_widget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["site"]
        assert isinstance(sites, forms.ModelChoiceField)
        sites.queryset = Site.objects.order_by("name")
        if self.instance.pk:
            del self.fields["account"], self.fields["seller"]
            return
        for name, rows in (("seller", _sellers()), ("account", accounts())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class CreditForm(forms.Form):
    """What a credit note gives back: gross amounts by line; nothing filled in: all."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("The customer reads it on the credit note."),
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: list[tuple[InvoiceLine, Decimal]] = remaining(invoice)
        for line, left in self.rows:
            if left == 0:
                continue
            self.fields[f"line_{line.position}"] = forms.DecimalField(
                label=line.description,
                required=False,
                max_digits=14,
                decimal_places=2,
                help_text=_("At most %(left)s including VAT.")
                % {"left": units.money(left, invoice.currency)},
            )

    def clean(self) -> dict[str, Any]:
        """Noughts alone are no amounts, and no order to credit all."""
        cleaned = super().clean() or self.cleaned_data
        amounts = [cleaned[name] for name in cleaned if name.startswith("line_")]
        if any(amount == 0 for amount in amounts) and not any(amounts):
            raise forms.ValidationError(
                _("Write an amount above nothing, in whole smallest units.")
            )
        return cleaned

    @property
    def lines(self) -> dict[int, Decimal] | None:
        """Amounts by position; None where none is filled in, which means all."""
        found = {
            int(name.removeprefix("line_")): amount
            for name, amount in self.cleaned_data.items()
            if name.startswith("line_") and amount
        }
        return found or None
