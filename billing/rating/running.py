"""What sessions that run have cost so far: an estimate by the same engine."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from billing.rating.compiled import CompiledTariff
from billing.rating.engine import RatingError, rate
from billing.rating.facts import SessionFacts
from billing.rating.models import SessionBilling
from billing.rating.pricing import tariff_of
from billing.rating.result import RatingResult
from billing.rating.session_facts import Correction, NotRateable, facts_of
from billing.rating.spot_prices import SpotSource
from billing.tariffs.model import TariffError
from stations.sessions.models import Session
from stations.sessions.stored import curve_of


def running_cost(billing: SessionBilling, session: Session, now: datetime) -> RatingResult | None:
    """The price if the session ended now; None where nothing can be said yet.

    ``session`` needs station, site and EVSE. What was told last is taken to go on.
    """
    return running_costs([(billing, session)], now).get(billing.pk)


def running_costs(
    pairs: Sequence[tuple[SessionBilling, Session]], now: datetime
) -> dict[int, RatingResult]:
    """The price of each if it ended now, by billing row; one query for all spot prices."""
    ready = [
        (billing, *found)
        for billing, session in pairs
        if (found := _gathered(billing, session, now)) is not None
    ]
    spot = SpotSource([(row.operator_id, facts, tariff.tariff) for row, tariff, facts in ready])
    costs: dict[int, RatingResult] = {}
    for row, tariff, facts in ready:
        try:
            full = spot.added_to(row.operator_id, facts, tariff.tariff)
            costs[row.pk] = rate(tariff, full)
        except (RatingError, ValueError):
            continue
    return costs


def _gathered(
    billing: SessionBilling, session: Session, now: datetime
) -> tuple[CompiledTariff, SessionFacts] | None:
    if session.started_at is None or session.energy_wh is None or billing.is_free:
        return None
    end = max(now, session.started_at)
    try:
        tariff = tariff_of(billing.tariff_version)
        return tariff, facts_of(_so_far(session, end), correction=Correction(stopped_at=end))
    except (NotRateable, TariffError, ValueError):
        return None


def _so_far(session: Session, now: datetime) -> Session:
    """A copy whose curve ends with the live register and whose last stretch goes on."""
    stored: dict[str, Any] = dict(session.intervals or {})
    points, energy = curve_of(stored), session.energy_wh
    curve = list(stored.get("curve", ()))
    if points and energy is not None and points[-1].at < session.last_fact_at:
        register = points[0].register_wh + energy
        curve.append([session.last_fact_at.isoformat(), str(register), str(energy)])
    stretches = [dict(one) for one in stored.get("intervals", ())]
    if stretches:
        stretches[-1]["stopped_at"] = now.isoformat()
    else:
        began = session.started_at or now
        stretches = [
            {
                "kind": "charging",
                "reason": "reported",
                "started_at": began.isoformat(),
                "stopped_at": now.isoformat(),
            }
        ]
    shown = copy(session)
    shown.intervals = stored | {"curve": curve, "intervals": stretches}
    return shown
