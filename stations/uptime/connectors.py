"""When a port with several connectors is down (pure).

Convention "all": only while every connector is down. Convention "mandatory": also while one is down
that the site must offer (the CCS of a fast charger).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.periods import Period, Periods, common_to_all, union


def all_down(faults: Mapping[str, Iterable[Period]]) -> Periods:
    """The time in which no connector worked."""
    return common_to_all(faults.values())


def any_mandatory_down(
    faults: Mapping[str, Iterable[Period]], mandatory: Collection[str]
) -> Periods:
    """The time in which a mandatory connector, or all of them, did not work."""
    required = (faults[name] for name in mandatory if name in faults)
    return union(*required, all_down(faults))
