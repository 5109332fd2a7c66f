"""Cross-check of the register by the power that the station reported (pure). Rule E10."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from stations.sessions.chain import SAME, Chain, Limits, Link
from stations.sessions.findings import Finding, found
from stations.sessions.registers import Amount

FEWEST = 3
LONGEST_STEP = timedelta(hours=1)
WORTH_WH = Decimal(200)
FAR = Decimal(3)
THOUSAND = (Decimal(500), Decimal(2000))


def integrated_wh(power: Sequence[Amount]) -> Decimal | None:
    """Energy under the power curve; None when samples are too few to say."""
    if len(power) < FEWEST:
        return None
    total = Decimal(0)
    for before, after in pairwise(power):
        step = after.at - before.at
        if step <= LONGEST_STEP:
            hours = Decimal(step.seconds) / 3600
            total += (before.value + after.value) / 2 * hours
    return total


def energy_is_thousandth(chain: Chain, power: Sequence[Amount], limits: Limits) -> bool:
    """Whether the register, labelled Wh, counts kWh: power says a thousand times as much."""
    links = chain.links
    if len(links) < FEWEST or any(link.factor != SAME or link.is_break for link in links):
        return False
    if any(link.point.label == "kWh" or link.point.is_meter_field for link in links):
        return False
    energy = links[-1].value_wh - links[0].value_wh
    reported = integrated_wh(power)
    if reported is None or energy <= 0 or reported < WORTH_WH:
        return False
    if not THOUSAND[0] <= reported / energy <= THOUSAND[1]:
        return False
    first, last = (Link(link.point, Decimal(1000)) for link in (links[0], links[-1]))
    return limits.step(first, last) is not None


def check_power(
    energy_wh: Decimal, power: Sequence[Amount], max_power_w: Decimal | None
) -> list[Finding]:
    """A finding when the power says three times as much as the register or more."""
    if max_power_w is not None and any(one.value > max_power_w * 2 for one in power):
        return []  # the power's own unit is wrong
    reported = integrated_wh(power)
    if reported is None or reported < WORTH_WH or reported < energy_wh * FAR:
        return []
    return [found("power_contradicts_register", wh=reported.quantize(Decimal(1)))]
