"""Forms of templates, of one value, and of applying."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm
from stations.configuration.models import ConfigurationTemplate
from stations.hardware.models import Station
from stations.sites.models import Site


class ValuesField(forms.CharField):
    """Lines of ``key = value`` as pairs; the value may be empty and hold equal signs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "widget": forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
                "max_length": 200_000,
                "strip": False,
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """Pairs of key and value; empty lines and lines that start with # are left out."""
        text = super().clean(value)
        pairs = []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            key, sign, rest = line.partition("=")
            if not sign or not key.strip():
                raise forms.ValidationError(
                    _gettext("Line %(number)s is not written as key = value.") % {"number": number}
                )
            pairs.append((key.strip(), rest.strip()))
        return pairs

    def comparable(self, value: Any) -> list[str]:
        """Lines without comments, whatever their order, of text and of pairs alike."""
        pairs = self.clean(value) if isinstance(value, str) and value.strip() else value or []
        return sorted(f"{key} = {rest}" for key, rest in pairs)


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A configuration template with its values and targets."""

    values = ValuesField(
        label=_("Values"),
        help_text=_(
            "One a line: HeartbeatInterval = 300 (OCPP 1.6) or "
            "SampledDataCtrlr.TxUpdatedInterval = 60 (2.0.1). Secrets are refused."
        ),
    )
    sites: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Only at these sites"),
        required=False,
        help_text=_("None chosen: every site."),
    )
    stations: Any = forms.ModelMultipleChoiceField(
        queryset=None, label=_("Only these stations"), required=False
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("Kept with your name in the audit trail."),
    )

    class Meta:
        model = ConfigurationTemplate
        fields = (
            "name",
            "ocpp_version",
            "vendor",
            "model",
            "firmware",
            "priority",
            "is_active",
            "reapplies",
            "note",
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "vendor": _("As stations tell it. * stands for any text; empty: every vendor."),
            "model": _("The same for the model."),
            "firmware": _("The same for the firmware, for example 3.4.*"),
            "priority": _("Where two templates name a key, the higher number decides."),
        }

    field_order = (
        "name",
        "ocpp_version",
        "vendor",
        "model",
        "firmware",
        "sites",
        "stations",
        "values",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites, stations = self.fields["sites"], self.fields["stations"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        assert isinstance(stations, forms.ModelMultipleChoiceField)
        sites.queryset = Site.objects.filter(retired_on=None).order_by("name", "id")
        stations.queryset = Station.objects.filter(retired_on=None).order_by("name", "id")
        if self.instance.pk:
            targets = list(self.instance.targets.all())
            sites.initial = [t.site_id for t in targets if t.site_id]
            stations.initial = [t.station_id for t in targets if t.station_id]
            rows = self.instance.values.order_by("key")
            self.fields["values"].initial = "\n".join(f"{r.key} = {r.value}" for r in rows)

    def _post_clean(self) -> None:
        """Leave the row to the service."""


class ValueForm(ReasonForm):
    """One value of one station: kept as desired, sent now, or both."""

    key = forms.CharField(label=_("Key"), max_length=320)
    value = forms.CharField(label=_("Value"), max_length=2500, required=False, strip=True)
    keep = forms.BooleanField(
        label=_("Keep it as the desired value of this station"),
        required=False,
        help_text=_("It then counts instead of every template."),
    )
    send = forms.BooleanField(label=_("Send it to the station now"), required=False, initial=True)

    field_order = ("key", "value", "keep", "send", "reason")

    def __init__(self, *args: Any, may_keep: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_keep:
            del self.fields["keep"]

    def clean(self) -> dict[str, Any]:
        """Something must be wanted."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("keep") and not cleaned.get("send"):
            raise forms.ValidationError(_gettext("Choose to keep the value, to send it, or both."))
        return cleaned


class KeyForm(ReasonForm):
    """A key whose own value is given up."""

    key = forms.CharField(label=_("Key"), max_length=320)

    field_order = ("key", "reason")


class CountedStations(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Stations with the number of values that each is to get."""

    counts: dict[int, int] = {}

    def label_from_instance(self, obj: Station) -> str:
        """Name, site and number."""
        return _gettext("%(station)s, %(site)s: %(count)s values") % {
            "station": obj,
            "site": obj.site,
            "count": self.counts.get(obj.pk, 0),
        }


class ApplyForm(ReasonForm):
    """Stations that are to get what is desired of them."""

    stations: Any = CountedStations(
        label=_("Stations"),
        queryset=None,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one station.")},
    )
    queue_if_offline = forms.BooleanField(
        label=_("Stations that are away get it when they are back, within a day"), required=False
    )

    field_order = ("stations", "reason", "queue_if_offline")

    def __init__(self, *args: Any, counts: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stations = self.fields["stations"]
        assert isinstance(stations, CountedStations)
        stations.counts = counts
        stations.queryset = Station.objects.filter(pk__in=counts).select_related("site", "link")
