"""Forms of the wizard: site, station, EVSEs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import day_widget
from core.forms_groups import ShownGroup
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.choices import ConnectorType, CurrentType, SecurityProfile
from stations.sites.models import Site

VERSIONS: Final = (("1.6", "OCPP 1.6J"), ("2.0.1", "OCPP 2.0.1"))
MOST_EVSES: Final = 20
ONE_EVSE: Final[Mapping[str, Any]] = {
    "max_power_w": 22_080,
    "current_type": CurrentType.AC_3_PHASE,
    "phases": 3,
    "connectors": [{"connector_type": ConnectorType.TYPE_2, "is_tethered": False}],
}


class SiteStep(forms.Form):
    """Where the station stands."""

    site: Any = forms.ModelChoiceField(
        queryset=None, to_field_name="public_id", label=_("Site"), empty_label=None
    )
    identity = forms.CharField(max_length=48, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.filter(retired_on=None).order_by("name")  # type: ignore[attr-defined]  # a field of rows


class StationStep(forms.Form):
    """What the station is and how it proves who it is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    identity = forms.CharField(
        label=_("Socket identity"),
        max_length=48,
        help_text=_("The last part of the address that the station connects to."),
    )
    hardware_model = forms.ChoiceField(
        label=_("Model"),
        required=False,
        help_text=_("Fills in EVSEs and known quirks. The station corrects it when it connects."),
    )
    version = forms.ChoiceField(label=_("OCPP version"), choices=VERSIONS)
    security_profile = forms.TypedChoiceField(
        label=_("Security profile"),
        choices=SecurityProfile.choices,
        coerce=int,
        initial=SecurityProfile.BASIC,
        help_text=_("How the station proves who it is."),
    )
    serial_number = forms.CharField(label=_("Serial number"), max_length=64, required=False)
    commissioned_on = forms.DateField(label=_("Commissioned"), required=False, widget=day_widget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models = HardwareModel.objects.filter(retired_on=None).order_by("vendor", "model")
        choices = [("", gettext("Not in the catalogue")), *((m.public_id, str(m)) for m in models)]
        self.fields["hardware_model"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class EvsesStep(forms.Form):
    """The station's EVSEs with one or two connectors each; ``rows`` is how many."""

    count = forms.IntegerField(label=_("Number of EVSEs"), min_value=1, max_value=MOST_EVSES)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        proposals: list[str],
        defaults: list[Mapping[str, Any]],
    ) -> None:
        self.rows = _whole(data.get("count") if data else None, len(defaults) or 1)
        super().__init__(data, initial={"count": self.rows})
        for number in range(1, self.rows + 1):
            default = defaults[min(number, len(defaults)) - 1] if defaults else ONE_EVSE
            for name, one in _row_fields(default, proposals[number - 1]).items():
                self.fields[f"evse_{number}_{name}"] = one

    def groups(self) -> list[ShownGroup]:
        """One group an EVSE."""
        shown = []
        for number in range(1, self.rows + 1):
            names = [n for n in self.fields if n.startswith(f"evse_{number}_")]
            title = gettext("EVSE %(number)s") % {"number": number}
            shown.append(ShownGroup(title, [self[name] for name in names]))
        return shown

    def evses(self) -> list[dict[str, Any]]:
        """What the services take, one an EVSE."""
        return [self._evse(number) for number in range(1, self.rows + 1)]

    def _evse(self, number: int) -> dict[str, Any]:
        given = {
            name.removeprefix(f"evse_{number}_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith(f"evse_{number}_")
        }
        tethered = given.pop("is_tethered")
        kinds = [given.pop("connector"), given.pop("second")]
        given["connectors"] = [
            {"connector_type": kind, "is_tethered": tethered} for kind in kinds if kind
        ]
        return {"number": number, **given, "public_id": given["public_id"].strip() or None}


def _row_fields(default: Mapping[str, Any], proposal: str) -> dict[str, forms.Field]:
    connectors = list(default.get("connectors") or ONE_EVSE["connectors"])
    second = connectors[1]["connector_type"] if len(connectors) > 1 else ""
    return {
        "public_id": forms.CharField(
            label=_("EVSE id"), max_length=48, required=False, initial=proposal
        ),
        "max_power_w": forms.IntegerField(
            label=_("Power (W)"),
            min_value=1,
            max_value=2_000_000,
            required=False,
            initial=default.get("max_power_w"),
        ),
        "current_type": forms.ChoiceField(
            label=_("Current"), choices=CurrentType.choices, initial=default.get("current_type")
        ),
        "phases": forms.TypedChoiceField(
            label=_("Phases"),
            choices=[(1, "1"), (2, "2"), (3, "3")],
            coerce=int,
            initial=default.get("phases") or 3,
        ),
        "connector": forms.ChoiceField(
            label=_("Connector"),
            choices=ConnectorType.choices,
            initial=connectors[0]["connector_type"],
        ),
        "second": forms.ChoiceField(
            label=_("Second connector"),
            choices=[("", _("None")), *ConnectorType.choices],
            required=False,
            initial=second,
        ),
        "is_tethered": forms.BooleanField(
            label=_("Fixed cable"),
            required=False,
            initial=bool(connectors[0].get("is_tethered")),
        ),
    }


def _whole(text: str | None, default: int) -> int:
    return min(max(int(text), 1), MOST_EVSES) if text and text.isdecimal() else default
