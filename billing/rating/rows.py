"""A rating result as rows of a rated session: itself, its lines, its periods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from billing.rating.engine import ENGINE_VERSION
from billing.rating.models import RatedSession, SessionBilling
from billing.rating.result import RatingResult, TaxTotal
from billing.rating.session_facts import Correction
from core.ids import public_id
from stations.sessions.models import Session

Values = tuple[Any, ...]
"""A row without its ids."""

_TEN_PLACES: Final = 10**10
_SIX_PLACES: Final = 10**6
_FOUR_PLACES: Final = 10**4


def exact(value: Fraction, places: int) -> Decimal:
    """``value`` rounded half up to a power of ten (``places`` is 10 to it)."""
    scaled = value * places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole) / places


def rated_row(
    billing: SessionBilling,
    session: Session,
    result: RatingResult,
    *,
    bounds: tuple[datetime, datetime],
    correction: Correction,
    now: datetime,
) -> RatedSession:
    """The unsaved next revision of a session; ``bounds`` are its start and end as rated."""
    started_at, stopped_at = bounds
    zone = ZoneInfo(session.station.site.time_zone)
    seconds = _seconds_by_kind(result)
    if billing.tariff_version_id is None:
        raise ValueError("a priced session has a tariff")
    return RatedSession(
        operator_id=billing.operator_id,
        public_id=public_id("rs"),
        session=session,
        revision=billing.revision + 1,
        site_id=session.station.site_id,
        station_id=session.station_id,
        account_id=billing.account_id,
        tariff_version_id=billing.tariff_version_id,
        tariff_hash=billing.tariff_hash,
        engine_version=ENGINE_VERSION,
        started_at=started_at,
        stopped_at=stopped_at,
        delivered_on=stopped_at.astimezone(zone).date(),
        energy_wh=exact(result.energy_wh, _FOUR_PLACES),
        exported_wh=exact(result.exported_wh, _FOUR_PLACES),
        charging_s=seconds["charging"],
        parking_s=seconds["idle"],
        currency=result.currency,
        net=result.net,
        tax=result.tax,
        gross=result.gross,
        taxes=[tax_total(one) for one in result.tax_totals],
        findings=[
            {"code": one.code, "severity": one.severity, "params": dict(one.params)}
            for one in result.findings
        ],
        is_interpolated=any(line.interpolated for line in result.lines),
        correction=correction.as_dict(),
        created_at=now,
    )


def _seconds_by_kind(result: RatingResult) -> dict[str, int]:
    totals: dict[str, float] = {"charging": 0, "idle": 0}
    for period in result.periods:
        name = "idle" if period.kind == "idle" else "charging"
        totals[name] += (period.ended_at - period.started_at).total_seconds()
    return {name: round(value) for name, value in totals.items()}


def tax_total(total: TaxTotal) -> dict[str, str | None]:
    """A total by tax rate as JSON; figures as text."""
    rate = None if total.rate is None else str(total.rate)
    return {"rate": rate, "net": str(total.net), "tax": str(total.tax), "gross": str(total.gross)}


LINE_COLUMNS: Final = (
    "position", "kind", "reason", "element", "started_at", "stopped_at", "quantity",
    "billed_quantity", "unit", "unit_price", "tax_rate", "exact_net", "is_interpolated", "net",
    "tax", "gross",
)  # fmt: skip
PERIOD_COLUMNS: Final = (
    "position", "started_at", "stopped_at", "energy_wh", "kind", "prices", "is_idle_free",
    "is_interpolated",
)  # fmt: skip


def line_values(result: RatingResult) -> list[Values]:
    """The lines of a revision, as LINE_COLUMNS."""
    return [
        (
            position,
            line.type,
            line.reason,
            line.element,
            line.started_at,
            line.ended_at,
            exact(line.quantity, _SIX_PLACES),
            exact(line.billed_quantity, _SIX_PLACES),
            line.unit,
            line.unit_price,
            line.tax_rate,
            exact(line.exact_net, _TEN_PLACES),
            line.interpolated,
            line.net,
            line.tax,
            line.gross,
        )
        for position, line in enumerate(result.lines, 1)
    ]


def period_values(result: RatingResult) -> list[Values]:
    """The periods of a revision, as PERIOD_COLUMNS."""
    return [
        (
            position,
            period.started_at,
            period.ended_at,
            exact(period.energy_wh, _SIX_PLACES),
            period.kind or "",
            json.dumps(period.prices),
            period.is_idle_free,
            period.interpolated,
        )
        for position, period in enumerate(result.periods, 1)
    ]


_SAME: Final = (
    "account_id", "tariff_hash", "started_at", "stopped_at", "energy_wh", "currency",
    "net", "tax", "gross", "taxes", "correction",
)  # fmt: skip
_SAME_LINE: Final = (
    "kind", "reason", "element", "billed_quantity", "unit_price", "tax_rate", "net", "gross",
)  # fmt: skip


_SAME_PLACES: Final = tuple(LINE_COLUMNS.index(name) for name in _SAME_LINE)


def is_same(old: RatedSession, new: RatedSession, new_lines: Sequence[Values]) -> bool:
    """Whether a new rating says what the stored one says (``lines`` prefetched)."""
    if any(getattr(old, name) != getattr(new, name) for name in _SAME):
        return False
    before = [tuple(getattr(one, name) for name in _SAME_LINE) for one in old.lines.all()]
    return before == [tuple(one[place] for place in _SAME_PLACES) for one in new_lines]
