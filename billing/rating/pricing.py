"""From billing rows to cases: facts, the pinned tariff, the engine (reads only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from billing.rating.compiled import CompiledTariff
from billing.rating.engine import RatingError, compile_tariff, rate
from billing.rating.facts import SessionFacts
from billing.rating.idle_notices import told_of
from billing.rating.idle_warning import Told, free_until
from billing.rating.judging import Case
from billing.rating.models import SessionBilling
from billing.rating.result import PriceFinding
from billing.rating.session_facts import Correction, NotRateable, facts_of
from billing.rating.signed import TOLERANCE_WH, SignedRecord, signed_energy_wh, signed_findings
from billing.rating.signed_values import signed_records
from billing.rating.spot_prices import SpotSource
from billing.tariffs.model import TariffError, parse_tariff
from billing.tariffs.models import TariffVersion


@dataclass(slots=True)
class _Ready:
    """A row with all that rating takes."""

    case: Case
    tariff: CompiledTariff
    facts: SessionFacts


def price(rows: Sequence[SessionBilling], *, now: datetime) -> list[Case]:
    """A case for each pinned row; sessions must be loaded with station, site and EVSE.

    The number of queries does not depend on how many there are.
    """
    signed = signed_records(row.session for row in rows)
    told = told_of([row.session_id for row in rows])
    cases = [Case(billing=row, session=row.session) for row in rows]
    ready = [
        one
        for case in cases
        if (one := _gather(case, signed.get(case.session.pk, ()), told)) is not None
    ]
    spot = SpotSource([(o.case.billing.operator_id, o.facts, o.tariff.tariff) for o in ready])
    for one in ready:
        _rate(one, spot, now)
    return cases


def _gather(
    case: Case, signed: Sequence[SignedRecord], told: Mapping[int, Sequence[Told]]
) -> _Ready | None:
    """Tariff and facts of a case; what keeps it from a price becomes an obstacle."""
    row = case.billing
    try:
        tariff = tariff_of(row.tariff_version)
        correction, case.obstacles = _with_signed(row, signed)
        facts = facts_of(row.session, correction=correction)
        if row.session_id in told:
            notices = told[row.session_id]
            facts = replace(
                facts,
                idle_free_until=free_until(notices, facts.ended_at),
                idle_told=tuple((one.idle_since_at, one.fee_from_at) for one in notices),
            )
        return _Ready(case, tariff, facts)
    except NotRateable as reason:
        case.obstacles = (*case.obstacles, _obstacle(reason.code))
    except TariffError as error:
        case.obstacles = (_obstacle("tariff_unreadable", at=error.at, message=error.message),)
    return None


def _rate(one: _Ready, spot: SpotSource, now: datetime) -> None:
    tariff = one.tariff.tariff
    try:
        facts = spot.added_to(one.case.billing.operator_id, one.facts, tariff)
        one.case.result = rate(one.tariff, facts, now)
    except RatingError as error:
        found = _obstacle("facts_contradict", message=error.message)
        one.case.obstacles = (*one.case.obstacles, found)


def _with_signed(
    row: SessionBilling, signed: Sequence[SignedRecord]
) -> tuple[Correction, tuple[PriceFinding, ...]]:
    """The person's correction; without one, the signed energy where the readings agree with it."""
    correction = Correction.from_dict(row.correction)
    if not signed or correction.energy_wh is not None:
        return correction, ()
    read, counted = row.session.energy_wh, signed_energy_wh(signed)
    if counted is not None and read is not None and abs(counted - read) <= TOLERANCE_WH:
        correction = replace(correction, energy_wh=Decimal(counted))
    return correction, signed_findings(signed, read)


def tariff_of(version: TariffVersion | None) -> CompiledTariff:
    """The tariff of a version; raises NotRateable without one, TariffError for a bad document."""
    if version is None:
        raise NotRateable("tariff_missing")
    kept = _kept(version.digest)
    if not kept:
        kept.append(compile_tariff(parse_tariff(version.document)))
    return kept[0]


@lru_cache(maxsize=256)
def _kept(_digest: str) -> list[CompiledTariff]:
    """Room for a parsed tariff: a document never changes under its hash."""
    return []


def _obstacle(code: str, **params: str) -> PriceFinding:
    return PriceFinding(code, "doubtful", tuple(sorted(params.items())))
