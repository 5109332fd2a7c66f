"""The longest credible story that register points tell (pure).

A register only counts up, and no faster than the connector can deliver. Where the points
as sent tell such a story it is taken as it is. Otherwise whole labels are tried in the
other unit (Wh for kWh), and at last the cheapest set of points to leave out, to re-scale
or to take as a reset is found. Rules E3 to E9 of docs/reconciliation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, product

from stations.sessions.registers import Label, Point

UNKNOWN_POWER_W = Decimal(400_000)
MARGIN = Decimal("1.1")
SLACK = timedelta(seconds=60)
UNTIMED = timedelta(hours=24)
ROUNDING_WH = Decimal(1)
SPARE_WH = Decimal(50)
LOOK_BACK = 8
DROP_COST, DROP_STOP_COST, SCALE_COST, BREAK_COST = 30, 29, 10, 50
UP, DOWN, SAME = Decimal(1000), Decimal("0.001"), Decimal(1)
_FACTORS: Mapping[Label, tuple[Decimal, ...]] = {
    "meter": (SAME, UP),
    "Wh": (SAME, UP),
    "none": (SAME, UP),
    "kWh": (SAME, DOWN),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A point as read: with the factor its unit needed, and whether a reset precedes it."""

    point: Point
    factor: Decimal
    is_break: bool = False
    is_rollover: bool = False

    @property
    def value_wh(self) -> Decimal:
        """The point's value in the unit that it turned out to have."""
        return self.point.value_wh * self.factor


@dataclass(frozen=True, slots=True)
class Limits:
    """What the connector and its meter can do."""

    max_power_w: Decimal
    modulus_wh: Decimal | None = None

    def allows(self, before: Point, after: Point, delta_wh: Decimal) -> bool:
        """Whether ``delta_wh`` can have flowed between two points."""
        passed = max(after.at - before.at, timedelta(0)) + SLACK
        if not (before.is_timed and after.is_timed):
            passed = max(passed, UNTIMED)
        seconds = Decimal(passed.days * 86400 + passed.seconds)
        return delta_wh <= self.max_power_w * MARGIN * seconds / 3600 + SPARE_WH

    def step(self, before: Link, after: Link) -> Decimal | None:
        """Energy between two links, None when it cannot be."""
        delta = after.value_wh - before.value_wh
        if delta >= -ROUNDING_WH:
            return delta if self.allows(before.point, after.point, delta) else None
        if self.modulus_wh is not None:
            delta += self.modulus_wh
            if delta >= 0 and self.allows(before.point, after.point, delta):
                return delta
        return None


@dataclass(frozen=True, slots=True)
class Chain:
    """Links in order of time, and the points that fit no story."""

    links: tuple[Link, ...]
    dropped: tuple[Point, ...] = ()
    is_whole_label: bool = False


def solve(points: Sequence[Point], limits: Limits) -> Chain:
    """The most credible reading of ``points`` (given in order of time)."""
    negative = tuple(point for point in points if point.value_wh < 0)
    credible = [point for point in points if point.value_wh >= 0]
    chain = _uniform(credible, limits)
    if chain is None:
        chain = _cheapest(credible, limits)
    return Chain(_mark_rollovers(chain.links), chain.dropped + negative, chain.is_whole_label)


def _uniform(points: Sequence[Point], limits: Limits) -> Chain | None:
    """All points kept, each label in one unit; as sent first, then with fewest changes."""
    labels = sorted({point.label for point in points})
    choices = sorted(
        product(*(_FACTORS[label] for label in labels)),
        key=lambda factors: (sum(one != SAME for one in factors), factors),
    )
    for factors in choices:
        by_label = dict(zip(labels, factors, strict=True))
        links = tuple(Link(point, by_label[point.label]) for point in points)
        changed = {label for label, factor in by_label.items() if factor != SAME}
        if changed and not _is_proof(points, labels, changed, by_label):
            continue
        if _holds(links, limits):
            return Chain(links, is_whole_label=bool(changed))
    return None


def _is_proof(
    points: Sequence[Point],
    labels: Sequence[Label],
    changed: set[Label],
    by_label: Mapping[Label, Decimal],
) -> bool:
    """Two points prove no wrong label; with nothing else to compare, only kWh can be."""
    alone = len(changed) == len(labels)
    down_only = all(by_label[label] == DOWN for label in changed)
    return len(points) >= 3 and (not alone or down_only)


def _holds(links: Sequence[Link], limits: Limits) -> bool:
    steps = [limits.step(before, after) for before, after in pairwise(links)]
    known = [step for step in steps if step is not None]
    if len(known) < len(steps):
        return False
    return not known or limits.allows(links[0].point, links[-1].point, sum(known, Decimal(0)))


def _cheapest(points: Sequence[Point], limits: Limits) -> Chain:
    """Dynamic programme over (point, factor): least cost of drops, re-scalings, resets."""
    prices = [DROP_STOP_COST if p.role == "end" and p.is_meter_field else DROP_COST for p in points]
    paid = [0]
    for price in prices:
        paid.append(paid[-1] + price)
    best: list[dict[Decimal, tuple[int, tuple[int, Decimal] | None, bool]]] = []
    for index, point in enumerate(points):
        here: dict[Decimal, tuple[int, tuple[int, Decimal] | None, bool]] = {}
        for factor in _FACTORS[point.label]:
            link = Link(point, factor)
            cost, came, is_break = paid[index], None, False
            for back in range(index - 1, max(-1, index - 2 - LOOK_BACK), -1):
                skipped = paid[index] - paid[back + 1]
                for other, (so_far, _came, _break) in best[back].items():
                    fits = limits.step(Link(points[back], other), link) is not None
                    total = so_far + skipped + (0 if fits else BREAK_COST)
                    if total < cost:
                        cost, came, is_break = total, (back, other), not fits
            here[factor] = (cost + (0 if factor == SAME else SCALE_COST), came, is_break)
        best.append(here)
    return _trace(points, best, paid)


def _trace(
    points: Sequence[Point],
    best: Sequence[Mapping[Decimal, tuple[int, tuple[int, Decimal] | None, bool]]],
    paid: Sequence[int],
) -> Chain:
    """Walk the cheapest way back."""
    ends = [
        (cost + paid[-1] - paid[index + 1], -index, factor)
        for index, here in enumerate(best)
        for factor, (cost, _came, _break) in here.items()
    ]
    _cost, minus_index, last = min(ends)
    where: tuple[int, Decimal] | None = (-minus_index, last)
    links: list[Link] = []
    kept: set[int] = set()
    while where is not None:
        index, factor = where
        _cost, came, is_break = best[index][factor]
        links.append(Link(points[index], factor, is_break))
        kept.add(index)
        where = came
    dropped = tuple(point for index, point in enumerate(points) if index not in kept)
    return Chain(tuple(reversed(links)), dropped)


def _mark_rollovers(links: Sequence[Link]) -> tuple[Link, ...]:
    """Falls that are no break can only be rollovers of a known modulus."""
    marked = list(links[:1])
    for before, after in pairwise(links):
        fell = after.value_wh < before.value_wh - ROUNDING_WH
        marked.append(Link(after.point, after.factor, after.is_break, fell and not after.is_break))
    return tuple(marked)
