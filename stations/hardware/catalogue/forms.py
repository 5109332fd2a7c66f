"""Forms of a model, of a quirk, and of a station's own quirks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReasonForm
from core.forms_groups import Group, GroupedForm
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.choices import ConnectorType, CurrentType, SecurityProfile
from stations.hardware.quirk_words import WORDS
from stations.hardware.quirks import NAMED_QUIRKS

NUMBERS: Final = ("energy_factor", "register_modulus_wh")
VERSIONS: Final = (("", _("Not stated")), ("1.6", "OCPP 1.6J"), ("2.0.1", "OCPP 2.0.1"))


class ModelForm(GroupedForm, forms.Form):
    """A model with what a new station of it starts with; its EVSEs are all alike."""

    vendor = forms.CharField(label=_("Vendor"), max_length=64)
    model = forms.CharField(
        label=_("Model"),
        max_length=64,
        help_text=_("As the station reports it; * stands for any text."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    documentation_url = forms.URLField(
        label=_("Documentation"), required=False, assume_scheme="https"
    )
    newest_firmware = forms.CharField(label=_("Newest firmware"), max_length=64, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    ocpp_version = forms.ChoiceField(label=_("OCPP version"), choices=VERSIONS, required=False)
    security_profile = forms.TypedChoiceField(
        label=_("Security profile"), choices=SecurityProfile.choices, coerce=int, initial=1
    )
    count = forms.IntegerField(label=_("Number of EVSEs"), min_value=1, max_value=20, initial=1)
    max_power_w = forms.IntegerField(
        label=_("Power (W)"), min_value=1, max_value=2_000_000, required=False
    )
    current_type = forms.ChoiceField(
        label=_("Current"), choices=CurrentType.choices, initial=CurrentType.AC_3_PHASE
    )
    phases = forms.TypedChoiceField(
        label=_("Phases"), choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int, initial=3
    )
    connector = forms.ChoiceField(
        label=_("Connector"), choices=ConnectorType.choices, initial=ConnectorType.TYPE_2
    )
    second = forms.ChoiceField(
        label=_("Second connector"),
        choices=[("", _("None")), *ConnectorType.choices],
        required=False,
    )
    is_tethered = forms.BooleanField(label=_("Fixed cable"), required=False)

    GROUPS: ClassVar[list[Group]] = [
        (_("Model"), ("vendor", "model", "name", "documentation_url", "newest_firmware", "note")),
        (_("A new station starts with"), ("ocpp_version", "security_profile", "count",
                                          "max_power_w", "current_type", "phases", "connector",
                                          "second", "is_tethered")),
    ]  # fmt: skip
    OF_EVSES: ClassVar[tuple[str, ...]] = (
        "count", "max_power_w", "current_type", "phases", "connector", "second", "is_tethered",
    )  # fmt: skip

    def __init__(self, *args: Any, model: HardwareModel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": _initial(model)} | kwargs))

    def values(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Columns for changed fields; EVSEs as they are stored."""
        columns = {name: v for name, v in changes.items() if name not in self.OF_EVSES}
        if columns.keys() != changes.keys():
            columns["evses"] = _evses(self.cleaned_data)
        return columns


def _initial(model: HardwareModel | None) -> dict[str, Any]:
    if model is None:
        return {}
    names = ("vendor", "model", "name", "documentation_url", "newest_firmware", "note",
             "ocpp_version", "security_profile")  # fmt: skip
    values: dict[str, Any] = {name: getattr(model, name) for name in names}
    if model.evses:
        first = model.evses[0]
        kinds = [one["connector_type"] for one in first["connectors"]]
        values |= {name: first.get(name) for name in ("max_power_w", "current_type", "phases")}
        values |= {
            "count": len(model.evses),
            "connector": kinds[0],
            "second": kinds[1] if len(kinds) > 1 else "",
            "is_tethered": bool(first["connectors"][0].get("is_tethered")),
        }
    return values


def _evses(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    connectors = [
        {"connector_type": kind, "is_tethered": values["is_tethered"]}
        for kind in (values["connector"], values["second"])
        if kind
    ]
    one = {name: values[name] for name in ("max_power_w", "current_type", "phases")}
    return [{**one, "connectors": connectors} for _number in range(values["count"])]


class QuirkForm(ReasonForm):
    """One quirk of a model."""

    name = forms.ChoiceField(label=_("Quirk"), choices=[(k, v) for k, v in WORDS.items()])
    value = forms.CharField(
        label=_("Value"),
        max_length=40,
        required=False,
        help_text=_("Only where the quirk needs one: Wh or kWh, a number, a version."),
    )
    firmware = forms.CharField(
        label=_("Firmware"),
        max_length=100,
        required=False,
        help_text=_("Nothing: any. Otherwise 1.2.*, or >=1.2 <1.5"),
    )
    note = forms.CharField(label=_("How it was seen"), max_length=300, required=False)
    field_order = ("name", "value", "firmware", "note", "reason")

    def values(self) -> dict[str, Any]:
        """What services.add_quirk takes."""
        given = {**self.cleaned_data}
        return given | {"value": read_value(given["name"], given["value"])}


class OwnQuirksForm(ReasonForm):
    """What this one station gets wrong, over what its model does."""

    def __init__(self, *args: Any, own: Mapping[str, Any], **kwargs: Any) -> None:
        initial = {name: _shown(name, own.get(name)) for name in WORDS}
        self._own = own
        super().__init__(*args, **({"initial": initial} | kwargs))
        for name, label in WORDS.items():
            self.fields[name] = _own_field(name, label)
        self.order_fields([*WORDS, "reason"])

    def quirks(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The station's own quirks with what the person changed."""
        given = {name: changes[name].strip() for name in WORDS if name in changes}
        kept = {name: value for name, value in self._own.items() if name not in given}
        return kept | {
            name: False if text == "no" else read_value(name, text)
            for name, text in given.items()
            if text
        }


def _own_field(name: str, label: Any) -> forms.Field:
    if name in NAMED_QUIRKS:
        choices = [("", _("As the model")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    return forms.CharField(
        label=label, max_length=40, required=False, help_text=_("Nothing: as the model.")
    )


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if value is False:
        return "no"
    return "yes" if name in NAMED_QUIRKS else str(value)


def read_value(name: str, text: str) -> Any:
    """The value of a quirk from what was typed; whether it is a good one the service says."""
    if name in NAMED_QUIRKS:
        return True
    if name == "phases" and text.isdecimal():
        return int(text)
    return text.replace(",", ".") if name in NUMBERS else text
