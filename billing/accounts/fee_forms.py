"""Forms of dated fees."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee
from billing.accounts.fee_sellers import fee_sellers
from core.forms import day_widget
from core.forms_groups import Group, GroupedForm


class FeeForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Create or change a fee."""

    GROUPS: ClassVar[list[Group]] = [
        (_("What it is"), ("kind", "name", "recurrence", "starts_on", "ends_on")),
        (_("Price"), ("amount", "is_tax_included", "tax_percent", "revenue_account", "seller_ref")),
        (_("Only for"), ("subject_kind", "subject_ref", "note")),
    ]

    class Meta:
        model = Fee
        fields = (
            "kind",
            "name",
            "recurrence",
            "starts_on",
            "ends_on",
            "amount",
            "is_tax_included",
            "tax_percent",
            "revenue_account",
            "seller_ref",
            "subject_kind",
            "subject_ref",
            "note",
        )
        widgets = {"starts_on": day_widget(), "ends_on": day_widget()}
        help_texts = {
            "recurrence": _("A monthly fee counts by the day where a month is not whole."),
            "ends_on": _("Empty: until further notice. A one-off fee has none."),
            "amount": _("A month, or once; in the currency of the account."),
            "revenue_account": _("Empty: as the kind of fee is booked."),
            "subject_ref": _("A card's number, a driver's name or address, the name of a bay."),
        }

    seller_ref = forms.ChoiceField(
        label=_("Seller"),
        required=False,
        help_text=_("Who bills it; the default seller unless told."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = fee_sellers()
        choices = [("", _("The default seller")), *sellers.choices()]
        own = self.instance.seller_ref
        if own and own not in dict(choices):
            choices.append((own, sellers.name(own)))
        field: Any = self.fields["seller_ref"]
        field.choices = choices

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class EndForm(forms.Form):
    """The last day of a monthly fee, and why."""

    ends_on = forms.DateField(label=_("Last day"), widget=day_widget())
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )
