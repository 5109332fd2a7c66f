"""Billing in whole steps (pure). OCPI mod_tariffs PriceComponent, mod_cdrs step_size.

Once per session for energy and once for time, rounded up: the session's total of the dimension by
the step of the price used last, which also prices the extra. Of TIME and PARKING_TIME only the
dimension priced last is rounded. The time of a reservation is rounded on its own.
"""

from __future__ import annotations

from billing.rating.moments import SECOND, Number
from billing.rating.rules.quantities import Bucket, Group, Quantities


def apply_steps(found: Quantities) -> None:
    """Set ``extra`` of the last buckets."""
    groups: tuple[tuple[Group, int], ...] = (("ENERGY", 1), ("RESERVATION", SECOND))
    for group, unit in groups:
        last = found.last.get(group)
        if last is not None:
            last.extra = _extra(found, last, unit)
    if found.last_time is not None:
        found.last_time.extra = _extra(found, found.last_time, SECOND)


def _extra(found: Quantities, last: Bucket, unit: int) -> Number:
    """What is missing to a whole number of steps; nothing for an exact multiple."""
    size = unit * (last.candidate.component.step_size if last.candidate is not None else 1)
    total = _total(found, last.group)
    steps = -(-total // size)
    return steps * size - total


def _total(found: Quantities, group: Group) -> Number:
    return sum((one.quantity for one in found.buckets if one.group == group), 0)
