"""Forms of work on site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from stations.hardware.models import Evse
from stations.maintenance.field_commands import FieldAction
from stations.maintenance.field_models import WorkTime
from stations.maintenance.models import WorkOrder
from stations.maintenance.work_models import PartUsed


class OnceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A row that is added once, however often the form is sent."""

    once = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = get_random_string(20)

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class PartForm(OnceForm):
    """A part that was put in."""

    class Meta:
        model = PartUsed
        fields = ("name", "article", "quantity", "serial_out", "serial_in", "is_warranty")


class TimeForm(OnceForm):
    """Time that was spent."""

    class Meta:
        model = WorkTime
        fields = ("kind", "worked_on", "minutes")
        widgets = {"worked_on": day_widget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worked_on"].initial = timezone.localdate


class PhotoForm(forms.Form):
    """A photo, taken now or before."""

    file: Any = forms.ImageField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    caption = forms.CharField(label=_("Caption"), max_length=200, required=False)


class FindForm(forms.Form):
    """What stands on a station."""

    code = forms.CharField(
        label=_("Code on the station"),
        max_length=300,
        required=False,
        help_text=_("Scan it, or type the EVSE id or the name of the station."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class FieldActionForm(forms.Form):
    """Where, and why."""

    evse: Any = forms.ModelChoiceField(label=_("EVSE"), queryset=None)
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Kept with your name in the audit trail.")
    )

    def __init__(self, *args: Any, order: WorkOrder, action: FieldAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Evse.objects.filter(station_id=order.station_id, retired_on=None)
        field: Any = self.fields["evse"]
        field.queryset = rows.select_related("station").order_by("number")
        field.initial = order.evse_id or rows.values_list("pk", flat=True).first()
        field.label_from_instance = lambda evse: evse.public_id or str(evse.number)
        if not action.needs_evse:
            del self.fields["evse"]
