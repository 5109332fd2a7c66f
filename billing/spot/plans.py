"""What importing a file would do, before anything is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from billing.spot.facts import FileProblem, Problem, Rate
from billing.spot.models import ExchangeRate, SpotImport, SpotKind, SpotPrice, SpotSource
from billing.spot.price_csv import read_price_csv
from billing.spot.price_xml import is_xml, read_price_xml
from billing.spot.quarters import MARKET_ZONE, QUARTER, market_day
from billing.spot.rate_csv import ECB, read_rate_csv
from billing.spot.series import Point, Quarter, compare, missing, spread
from billing.spot.words import words
from core.imports.decoding import EncodingError, decode

SHOWN_PROBLEMS: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words."""

    code: str
    line: int
    reason: str
    cure: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day of the file: quarters, and the lowest, mean and highest price."""

    area: str
    day: date
    quarters: int
    low: Decimal
    mean: Decimal
    high: Decimal
    changed: int = 0


@dataclass(slots=True)
class SpotPlan:
    """The whole file. ``new`` and ``changed`` are points or rates; changed ones with the value
    that is stored. ``off_market``: own prices that differ from the market's for their quarter."""

    form: str = ""
    problems: list[Told] = field(default_factory=list)
    new: Sequence[Any] = ()
    changed: Sequence[tuple[Any, Decimal]] = ()
    same: int = 0
    passed_over: int = 0
    off_market: int = 0
    days: list[DaySummary] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether all of it can be taken over, and something would change."""
        return not self.problems and bool(self.new or self.changed)

    @property
    def would_create(self) -> int:
        """Rows that are new."""
        return len(self.new)

    @property
    def would_change(self) -> int:
        """Stored values that would be replaced."""
        return len(self.changed)

    @property
    def shown_problems(self) -> list[Told]:
        """The first of them, for pages."""
        return self.problems[:SHOWN_PROBLEMS]

    @property
    def digest(self) -> str:
        """Differs as soon as anything else would be done than what was shown."""
        told = [repr(item) for item in self.new]
        told += [f"{item!r} {before}" for item, before in self.changed]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def plan_of(run: SpotImport) -> SpotPlan:
    """What importing the file would do now. Constant number of queries."""
    try:
        if run.kind == SpotKind.RATES:
            return _rate_plan(run)
        return _price_plan(run)
    except FileProblem as error:
        return SpotPlan(problems=_told([error.problem]))


def source_of(form: str) -> SpotSource:
    """Where the rows of a file of this form came from."""
    if form.startswith("entsoe"):
        return SpotSource.ENTSOE_FILE
    return SpotSource.ECB if form == ECB else SpotSource.FILE


def _told(problems: Iterable[Problem]) -> list[Told]:
    return [Told(problem.code, problem.line, *words(problem)) for problem in problems]


def _text(raw: bytes) -> str:
    if not raw.strip():
        raise FileProblem("empty_file")
    try:
        return decode(raw)[0]
    except EncodingError as error:
        raise FileProblem("other_encoding") from error


def _price_plan(run: SpotImport) -> SpotPlan:
    raw, area = bytes(run.original), run.area or None
    file = read_price_xml(raw, area) if is_xml(raw) else read_price_csv(_text(raw), area)
    points, twice = spread(file.slots)
    own, market = _stored(run.operator_id, points)
    problems = [*file.problems, *twice]
    if not file.problems:
        # A row that cannot be read leaves a gap of its own: it is named once.
        problems += missing(points, own.keys() | market.keys())
    found = compare(points, own)
    changed = {point.key for point, _before in found.changed}
    return SpotPlan(
        form=file.form,
        problems=_told(problems),
        new=found.new,
        changed=found.changed,
        same=found.same,
        passed_over=file.passed_over,
        off_market=_off_market(run, points, market),
        days=_days(points, changed),
    )


def _stored(
    operator_id: int | None, points: Sequence[Point]
) -> tuple[dict[Quarter, Decimal], dict[Quarter, Decimal]]:
    """Prices that the importer has, and those of the market, around the points."""
    own: dict[Quarter, Decimal] = {}
    market: dict[Quarter, Decimal] = {}
    if not points:
        return own, market
    starts = [point.starts_at for point in points]
    rows = SpotPrice.objects.filter(
        area__in={point.area for point in points},
        starts_at__gte=min(starts) - 100 * QUARTER,
        starts_at__lte=max(starts) + 100 * QUARTER,
    )
    for owner, area, at, price in rows.order_by().values_list(
        "operator_id", "area", "starts_at", "price"
    ):
        if owner == operator_id:
            own[area, at] = price
        elif owner is None:
            market[area, at] = price
    return own, market


def _off_market(run: SpotImport, points: Sequence[Point], market: Mapping[Quarter, Decimal]) -> int:
    if run.operator_id is None:
        return 0
    return sum(market.get(point.key, point.price) != point.price for point in points)


def _days(points: Sequence[Point], changed: set[Quarter]) -> list[DaySummary]:
    groups: dict[tuple[str, date], list[Point]] = {}
    for point in points:
        groups.setdefault((point.area, market_day(point.starts_at)), []).append(point)
    return [
        DaySummary(
            area,
            day,
            len(group),
            min(point.price for point in group),
            sum((point.price for point in group), Decimal()) / len(group),
            max(point.price for point in group),
            sum(point.key in changed for point in group),
        )
        for (area, day), group in sorted(groups.items())
    ]


def _rate_plan(run: SpotImport) -> SpotPlan:
    file = read_rate_csv(_text(bytes(run.original)))
    today = timezone.now().astimezone(MARKET_ZONE).date()
    future = [
        Problem("future_rate", rate.line, {"day": rate.published_on.isoformat()})
        for rate in file.rates
        if rate.published_on > today
    ]
    stored = _stored_rates(run, file.rates)
    new: list[Rate] = []
    changed: list[tuple[Rate, Decimal]] = []
    for rate in file.rates:
        before = stored.get((rate.currency, rate.published_on))
        if before is None:
            new.append(rate)
        elif before != rate.rate:
            changed.append((rate, before))
    same = len(file.rates) - len(new) - len(changed)
    return SpotPlan(file.form, _told([*file.problems, *future]), new, changed, same)


def _stored_rates(run: SpotImport, rates: Sequence[Rate]) -> dict[tuple[str, date], Decimal]:
    rows = ExchangeRate.objects.filter(
        operator_id=run.operator_id,
        currency__in={rate.currency for rate in rates},
        published_on__in={rate.published_on for rate in rates},
    )
    return {
        (currency, on): rate
        for currency, on, rate in rows.values_list("currency", "published_on", "rate")
    }
