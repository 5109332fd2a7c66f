"""The form of a demand model: its layers and every assumption."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms_groups import GroupedForm
from planning.demand.assumptions import ASSUMPTIONS, BY_NAME
from planning.demand.models import DemandModel
from planning.demand.selectors import COUNTED
from planning.demand.words import EVERY, ROLES, SHARES
from planning.layers.selectors import layers

CARS = ("ev_share", "cars_per_inhabitant", "kwh_per_km", "season")
HOMES = ("km_per_year", "without_parking", "public_share")
STAYS = ("visits_by_car", "plugs_in", "kwh_per_stay")
TRIPS = ("long_trip_share", "stretch_km")


class LayersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Layers with what each is to the model."""

    def label_from_instance(self, obj: Any) -> str:
        """The layer and its role."""
        return f"{obj} – {ROLES[obj.kind]}"


class DemandModelForm(GroupedForm, forms.Form):
    """Name, layers, and the assumptions; shares are percent here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    layers: Any = LayersField(queryset=None, label=_("Layers"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    GROUPS = (
        (_("Demand model"), ("name", "layers", "note")),
        (_("Cars"), CARS),
        (_("Owners who cannot charge at home"), HOMES),
        (_("Stays at destinations"), STAYS),
        (_("Long trips"), TRIPS),
        (_("Against what was measured"), ("calibration",)),
    )

    def __init__(self, *args: Any, model: DemandModel | None = None, **kwargs: Any) -> None:
        chosen = [] if model is None else list(model.chosen.values_list("layer_id", flat=True))
        kwargs.setdefault("initial", _initial(model, chosen))
        super().__init__(*args, **kwargs)
        usable = layers().filter(kind__in=COUNTED)
        field = self.fields["layers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = (usable.filter(is_archived=False) | usable.filter(pk__in=chosen)).order_by(
            "name", "id"
        )
        for one in ASSUMPTIONS:
            scale = _scale(one.name)
            self.fields[one.name] = forms.FloatField(
                label=EVERY[one.name],
                min_value=one.least * scale,
                max_value=one.most * scale,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
                help_text=_("Usual: %(low)g to %(high)g.")
                % {"low": round(one.low * scale, 6), "high": round(one.high * scale, 6)},
            )

    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "note": given["note"],
            "layers": list(given["layers"]),
            "assumptions": {name: round(given[name] / _scale(name), 9) for name in BY_NAME},
        }


def _scale(name: str) -> int:
    return 100 if name in SHARES else 1


def _initial(model: DemandModel | None, chosen: list[int]) -> dict[str, Any]:
    stated = {} if model is None else model.assumptions
    found: dict[str, Any] = {
        one.name: round(stated.get(one.name, one.default) * _scale(one.name), 6)
        for one in ASSUMPTIONS
    }
    if model is not None:
        found |= {"name": model.name, "note": model.note, "layers": chosen}
    return found
