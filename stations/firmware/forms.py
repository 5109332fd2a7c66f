"""Forms of firmware: a file, a campaign."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm, day_widget
from core.forms_groups import Group, GroupedForm
from stations.firmware.campaigns import LIMITS, Plan
from stations.firmware.images import NewImage
from stations.firmware.lists import model_choices
from stations.firmware.models import FirmwareImage
from stations.firmware.selectors import images
from stations.sites.selectors import sites

_PLAN: Final = Plan()


class ImageForm(GroupedForm, forms.Form):
    """One version of a model's firmware and where it is."""

    GROUPS: ClassVar[list[Group]] = [
        (_("What"), ("hardware_model", "version", "released_on", "note")),
        (_("Where stations get it"), ("url", "file", "sha256")),
        (_("Signature, for stations that check it"), ("signature", "signing_certificate")),
    ]
    hardware_model: Any = forms.ModelChoiceField(
        label=_("Station model"), queryset=None, to_field_name="public_id"
    )
    version = forms.CharField(
        label=_("Version"),
        max_length=64,
        help_text=_("Exactly as the station reports it at its start."),
    )
    released_on = forms.DateField(label=_("Released"), required=False, widget=day_widget())
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    url = forms.CharField(
        label=_("Address at the vendor"),
        max_length=400,
        required=False,
        help_text=_("https, http, ftps, sftp or ftp. Or upload the file."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("At most 30 MB. Each station gets an address of its own, for one update."),
    )
    sha256 = forms.CharField(
        label=_("SHA-256"),
        max_length=100,
        required=False,
        help_text=_("As the vendor states it; an uploaded file is checked against it."),
    )
    signature = forms.CharField(
        label=_("Signature (base64)"), max_length=800, required=False, widget=forms.Textarea
    )
    signing_certificate = forms.CharField(
        label=_("Certificate of the signature (PEM)"),
        max_length=5500,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models = model_choices(None).filter(retired_on=None)
        self.fields["hardware_model"].queryset = models  # type: ignore[attr-defined]  # rows

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        return {
            "upload": data.pop("file"),
            "hardware_model": data.pop("hardware_model"),
            "told": NewImage(**data),
        }


def _figure(name: str, label: Any, help_text: Any = "", *, required: bool = True) -> Any:
    least, most = LIMITS[name]
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        initial=getattr(_PLAN, name),
        help_text=help_text,
    )


class CampaignForm(GroupedForm, ReasonForm):
    """A campaign: which version, which stations, how fast, when, and when it stops."""

    GROUPS: ClassVar[list[Group]] = [
        (_("What"), ("name", "image")),
        (_("Which stations"), ("sites", "from_firmware")),
        (_("How fast"), ("canary_count", "wave_size", "pause_minutes", "most_failures")),
        (_("When"), ("from_hour", "until_hour", "patience_minutes", "wait_hours")),
        (_("Why"), ("reason",)),
    ]
    name = forms.CharField(label=_("Name"), max_length=120)
    image: Any = forms.ModelChoiceField(
        label=_("Firmware"), queryset=None, to_field_name="public_id"
    )
    sites: Any = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("None chosen: all of them."),
    )
    from_firmware = forms.CharField(
        label=_("Present version"),
        max_length=100,
        required=False,
        help_text=_("Nothing: any. Otherwise 1.2.*, or >=1.2 <1.5"),
    )
    canary_count = _figure(
        "canary_count", _("Stations in the canary"), _("They come first; any failure halts.")
    )
    wave_size = _figure("wave_size", _("Stations in a wave"))
    pause_minutes = _figure("pause_minutes", _("Pause between waves (minutes)"))
    most_failures = _figure(
        "most_failures", _("Failures allowed in a wave"), _("One more halts the campaign.")
    )
    from_hour = _figure(
        "from_hour", _("From hour"), _("Of the site's clock. Both empty: all hours."),
        required=False,
    )  # fmt: skip
    until_hour = _figure("until_hour", _("Until hour"), required=False)
    patience_minutes = _figure(
        "patience_minutes",
        _("Time for one update (minutes)"),
        _("Until the station has started with the version; else it counts as failed."),
    )
    wait_hours = _figure(
        "wait_hours",
        _("How long a wave waits for a station (hours)"),
        _("One that is offline or in use all the time is left out then."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = images().filter(withdrawn_at=None)
        self.fields["image"].queryset = offered  # type: ignore[attr-defined]  # a field of rows
        self.fields["sites"].queryset = sites()  # type: ignore[attr-defined]  # as above

    def plan(self) -> Plan:
        """How stations are chosen and taken."""
        data = self.cleaned_data
        figures = {name: data[name] for name in LIMITS}
        return Plan(
            sites=tuple(data["sites"]), from_firmware=data["from_firmware"].strip(), **figures
        )

    def image_chosen(self) -> FirmwareImage:
        """The version."""
        image: FirmwareImage = self.cleaned_data["image"]
        return image
