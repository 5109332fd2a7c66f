"""Forms of warranties and claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from stations.hardware.models import Station
from stations.maintenance.claims import NEXT
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranties import suppliers
from stations.maintenance.warranty_models import ClaimState, StationWarranty, WarrantyClaim


class WarrantyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Who supplied a station, and until when they answer for it."""

    supplier: Any = forms.ModelChoiceField(
        label=_("Supplier"),
        queryset=None,
        required=False,
        help_text=_("Partners that supply stations or parts (Service set-up)."),
    )

    class Meta:
        model = StationWarranty
        fields = ("supplier", "bought_on", "ends_on", "reference", "note")
        widgets = {"bought_on": day_widget(), "ends_on": day_widget()}
        help_texts = {"ends_on": _("The last day on which they answer for what fails.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["supplier"]
        field.queryset = suppliers(also=self.instance.supplier_id)

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """What is claimed, and what proves it."""

    orders: Any = forms.ModelMultipleChoiceField(
        label=_("Work orders"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their parts go into the claim."),
    )

    class Meta:
        model = WarrantyClaim
        fields = (
            "serial_number", "fault_codes", "description", "claimed_amount", "currency",
            "reference",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "claimed_amount": _("Nothing: a repair or a part without money."),
            "reference": _("As the supplier calls the claim, once they have told it."),
        }

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["orders"]
        field.queryset = WorkOrder.objects.filter(station=station).order_by("-number", "-id")
        if self.instance.pk:
            linked = self.instance.order_links.all()
            self.initial["orders"] = [one.order.public_id for one in linked]

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class ClaimStepForm(forms.Form):
    """The next step of a claim."""

    state = forms.ChoiceField(label=_("Next step"))
    answer = forms.CharField(
        label=_("The supplier's answer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    recovered_amount = forms.DecimalField(
        label=_("Recovered"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Needed to settle; 0 for a repair without money."),
    )

    def __init__(self, *args: Any, claim: WarrantyClaim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        words = dict(ClaimState.choices)
        targets = NEXT.get(claim.state, ())
        field.choices = [(target, words[target]) for target in targets]
        if ClaimState.SETTLED not in targets:
            del self.fields["recovered_amount"]
        if claim.state == ClaimState.DRAFT:
            del self.fields["answer"]
