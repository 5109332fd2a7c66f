"""What is doubtful about a priced session, by the operator's limits (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from billing.rating.judging import Doubt
from billing.rating.result import RatingResult

FUTURE: Final = timedelta(minutes=10)
"""Clocks may be this far ahead of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """An operator's limits; amounts count in ``currency`` alone."""

    currency: str
    max_energy_wh: int
    max_duration: timedelta
    max_gross: Decimal
    max_price_per_kwh: Decimal
    max_idle_fee: Decimal
    zero_cost_above_wh: int
    needs_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What the limits look at. ``account_currency`` is None without an account."""

    started_at: datetime
    stopped_at: datetime
    result: RatingResult
    account_currency: str | None
    max_power_w: int | None


def doubts_of(priced: Priced, limits: Limits, now: datetime) -> tuple[Doubt, ...]:
    """Every limit that the session is beyond, set-up first."""
    return (
        *_set_up(priced, limits),
        *_feasibility(priced, limits, now),
        *_rule(priced, limits),
        *_final(priced, limits),
    )


def _set_up(priced: Priced, limits: Limits) -> Iterator[Doubt]:
    currency = priced.result.currency
    if priced.account_currency is None:
        if limits.needs_account:
            yield Doubt("account_missing", "configuration")
    elif priced.account_currency != currency:
        yield _doubt(
            "currency_differs", "configuration", account=priced.account_currency, tariff=currency
        )


def _feasibility(priced: Priced, limits: Limits, now: datetime) -> Iterator[Doubt]:
    energy_wh = _decimal(priced)
    duration = priced.stopped_at - priced.started_at
    if priced.stopped_at > now + FUTURE:
        yield _doubt("in_future", "feasibility", at=priced.stopped_at.isoformat())
    if energy_wh > limits.max_energy_wh:
        yield _doubt("energy_above_limit", "feasibility", wh=energy_wh, limit=limits.max_energy_wh)
    if duration > limits.max_duration:
        yield _doubt(
            "duration_above_limit",
            "feasibility",
            hours=_hours(duration),
            limit=_hours(limits.max_duration),
        )
    if priced.max_power_w:
        most = Decimal(priced.max_power_w) * Decimal(duration.total_seconds()) / 3600
        if energy_wh > most * Decimal("1.1") + 100:
            yield _doubt(
                "more_than_possible", "feasibility", wh=energy_wh, limit=most.quantize(Decimal(1))
            )


def _rule(priced: Priced, limits: Limits) -> Iterator[Doubt]:
    result = priced.result
    if result.status == "awaiting_price" or result.currency != limits.currency:
        return
    idle = _idle_fee(result)
    if idle > limits.max_idle_fee:
        yield _doubt("idle_fee_above_limit", "rule", amount=idle, limit=limits.max_idle_fee)
    if result.gross == 0 and _decimal(priced) > limits.zero_cost_above_wh:
        yield _doubt("costs_nothing", "rule", wh=_decimal(priced))


_IDLE: Final = frozenset({"PARKING_TIME", "IDLE_CAP"})


def _idle_fee(result: RatingResult) -> Decimal:
    return sum((line.gross for line in result.lines if line.type in _IDLE), Decimal())


def _final(priced: Priced, limits: Limits) -> Iterator[Doubt]:
    result = priced.result
    if result.gross < 0:
        yield _doubt("total_negative", "final", amount=result.gross)
    if result.currency != limits.currency:
        return
    if result.gross > limits.max_gross:
        yield _doubt("total_above_limit", "final", amount=result.gross, limit=limits.max_gross)
    kwh = _decimal(priced) / 1000
    # An idle fee has a limit of its own; beside little energy it says nothing of the price.
    charged = result.gross - _idle_fee(result)
    if kwh >= 1 and charged / kwh > limits.max_price_per_kwh:
        price = (charged / kwh).quantize(Decimal("0.01"))
        yield _doubt(
            "price_per_kwh_above_limit", "final", amount=price, limit=limits.max_price_per_kwh
        )


def _decimal(priced: Priced) -> Decimal:
    energy = priced.result.energy_wh
    return Decimal(energy.numerator) / energy.denominator


def _hours(duration: timedelta) -> Decimal:
    return (Decimal(duration.total_seconds()) / 3600).quantize(Decimal("0.1"))


def _doubt(code: str, group: str, **params: object) -> Doubt:
    return Doubt(code, group, tuple(sorted((k, str(v)) for k, v in params.items())))  # type: ignore[arg-type]  # pairs, which tuple() forgets
