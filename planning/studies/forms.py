"""The form of a study's question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms_groups import GroupedForm
from planning.demand.assumptions import BY_NAME
from planning.demand.selectors import demand_models
from planning.demand.words import SHARES
from planning.layers.models import Layer
from planning.layers.selectors import usable_layers
from planning.studies.choices import LayerRole, Objective
from planning.studies.models import Study
from planning.studies.parameters import NAMES, Parameters, parameters_from
from planning.studies.services import KINDS, LONGEST_S, MOST_SITES, from_model

ASSUMED = tuple(SHARES)
PERCENTS = ("captured", "wait_share", "growth", "rate", *ASSUMED)


def _number(label: Any, least: float, most: float, **more: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=least, max_value=most, widget=widget, **more)


def _layers(label: Any, **more: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        queryset=None, label=label, widget=forms.CheckboxSelectMultiple, **more
    )


class StudyForm(GroupedForm, forms.Form):
    """What is asked, of which layers, and what is assumed. Shares are percent here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    objective = forms.ChoiceField(label=_("What is wanted"), choices=Objective.choices)
    sites = forms.IntegerField(
        label=_("Number of sites"), required=False, min_value=1, max_value=MOST_SITES
    )
    budget = _number(
        _("Budget"), 0, 1e12, required=False, help_text=_("For building; empty: only the number.")
    )
    sites_per_year = forms.IntegerField(
        label=_("Sites built a year"),
        required=False,
        min_value=1,
        max_value=MOST_SITES,
        help_text=_("Those that add most come first; empty: all at once."),
    )
    demand_model: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Demand model"),
        required=False,
        empty_label=_("None: the layers and assumptions below"),
        help_text=_("Its layers and assumptions are taken as they are now."),
    )
    demand = _layers(_("Demand"), required=False)
    candidates = _layers(
        _("Candidate sites"),
        required=False,
        help_text=_("Without any, a site may be wherever there is demand."),
    )
    existing = _layers(_("Stations of others"), required=False)
    roads = _layers(
        _("Roads between towns"),
        required=False,
        help_text=_("For trips on roads: a row is a stretch from one town to the next."),
    )
    grid = _layers(
        _("Grid capacity"),
        required=False,
        help_text=_("The nearest point within 5 km tells capacity and cost of the connection."),
    )
    areas = _layers(_("Areas where sites may be"), required=False, help_text=_("None: everywhere."))
    counts_own_sites = forms.BooleanField(label=_("Our own sites count too"), required=False)
    whole_km = _number(_("Reached whole up to (km)"), 0.01, 1000)
    last_km = _number(_("Not reached beyond (km)"), 0.01, 1000)
    whole_min = _number(
        _("Reached whole up to (minutes)"), 0.1, 600, required=False,
        help_text=_("Minutes count before km; empty: by distance."),
    )  # fmt: skip
    last_min = _number(_("Not reached beyond (minutes)"), 0.1, 600, required=False)
    speed_kmh = _number(_("Speed on the way (km/h)"), 1, 200, help_text=_("Of a reach in minutes."))
    detour = _number(
        _("Detour of roads (factor)"), 1, 5,
        help_text=_("How much longer a road is than the straight line; of a reach in minutes."),
    )  # fmt: skip
    range_km = _number(
        _("Range of a car (km)"), 10, 2000, help_text=_("For trips on roads, in the season meant.")
    )
    fixed = forms.CharField(
        label=_("Fixed sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names of candidates that must be chosen, one a line."),
    )
    forbidden = forms.CharField(
        label=_("Forbidden sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names of candidates that must not be chosen, one a line."),
    )
    ev_share = _number(SHARES["ev_share"], 0, 100)
    without_parking = _number(SHARES["without_parking"], 0, 100)
    public_share = _number(SHARES["public_share"], 0, 100)
    long_trip_share = _number(SHARES["long_trip_share"], 0, 100)
    plugs_in = _number(SHARES["plugs_in"], 0, 100)
    captured = _number(_("What of the demand in reach comes to us (%)"), 0.1, 100)
    session_kwh = _number(_("Energy of a session (kWh)"), 1, 500)
    power_kw = _number(_("Power of an EVSE (kW)"), 3, 1000)
    wait_min = _number(_("Drivers may wait (minutes)"), 0, 120)
    wait_share = _number(_("More than so many may not wait longer (%)"), 0.1, 100)
    grid_limit_kw = _number(
        _("Grid connection at most (kW)"), 1, 100_000, required=False,
        help_text=_("Where a candidate's row says nothing; empty: no limit."),
    )  # fmt: skip
    growth = _number(
        _("Growth of demand a year (%)"), 0, 100,
        help_text=_("The curve of a demand model with a year meant counts before it."),
    )  # fmt: skip
    price_per_kwh = _number(_("Price per kWh"), 0, 1000)
    energy_per_kwh = _number(_("Energy cost per kWh"), 0, 1000)
    cost_per_site = _number(_("Building a site"), 0, 1e9)
    cost_per_evse = _number(_("Each EVSE, installed"), 0, 1e9)
    grid_fee_per_kw_year = _number(_("Grid fee per kW and year"), 0, 1e6)
    opex_per_evse_year = _number(_("Operation per EVSE and year"), 0, 1e9)
    rate = _number(_("Discount rate (%)"), 0, 100)
    years = forms.IntegerField(label=_("Years"), min_value=1, max_value=40)
    time_limit_s = _number(_("Time limit (seconds)"), 1, LONGEST_S)
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2_000_000_000)

    GROUPS = (
        (_("Question"), ("name", "objective", "sites", "budget", "sites_per_year")),
        (
            _("Layers"),
            (
                "demand_model", "demand", "candidates", "existing", "roads", "grid", "areas",
                "counts_own_sites",
            ),
        ),
        (_("Reach"), (
                "whole_km", "last_km", "whole_min", "last_min", "speed_kmh", "detour", "range_km",
                "fixed", "forbidden",
            )),
        (_("Demand"), (*ASSUMED, "captured", "growth")),
        (_("Size"), ("session_kwh", "power_kw", "wait_min", "wait_share", "grid_limit_kw")),
        (
            _("Money, without VAT"),
            (
                "price_per_kwh", "energy_per_kwh", "cost_per_site", "cost_per_evse",
                "grid_fee_per_kw_year", "opex_per_evse_year", "rate", "years",
            ),
        ),
        (_("Solver"), ("time_limit_s", "seed")),
    )  # fmt: skip

    def __init__(self, *args: Any, of: Study | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(of))
        super().__init__(*args, **kwargs)
        self.of = of
        model = self.fields["demand_model"]
        assert isinstance(model, forms.ModelChoiceField)
        model.queryset = demand_models()
        for role in LayerRole.values:
            field = self.fields[role]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = usable_layers(*KINDS[role]).order_by("name", "id")

    def question(self) -> tuple[Parameters, dict[str, list[Layer]]]:
        """What is asked, of which layers."""
        parameters, layers = self.parameters(), self.layers()
        model = self.cleaned_data["demand_model"]
        return (parameters, layers) if model is None else from_model(parameters, layers, model)

    def parameters(self) -> Parameters:
        """What was asked."""
        values = self.cleaned_data
        given = {
            name: self._value(name) for name in NAMES if name in values and name != "demand_model"
        }
        of = Parameters() if self.of is None else parameters_from(self.of.parameters)
        given |= {"target_year": of.target_year}
        if abs(given["growth"] - of.growth) < 1e-9:
            given["growth_by_year"] = of.growth_by_year
        kept = {name: one for name, one in of.assumptions.items() if name not in ASSUMED}
        assumptions = kept | {
            name: self._value(name)
            for name in ASSUMED
            if abs(self._value(name) - BY_NAME[name].default) > 1e-9
        }
        return Parameters(**{**given, "assumptions": assumptions})

    def layers(self) -> dict[str, list[Layer]]:
        """The chosen layers by what they are for."""
        return {str(role): list(self.cleaned_data[role]) for role in LayerRole}

    def _value(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if name in ("fixed", "forbidden"):
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        return round(value / 100, 9) if name in PERCENTS else value


def _initial(of: Study | None) -> dict[str, Any]:
    parameters = Parameters() if of is None else parameters_from(of.parameters)
    values: dict[str, Any] = parameters.as_json()
    del values["demand_model"]
    for name in ASSUMED:
        values[name] = parameters.assumptions.get(name, BY_NAME[name].default)
    for name in PERCENTS:
        values[name] = round(values[name] * 100, 6)
    for name in ("fixed", "forbidden"):
        values[name] = "\n".join(values[name])
    if of is not None:
        values |= {"name": of.name, "seed": of.seed}
        for one in of.used_layers.all():
            values.setdefault(one.role, []).append(one.layer_id)
    else:
        values["seed"] = 1
    return values
