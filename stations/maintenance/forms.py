"""Forms of work orders."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import moment_widget
from core.forms_groups import Group, GroupedForm
from stations.hardware.models import Evse, Station
from stations.maintenance import lifecycle, selectors
from stations.maintenance.models import CHOSEN_PAUSES, OrderState, WorkOrder
from stations.maintenance.partner_models import Partner
from stations.maintenance.work_models import CheckResult
from stations.sites.selectors import sites


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A member, by the person's name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name with the role."""
        return f"{obj.user} ({obj.get_role_display()})"


class OrderForm(GroupedForm, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Open or change an order."""

    GROUPS: ClassVar[list[Group]] = [
        (_("What"), ("title", "kind", "priority", "description", "fault_codes", "public_note")),
        (_("Where"), ("site", "station", "evse_number")),
        (_("Who and when"), ("partner", "assignee", "scheduled_at", "expected_at")),
        (_("Cost"), ("cost_amount", "cost_currency")),
    ]
    site: Any = forms.ModelChoiceField(label=_("Site"), queryset=None)
    station = forms.CharField(
        label=_("Station (public id)"),
        max_length=24,
        required=False,
        help_text=_("Nothing: the whole site."),
    )
    evse_number = forms.IntegerField(
        label=_("EVSE"), min_value=1, required=False, help_text=_("Nothing: the whole station.")
    )
    partner: Any = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=None,
        required=False,
        empty_label=_("As the service agreement says"),
    )
    assignee: Any = PersonField(label=_("Technician"), queryset=None, required=False)

    class Meta:
        model = WorkOrder
        fields = (
            "title", "kind", "priority", "description", "fault_codes", "public_note",
            "scheduled_at", "expected_at", "cost_amount", "cost_currency",
        )  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "scheduled_at": moment_widget(),
            "expected_at": moment_widget(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site"].queryset = sites()
        fields["partner"].queryset = Partner.objects.filter(
            is_technician=True, is_active=True
        ).order_by("name", "id")
        fields["assignee"].queryset = selectors.people()
        order: WorkOrder = self.instance
        if order.pk:
            fields["site"].disabled = True
            fields["partner"].empty_label = _("None")
            self.initial = {
                **self.initial,
                "site": order.site_id,
                "station": order.station.public_id if order.station else "",
                "evse_number": order.evse.number if order.evse else None,
                "partner": order.partner_id,
                "assignee": order.assignee_id,
            }
        else:
            del fields["cost_amount"], fields["cost_currency"]

    def _post_clean(self) -> None:
        """Leave the row to the service."""

    def clean(self) -> dict[str, Any]:
        """Find station and EVSE by what names them."""
        values = super().clean() or {}
        ref, number = values.pop("station", ""), values.pop("evse_number", None)
        site = values.get("site")
        station = Station.objects.filter(public_id=ref, site=site).first() if ref else None
        if ref and station is None:
            self.add_error("station", _("There is no such station at this site."))
        if number and station is None:
            self.add_error("evse_number", _("Name its station too."))
        evse = Evse.objects.filter(station=station, number=number).first() if number else None
        if number and station is not None and evse is None:
            self.add_error("evse_number", _("The station has no such EVSE."))
        return values | {"station": station, "evse": evse}


class StepForm(forms.Form):
    """The next step of an order."""

    state = forms.ChoiceField(label=_("Next step"))
    text = forms.CharField(
        label=_("What was done, or why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, order: WorkOrder, in_field: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(OrderState.choices)
        steps = [] if order.state == lifecycle.CLOSED else lifecycle.NEXT[order.state]
        self.fields["state"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (step, words[step]) for step in steps if not in_field or step in lifecycle.FIELD
        ]


class NoteForm(forms.Form):
    """A line for the log."""

    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PauseForm(forms.Form):
    """Why the clocks stand still."""

    reason = forms.ChoiceField(label=_("Reason"), choices=CHOSEN_PAUSES)


class CheckForm(forms.Form):
    """What came of a point of the checklist."""

    position = forms.TypedChoiceField(label=_("Point"), coerce=int)
    result = forms.ChoiceField(label=_("Result"), choices=CheckResult.choices, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["position"].choices = [(one.position, one.text) for one in order.checks.all()]
