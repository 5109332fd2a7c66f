"""The curve of a session as data for the chart (static/js/chart.js)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from stations.sessions.curve import Point


def chart(points: Sequence[Point], *, zone: str) -> dict[str, Any]:
    """Times in Unix seconds, power in kW, energy in kWh, battery in %.

    All series have the length of ``x``; one without any value is left out.
    """
    computed = any(point.is_power_computed for point in points)
    power = _("Power (from energy)") if computed else _("Power")
    series = [
        _series(power, "kW", "active", [_thousandth(p.power_w) for p in points], step=computed),
        _series(_("Energy"), "kWh", "ok", [_thousandth(p.energy_wh) for p in points], decimals=2),
        _series(_("Battery"), "%", "paused", [_plain(p.soc_percent) for p in points], decimals=0),
    ]
    return {
        "zone": zone,
        "x": [point.at.timestamp() for point in points],
        "series": [one for one in series if any(v is not None for v in one["values"])],
    }


def _series(
    label: str,
    unit: str,
    tone: str,
    values: list[float | None],
    *,
    decimals: int = 1,
    step: bool = False,
) -> dict[str, Any]:
    return {
        "label": label,
        "unit": unit,
        "tone": tone,
        "values": values,
        "decimals": decimals,
        "step": step,
    }


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _thousandth(value: Decimal | None) -> float | None:
    return None if value is None else float(value) / 1000
