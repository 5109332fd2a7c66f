"""The form of a demand model: its layers and every assumption."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms_groups import GroupedForm
from planning.demand.assumptions import ASSUMPTIONS, BY_NAME
from planning.demand.growth import YEARS
from planning.demand.models import DemandModel
from planning.demand.selectors import choosable
from planning.demand.words import EVERY, ROLES, SHARES
from planning.layers.kinds import DEMAND_KINDS
from planning.layers.numbers import number_of

CARS = ("ev_share", "cars_per_inhabitant", "kwh_per_km", "season")
HOMES = ("km_per_year", "without_parking", "public_share")
STAYS = ("visits_by_car", "plugs_in", "kwh_per_stay")
TRIPS = ("long_trip_share", "stretch_km")
NO_YEAR = _("“%(line)s” does not begin with a year.")
NO_NUMBER = _("“%(line)s” has no number from 0.")


class LayersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Layers with what each is to the model."""

    def label_from_instance(self, obj: Any) -> str:
        """The layer and its role."""
        return f"{obj} – {ROLES[obj.kind]}"


class DemandModelForm(GroupedForm, forms.Form):
    """Name, layers, and the assumptions; shares are percent here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    layers: Any = LayersField(queryset=None, label=_("Layers"), widget=forms.CheckboxSelectMultiple)
    history = forms.CharField(
        label=_("Electric cars by year"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A line a year: 2024 312000. An S-curve through them gives the growth."),
    )
    target_year = forms.IntegerField(
        label=_("Year meant"), required=False, min_value=2000, max_value=2100
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    GROUPS = (
        (_("Demand model"), ("name", "layers", "note")),
        (_("Cars"), CARS),
        (_("Owners who cannot charge at home"), HOMES),
        (_("Stays at destinations"), STAYS),
        (_("Long trips"), TRIPS),
        (_("Growth"), ("history", "target_year", "growth")),
        (_("Against what was measured"), ("calibration",)),
    )

    def __init__(self, *args: Any, model: DemandModel | None = None, **kwargs: Any) -> None:
        chosen = [] if model is None else list(model.chosen.values_list("layer_id", flat=True))
        kwargs.setdefault("initial", _initial(model, chosen))
        super().__init__(*args, **kwargs)
        field = self.fields["layers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        usable = choosable(model).filter(kind__in=DEMAND_KINDS)
        field.queryset = usable.order_by("name", "id")
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

    def clean_history(self) -> list[list[float]]:
        """Pairs of year and number, in the order of the years."""
        found: dict[int, float] = {}
        for line in self.cleaned_data["history"].splitlines():
            words = line.replace(";", " ").replace("\t", " ").split(maxsplit=1)
            if not words:
                continue
            number = number_of(words[1]) if len(words) == 2 else math.nan
            if not words[0].isdecimal() or int(words[0]) not in YEARS:
                raise forms.ValidationError(NO_YEAR % {"line": line})
            if not number >= 0:
                raise forms.ValidationError(NO_NUMBER % {"line": line})
            found[int(words[0])] = number
        return [[year, found[year]] for year in sorted(found)]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "note": given["note"],
            "history": given["history"],
            "target_year": given["target_year"],
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
        found |= {
            "name": model.name,
            "note": model.note,
            "layers": chosen,
            "target_year": model.target_year,
            "history": "\n".join(f"{year:g} {number:.12g}" for year, number in model.history),
        }
    return found
