"""Asking a study, cancelling it, asking it again, making a chosen site a planned one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.soon import soon
from planning.building.services import plan_stations
from planning.demand.assumptions import AssumptionError, with_changes
from planning.demand.measured import growth_ahead
from planning.demand.models import DemandModel
from planning.demand.selectors import layers_of
from planning.layers.kinds import DEMAND_KINDS, LayerKind
from planning.layers.models import Layer
from planning.studies.choices import LayerRole, StudyState
from planning.studies.models import Study, StudyLayer, StudySite
from planning.studies.parameters import CORRIDOR, COVER, Parameters, in_km, parameters_from
from planning.studies.tasks import run_study
from stations.sites.models import Site
from stations.sites.services import create_site

Layers = Mapping[str, Sequence[Layer]]
KINDS: Final[Mapping[str, Sequence[str]]] = {
    LayerRole.DEMAND: DEMAND_KINDS,
    LayerRole.CANDIDATES: (LayerKind.CANDIDATES,),
    LayerRole.EXISTING: (LayerKind.EXISTING_STATIONS,),
    LayerRole.ROADS: (LayerKind.ROADS,),
    LayerRole.GRID: (LayerKind.GRID,),
    LayerRole.AREAS: (LayerKind.AREAS,),
}
MOST_SITES: Final = 200
LONGEST_S: Final = 600.0
MOST_GROWTH: Final = 100.0
PROVEN: Final = 1e-6
"""A gap that is no more than errors of rounding."""
CUT_OFF: Final = 0.9
"""Share of its time limit from which a solver that has a gap left was cut off by it."""


@transaction.atomic
def ask_study(
    *,
    operator: Operator,
    name: str,
    parameters: Parameters,
    layers: Layers,
    seed: int = 1,
    follows: Study | None = None,
) -> Study:
    """Ask a question; it is answered in the background.

    Refused without a layer of demand, for layers of a wrong kind, and for parameters that no
    question can have.
    """
    _check_minutes(parameters)
    parameters = in_km(parameters)
    _check(parameters, layers)
    study = Study(
        operator=operator,
        public_id=public_id("stu"),
        name=name,
        version=1 if follows is None else follows.version + 1,
        follows=follows,
        objective=parameters.objective,
        parameters=parameters.as_json(),
        currency=operator.currency,
        seed=seed,
        created_by=current_actor.get().label[:200],
    )
    study.full_clean()
    study.save()
    for role, chosen in layers.items():
        for layer in chosen:
            StudyLayer.objects.create(operator=operator, study=study, layer=layer, role=role)
    after = {"name": name, "version": study.version, "parameters": parameters.as_json()}
    record("study.ask", study, operator_id=operator.pk, after=after)
    soon(run_study, study.pk)
    return study


def from_model(
    parameters: Parameters, layers: Layers, model: DemandModel
) -> tuple[Parameters, dict[str, list[Layer]]]:
    """The question with the layers and assumptions of a demand model, as they are now."""
    taken = replace(
        parameters,
        assumptions=dict(model.assumptions),
        demand_model=f"{model.public_id} ({model.version})",
        target_year=model.target_year,
        growth_by_year=tuple(growth_ahead(model)),
    )
    chosen = {role: list(rows) for role, rows in layers.items()}
    return taken, chosen | {str(LayerRole.DEMAND): layers_of(model)}


def _check(parameters: Parameters, layers: Layers) -> None:
    if not layers.get(LayerRole.DEMAND):
        raise InvalidInput("no_demand_layer", _("Choose a layer of demand."), field="demand")
    for role, chosen in layers.items():
        for layer in chosen:
            if layer.kind not in KINDS[role]:
                raise InvalidInput(
                    "wrong_layer", _("%(name)s is no layer for this.") % {"name": layer}, field=role
                )
    if parameters.sites is None and parameters.budget is None:
        raise InvalidInput(
            "no_limit", _("Say how many sites there may be, or the budget."), field="sites"
        )
    if parameters.objective == CORRIDOR:
        _check_roads(parameters, layers)
    if parameters.objective != COVER and (parameters.sites is None or parameters.budget):
        raise InvalidInput(
            "needs_sites",
            _("This takes a number of sites and no budget."),
            field="budget" if parameters.sites else "sites",
        )
    if parameters.sites is not None and not 1 <= parameters.sites <= MOST_SITES:
        raise InvalidInput(
            "sites_range",
            _("A study chooses 1 to %(most)d sites.") % {"most": MOST_SITES},
            field="sites",
        )
    if not 0 < parameters.whole_km <= parameters.last_km <= 1000:
        raise InvalidInput(
            "distances",
            _("The first distance must be above 0 and at most the second."),
            field="whole_km" if parameters.whole_min is None else "whole_min",
        )
    _check_figures(parameters)


def _check_minutes(parameters: Parameters) -> None:
    if (parameters.whole_min is None) != (parameters.last_min is None):
        raise InvalidInput(
            "minutes",
            _("Give both reaches in minutes, or none."),
            field="last_min" if parameters.last_min is None else "whole_min",
        )
    if not 1 <= parameters.speed_kmh <= 200:
        raise InvalidInput("speed", _("The speed is 1 to 200 km/h."), field="speed_kmh")
    if not 1 <= parameters.detour <= 5:
        raise InvalidInput("detour", _("The detour factor is 1 to 5."), field="detour")


def _check_roads(parameters: Parameters, layers: Layers) -> None:
    if not layers.get(LayerRole.ROADS):
        raise InvalidInput("no_roads", _("Choose a layer of roads between towns."), field="roads")
    if all(one.kind != LayerKind.POPULATION for one in layers[LayerRole.DEMAND]):
        raise InvalidInput(
            "no_towns", _("Trips begin and end in towns: choose a layer of inhabitants."),
            field="demand",
        )  # fmt: skip
    if not 10 <= parameters.range_km <= 2000:
        raise InvalidInput("range", _("The range is 10 to 2,000 km."), field="range_km")


def _check_figures(parameters: Parameters) -> None:
    if not 1 <= parameters.time_limit_s <= LONGEST_S:
        raise InvalidInput(
            "time_limit", _("The time limit is 1 to 600 seconds."), field="time_limit_s"
        )
    positive = ("session_kwh", "power_kw", "wait_share", "captured")
    shares = ("wait_share", "captured", "growth", "rate")
    if any(not 0 < one <= MOST_GROWTH for one in parameters.growth_by_year):
        raise InvalidInput("figure", _("This figure cannot be."), field="growth_by_year")
    for name, value in parameters.as_json().items():
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        low = value <= 0 if name in positive else value < 0
        if not math.isfinite(value) or low or (name in shares and value > 1):
            raise InvalidInput("figure", _("This figure cannot be."), field=name)
    if parameters.sites_per_year is not None and not 1 <= parameters.sites_per_year <= MOST_SITES:
        raise InvalidInput(
            "sites_per_year", _("1 to %(most)d sites a year.") % {"most": MOST_SITES},
            field="sites_per_year",
        )  # fmt: skip
    if not 1 <= parameters.years <= 40:
        raise InvalidInput("years", _("A business case has 1 to 40 years."), field="years")
    try:
        with_changes(parameters.assumptions)
    except AssumptionError as error:
        raise InvalidInput(
            "assumption", _("This assumption cannot have that value."), field=error.name
        ) from error


@transaction.atomic
def ask_again(*, study: Study, seed: int | None = None) -> Study:
    """The same question as a next version, of the same layers."""
    return ask_study(
        operator=study.operator,
        name=study.name,
        parameters=parameters_from(study.parameters),
        layers=_layers_of(study),
        seed=study.seed if seed is None else seed,
        follows=study,
    )


@transaction.atomic
def go_on(*, study: Study, time_limit_s: float | None = None) -> Study:
    """Solve on from the plan of a study that its time limit cut off, as its next version, for so
    many seconds (twice as long unless told). Refused for one that is proven or has no plan."""
    if not is_cut_off(study):
        raise RuleViolation(
            "not_cut_off", _("The study was not cut off by its time limit; there is no more to do.")
        )
    asked = parameters_from(study.parameters)
    sites = study.sites.order_by("rank").values_list("label", flat=True)
    return ask_study(
        operator=study.operator,
        name=study.name,
        parameters=replace(
            asked,
            goes_on_from=tuple(sites),
            time_limit_s=time_limit_s or min(2 * asked.time_limit_s, LONGEST_S),
        ),
        layers=_layers_of(study),
        seed=study.seed,
        follows=study,
    )


def is_cut_off(study: Study) -> bool:
    """Whether more time could make the plan better, or prove that it is the best."""
    limit = parameters_from(study.parameters).time_limit_s
    took = study.result.get("seconds") or 0.0
    is_open = study.gap is not None and study.gap > PROVEN
    return study.state == StudyState.DONE and is_open and took >= CUT_OFF * limit


def _layers_of(study: Study) -> dict[str, list[Layer]]:
    layers: dict[str, list[Layer]] = {}
    for one in study.used_layers.select_related("layer"):
        layers.setdefault(one.role, []).append(one.layer)
    return layers


@transaction.atomic
def cancel_study(*, study: Study) -> Study:
    """Stop a study: at once when it waits, soon when it runs. Refused when it is over."""
    now = timezone.now()
    mine = Study.objects.filter(pk=study.pk)
    stopped = mine.filter(state=StudyState.QUEUED).update(
        state=StudyState.CANCELLED, finished_at=now, is_cancel_asked=True
    )
    asked = stopped or mine.filter(state=StudyState.RUNNING).update(is_cancel_asked=True)
    if not asked:
        raise RuleViolation("study_is_over", _("The study is over; there is nothing to cancel."))
    record("study.cancel", study, operator_id=study.operator_id)
    study.refresh_from_db()
    return study


@transaction.atomic
def plan_site(*, chosen: StudySite) -> Site:
    """Make a chosen place a site of the network that is not commissioned yet, with the stations
    that its size asks for as planned ones; once only."""
    held: StudySite = StudySite.objects.select_for_update().get(pk=chosen.pk)
    if held.site_id is not None:
        raise RuleViolation("already_planned", _("This place is a site already."))
    grid = held.figures.get("worth", {}).get("grid_kw")
    name = held.label[:120]
    if Site.objects.filter(name=name).exists():
        name = f"{held.label[:90]} ({held.study.public_id} {held.rank})"
    site = create_site(
        operator=held.operator,
        name=name,
        latitude=Decimal(str(round(held.latitude, 6))),
        longitude=Decimal(str(round(held.longitude, 6))),
        power_limit_w=None if grid is None else round(grid * 1000),
    )
    StudySite.objects.filter(pk=held.pk).update(site=site)
    worth = held.figures.get("worth", {})
    stations = plan_stations(
        site=site, evses=worth.get("evses", 0), power_kw=worth.get("power_kw", 0)
    )
    record(
        "study.plan_site",
        held.study,
        operator_id=held.operator_id,
        after={
            "site": site.public_id,
            "rank": held.rank,
            "name": name,
            "stations": [f"{one.evses} × {one.power_w} W" for one in stations],
        },
    )
    return site
