"""What each site adds, why it was chosen over its neighbours, what stays unserved (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from planning.layers.facts import Numbers
from planning.solving.decay import Ring, rings
from planning.solving.paths import coordinates, distances, haversine
from planning.solving.plan import Plan
from planning.solving.problems import GREAT_CIRCLE
from planning.studies.parameters import COVER, Parameters
from planning.studies.question import Answer, Chosen, Neighbour, Place, Question, Wanted
from planning.studies.worth import worth_of

NEIGHBOURS: Final = 3
UNSERVED: Final = 100
DOTS: Final = 400
"""So many places of demand are drawn on maps."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Demand with how far (metres) it is from what stands and from each site of the plan."""

    parameters: Parameters
    wanted: Wanted
    standing: Numbers
    sites: Numbers

    def share(self, far: Numbers) -> Numbers:
        """What part of each demand is reached from so far away."""
        return share_of(rings(self.parameters.whole_km * 1000, self.parameters.last_km * 1000), far)

    def worth(self, far: Numbers) -> float:
        """What the plan is worth with demand so far from a station: kWh, or less kWh times km."""
        if self.parameters.objective == COVER:
            return float(self.wanted.kwh @ self.share(far))
        return -float(self.wanted.kwh @ np.minimum(far, 2e7)) / 1000

    def reached(self, far: Numbers) -> float:
        """kWh a year that are reached."""
        return float(self.wanted.kwh @ self.share(far))


def share_of(found: Sequence[Ring], far: Numbers) -> Numbers:
    """The share by distance."""
    share = np.zeros(len(far))
    for ring in reversed(found):
        share[far <= ring.distance * (1 + 1e-9)] = ring.share
    return share


def far_from(wanted: Wanted, places: Sequence[Place]) -> Numbers:
    """How far (metres) each demand is from the nearest of some places; infinite without any."""
    here = coordinates(wanted.points)
    best = np.full(len(here), np.inf)
    for place in places:
        np.minimum(best, haversine(here, coordinates((place.point,)))[:, 0], out=best)
    return best


def explain(question: Question, chosen: Sequence[int], plan: Plan) -> Answer:
    """The answer: the plan's sites in the order in which they add most, each with its reasons."""
    wanted = question.wanted
    places = [question.candidates[one] for one in chosen]
    sites = distances(wanted.points, tuple(one.point for one in places), GREAT_CIRCLE)
    standing = far_from(wanted, question.existing)
    scene = Scene(question.parameters, wanted, standing, sites)
    after = np.minimum(standing, sites.min(axis=1, initial=np.inf))
    shown = [
        _chosen(question, scene, list(chosen), at, before, after) for at, before in ordered(scene)
    ]
    total = float(wanted.kwh.sum())
    return Answer(
        objective=plan.objective or 0.0,
        bound=plan.bound or 0.0,
        gap=plan.gap or 0.0,
        seconds=plan.seconds,
        total_kwh=total,
        before_kwh=scene.reached(standing),
        after_kwh=scene.reached(after),
        before_km=_mean_km(wanted, standing) if question.existing else None,
        after_km=_mean_km(wanted, after),
        sites=shown,
        unserved=_unserved(scene, after),
        dots=_dots(scene, standing, after),
    )


def ordered(scene: Scene) -> list[tuple[int, Numbers]]:
    """Columns of sites by what each adds to those before it, with the distances before it."""
    far, left = scene.standing.copy(), list(range(scene.sites.shape[1]))
    found = []
    while left:
        best = max(left, key=lambda one: scene.worth(np.minimum(far, scene.sites[:, one])))
        found.append((best, far))
        far = np.minimum(far, scene.sites[:, best])
        left.remove(best)
    return found


def _chosen(
    question: Question, scene: Scene, chosen: list[int], at: int, before: Numbers, after: Numbers
) -> Chosen:
    place = question.candidates[chosen[at]]
    mine = scene.sites[:, at]
    others = np.delete(scene.sites, at, axis=1)
    without = np.minimum(scene.standing, others.min(axis=1, initial=np.inf))
    nearest = mine <= without
    share = scene.share(after) * nearest * question.parameters.captured
    hours = (share @ scene.wanted.hours).tolist()
    taken = scene.share(scene.standing) * nearest * question.parameters.captured
    return Chosen(
        place=place,
        adds_kwh=scene.reached(np.minimum(before, mine)) - scene.reached(before),
        only_kwh=scene.reached(after) - scene.reached(without),
        gets_kwh=float(share @ scene.wanted.kwh),
        hours=hours,
        neighbours=_neighbours(question, scene, chosen, at, without),
        worth=worth_of(question.parameters, place, hours, _lost(question, scene, taken)),
    )


def _lost(question: Question, scene: Scene, taken: Numbers) -> float:
    """kWh a year that own sites nearby lose to this one."""
    own = [one for one in question.existing if one.own]
    if not own:
        return 0.0
    theirs = far_from(scene.wanted, own) <= scene.standing
    return float((taken * theirs) @ scene.wanted.kwh)


def _neighbours(
    question: Question, scene: Scene, chosen: list[int], at: int, without: Numbers
) -> list[Neighbour]:
    """The nearest candidates that were not chosen, and what choosing them instead loses."""
    here = coordinates((question.candidates[chosen[at]].point,))
    every = coordinates(tuple(one.point for one in question.candidates))
    km = haversine(here, every)[0] / 1000
    km[chosen] = np.inf
    for number, place in enumerate(question.candidates):
        if place.label.casefold() in {n.casefold() for n in question.parameters.forbidden}:
            km[number] = np.inf
    now = scene.worth(np.minimum(without, scene.sites[:, at]))
    found = []
    for number in np.argsort(km, kind="stable")[:NEIGHBOURS].tolist():
        if np.isfinite(km[number]):
            place = question.candidates[number]
            instead = np.minimum(without, far_from(scene.wanted, [place]))
            found.append(Neighbour(place.label, float(km[number]), now - scene.worth(instead)))
    return found


def _unserved(scene: Scene, after: Numbers) -> list[dict[str, Any]]:
    """The places with most energy out of reach."""
    missing = scene.wanted.kwh * (1 - scene.share(after))
    order = np.argsort(-missing, kind="stable")[:UNSERVED]
    return [
        {
            "label": scene.wanted.labels[one],
            "longitude": float(scene.wanted.longitude[one]),
            "latitude": float(scene.wanted.latitude[one]),
            "kwh": round(float(missing[one])),
            "km": round(float(after[one]) / 1000, 1) if np.isfinite(after[one]) else None,
        }
        for one in order.tolist()
        if missing[one] >= 1
    ]


def _dots(scene: Scene, before: Numbers, after: Numbers) -> list[list[float]]:
    """The places with most demand: longitude, latitude, kWh, share reached before and after."""
    wanted = scene.wanted
    was, now = scene.share(before), scene.share(after)
    columns = (wanted.longitude, wanted.latitude, wanted.kwh, was, now)
    return [
        [round(float(column[one]), 4) for column in columns]
        for one in np.argsort(-wanted.kwh, kind="stable")[:DOTS].tolist()
    ]


def _mean_km(wanted: Wanted, far: Numbers) -> float:
    """How far a kWh is from a station, on average."""
    return float(np.average(far, weights=wanted.kwh)) / 1000
