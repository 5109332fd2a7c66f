"""Forms of energy costs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.energy.models import EnergyCost
from core.forms_groups import Group, GroupedForm
from core.forms_months import FirstDayField
from core.operators.values import CURRENCIES
from stations.sites.selectors import sites


class EnergyCostForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Enter or change what an invoice says about a site and month."""

    GROUPS: ClassVar[list[Group]] = [
        (_("What it is about"), ("site", "month_on", "kind")),
        (_("Invoice"), ("supplier", "invoice_number", "invoiced_on")),
        (_("Figures"), ("energy_kwh", "net", "tax", "currency")),
        (_("Note"), ("note", "reason")),
    ]
    site: Any = forms.ModelChoiceField(label=_("Site"), queryset=None)
    month_on = FirstDayField(
        label=_("Month"), help_text=_("In which the energy was used, as 2026-11.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES])
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )

    class Meta:
        model = EnergyCost
        fields = (
            "site", "month_on", "kind", "supplier", "invoice_number", "invoiced_on", "energy_kwh",
            "net", "tax", "currency", "note",
        )  # fmt: skip
        help_texts = {
            "energy_kwh": _("As billed; a power fee has none. A credit is below zero."),
            "net": _("Without VAT."),
        }
        widgets = {"invoiced_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites()  # type: ignore[attr-defined]  # a field of rows
        if self.instance.pk:
            self.fields["reason"].required = True

    def _post_clean(self) -> None:
        """Leave the row to the service."""
