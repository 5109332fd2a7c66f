"""The form that names the hardware of planned stations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms_groups import ShownGroup
from planning.building.models import PlannedStation
from planning.building.services import Wanted
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.choices import SecurityProfile
from stations.onboarding.forms import VERSIONS

TAKEN = "take_"


class AddStationsForm(forms.Form):
    """Which planned stations have come, and what they are called."""

    version = forms.ChoiceField(label=_("OCPP version"), choices=VERSIONS, initial="1.6")
    security_profile = forms.TypedChoiceField(
        label=_("Security profile"),
        choices=SecurityProfile.choices,
        coerce=int,
        initial=SecurityProfile.BASIC,
        help_text=_("How the station proves who it is."),
    )

    def __init__(
        self, *args: Any, rows: Sequence[PlannedStation], identities: Sequence[str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.rows = rows
        models = HardwareModel.objects.filter(retired_on=None).order_by("vendor", "model")
        choices = [("", gettext("Not in the catalogue")), *((m.public_id, str(m)) for m in models)]
        for row, identity in zip(rows, identities, strict=True):
            for name, one in _fields(row, identity, choices).items():
                self.fields[f"{name}_{row.public_id}"] = one

    def groups(self) -> list[ShownGroup]:
        """One group a station."""
        return [
            ShownGroup(
                gettext("%(name)s: %(evses)s × %(power)s kW")
                % {"name": row, "evses": row.evses, "power": f"{row.power_w / 1000:g}"},
                [self[f"{name}_{row.public_id}"] for name in ("take", "identity", "name", "model")],
            )
            for row in self.rows
        ]

    def clean(self) -> dict[str, Any]:
        """One at least, and an identity for each."""
        values = super().clean() or {}
        chosen = [row.public_id for row in self.rows if values.get(f"{TAKEN}{row.public_id}")]
        if self.rows and not chosen:
            self.add_error(None, _("Choose at least one station."))
        for ref in chosen:
            if not values.get(f"identity_{ref}") and f"identity_{ref}" not in self.errors:
                self.add_error(f"identity_{ref}", _("Give the station an identity."))
        return values

    def wanted(self) -> list[Wanted]:
        """Those that have come."""
        values = self.cleaned_data
        return [
            Wanted(
                planned=ref,
                identity=values[f"identity_{ref}"],
                name=values[f"name_{ref}"],
                hardware_model=values[f"model_{ref}"],
            )
            for ref in (row.public_id for row in self.rows)
            if values[f"{TAKEN}{ref}"]
        ]


def _fields(
    row: PlannedStation, identity: str, models: list[tuple[str, str]]
) -> dict[str, forms.Field]:
    return {
        "take": forms.BooleanField(label=_("It has come"), required=False, initial=True),
        "identity": forms.CharField(
            label=_("Socket identity"),
            max_length=48,
            required=False,
            initial=identity,
            help_text=_("The last part of the address that the station connects to."),
        ),
        "name": forms.CharField(label=_("Name"), max_length=120, initial=str(row)[:120]),
        "model": forms.ChoiceField(
            label=_("Model"),
            required=False,
            choices=models,
            help_text=_("Its EVSEs count instead of the planned ones."),
        ),
    }
