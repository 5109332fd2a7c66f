"""Forms of incidents: reporting one, and what people do with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm, moment_widget
from stations.hardware.models import Evse, Station
from stations.incidents import selectors
from stations.incidents.choices import Severity
from stations.incidents.models import Incident
from stations.sites.selectors import sites


class ReportForm(forms.Form):
    """A new incident by hand."""

    site: Any = forms.ModelChoiceField(label=_("Site"), queryset=None)
    station: Any = forms.ModelChoiceField(
        label=_("Station"), queryset=None, required=False, empty_label=_("all of the site")
    )
    evse_number = forms.IntegerField(label=_("EVSE"), min_value=1, required=False)
    summary = forms.CharField(
        label=_("What is wrong"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.P3)
    symptom_at = forms.DateTimeField(
        label=_("Since"),
        required=False,
        widget=moment_widget(),
        help_text=_("Nothing: from now on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites().order_by("name")  # type: ignore[attr-defined]  # a field of rows
        stations = Station.objects.filter(retired_on=None).select_related("site")
        self.fields["station"].queryset = stations.order_by("name")  # type: ignore[attr-defined]  # a field of rows

    def clean(self) -> dict[str, Any]:
        """The EVSE that the number names."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        number, station = values.pop("evse_number", None), values.get("station")
        values["evse"] = None
        if number:
            if station is None:
                self.add_error("station", _("Name its station too."))
                return values
            values["evse"] = Evse.objects.filter(station=station, number=number).first()
            if values["evse"] is None:
                self.add_error("evse_number", _("The station has no such EVSE."))
        return values


class NoteForm(forms.Form):
    """A line for the timeline."""

    text = forms.CharField(
        label=_("Note"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssignForm(forms.Form):
    """Who has it."""

    owner: Any = forms.ModelChoiceField(
        label=_("Who has it"), queryset=None, required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = selectors.owners()  # type: ignore[attr-defined]  # a field of rows


class SnoozeForm(ReasonForm):
    """Until when it may rest."""

    until = forms.DateTimeField(label=_("Until"), widget=moment_widget())
    field_order = ("until", "reason")


class ResolveForm(ReasonForm):
    """Since when it works again."""

    restored_at = forms.DateTimeField(
        label=_("Works again since"),
        required=False,
        widget=moment_widget(),
        help_text=_("Nothing: from now on."),
    )
    field_order = ("restored_at", "reason")


class OtherForm(forms.Form):
    """Another live incident."""

    other: Any = forms.ModelChoiceField(
        label=_("Incident"), queryset=None, to_field_name="public_id"
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = selectors.live_incidents().exclude(pk=incident.pk)
        self.fields["other"].queryset = rows.order_by(  # type: ignore[attr-defined]  # a field of rows
            "site__name", "-detected_at"
        )
        self.fields["other"].label_from_instance = _named  # type: ignore[attr-defined]  # a field of rows


class MergeForm(OtherForm, ReasonForm):
    """What it is the same as."""

    field_order = ("other", "reason")


class LinkForm(OtherForm):
    """What it is part of; nothing lets it stand alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].required = False
        self.fields["other"].empty_label = _("none")  # type: ignore[attr-defined]  # a field of rows


def _named(incident: Incident) -> str:
    where = f" / {incident.station}" if incident.station else ""
    return f"{incident.site}{where}: {incident.get_kind_display()} ({incident.public_id})"
