"""What each demand of a p-median travels to each site, and whether all can be reached (pure)."""

from __future__ import annotations

import numpy as np

from planning.solving.paths import Matrix, all_distances, distances
from planning.solving.problems import Median


def travel(problem: Median) -> Matrix:
    """Weighted costs: demands with weight as rows, candidates as columns, then one of what stands.

    The last column is the way to the nearest existing site, infinite where none stands.
    """
    weights = np.array(problem.weights)
    asking = np.flatnonzero(weights > 0)
    if problem.network is not None:
        between = all_distances(problem.network)[asking]
        new, standing = between[:, list(problem.candidates)], between[:, list(problem.existing)]
    else:
        places = problem.places or problem.points
        here = tuple(problem.points[one] for one in asking)
        new, standing = (
            distances(here, tuple(places[one] for one in which), problem.metric)
            for which in (problem.candidates, problem.existing)
        )
    found = np.empty((len(asking), new.shape[1] + 1))
    found[:, :-1] = new
    found[:, -1] = standing.min(axis=1, initial=np.inf)
    found *= weights[asking, None]
    if problem.existing:
        np.minimum(found, found[:, -1:], out=found)
    return found


def obstacle(problem: Median, reach: Matrix) -> str:
    """Why no choice of p sites serves everybody; empty when one does."""
    if problem.p > len(problem.candidates):
        return f"{problem.p} sites are asked for, and there are {len(problem.candidates)} places"
    reachable = np.isfinite(reach)
    alone = np.flatnonzero(~reachable.any(axis=1))
    if len(alone):
        number = [place for place, weight in enumerate(problem.weights) if weight > 0][alone[0]]
        return f"Vertex {number + problem.first} cannot be reached from any place"
    waiting = reachable[~reachable[:, -1], :-1]
    needed = min(1, len(waiting)) if waiting.all() else len(np.unique(waiting, axis=0))
    if needed > problem.p:
        return f"The network falls into {needed} parts without a site, more than {problem.p}"
    return ""


def finite(reach: Matrix) -> Matrix:
    """The same with a cost for what cannot be reached that no better solution pays."""
    reachable = np.isfinite(reach)
    if reachable.all():
        return reach
    highest = np.where(reachable, reach, 0.0).max(axis=1).sum()
    return np.where(reachable, reach, highest + 1.0)
