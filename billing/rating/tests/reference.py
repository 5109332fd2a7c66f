"""A second engine, written to be read: exact fractions, no optimisation, nothing shared.

Time is cut on every quarter of an hour (its tariffs name no other clock times), at every reading,
interval and threshold; each piece is judged by the words of the specification alone. Only the
dataclasses of facts and tariffs are common with the engine.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from zoneinfo import ZoneInfo

from billing.rating.facts import SessionFacts
from billing.tariffs.model import PriceComponent, Restrictions, Tariff

DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
QUARTER = 900
Key = tuple[str, object]


@dataclass
class Piece:
    """Seconds since the session's start, energy so far, and what went on."""

    start: Fraction
    end: Fraction
    energy_before: Fraction
    energy_after: Fraction
    kind: str | None
    power_w: Fraction | None
    current_a: Fraction | None


@dataclass
class Answer:
    """Exact totals, rounded totals, and (type, element) → (quantity, billed, net)."""

    net: Fraction
    gross: Fraction
    lines: dict[Key, tuple[Fraction, Fraction, Fraction]]
    is_spot_missing: bool


class Reference:
    """Rates one session."""

    def __init__(self, tariff: Tariff, facts: SessionFacts) -> None:
        self.tariff, self.facts = tariff, facts
        self.zone = ZoneInfo(facts.zone)
        self.length = self.seconds(facts.ended_at)
        reserved = [i for i in facts.intervals if i.kind == "reserved"]
        self.begin = max((self.seconds(i.ended_at) for i in reserved), default=Fraction(0))
        self.nodes = self.clean_curve()
        self.is_spot_missing = False

    def seconds(self, at: datetime) -> Fraction:
        delta = at - self.facts.started_at
        return Fraction(delta.days * 86400 + delta.seconds) + Fraction(delta.microseconds, 10**6)

    def instant(self, at: Fraction) -> datetime:
        return self.facts.started_at + timedelta(microseconds=floor(at * 10**6))

    def clean_curve(self) -> list[tuple[Fraction, Fraction]]:
        """(seconds, Wh) from zero; what a later reading takes back never counted."""
        points = self.facts.curve
        nodes = [(Fraction(0), Fraction(0))]
        for place, point in enumerate(points):
            least = min(Fraction(later.energy_wh) for later in points[place:])
            nodes.append((self.seconds(point.at), max(Fraction(0), least)))
        if nodes[-1][0] < self.length:
            nodes.append((self.length, nodes[-1][1]))
        return nodes

    def energy_at(self, at: Fraction) -> Fraction:
        for (t0, e0), (t1, e1) in zip(self.nodes, self.nodes[1:], strict=False):
            if t0 <= at < t1:
                return e0 + (e1 - e0) * (at - t0) / (t1 - t0)
        return self.nodes[-1][1]

    def cuts(self) -> list[Fraction]:
        found = {Fraction(0), self.length, self.begin}
        found |= {at for at, _energy in self.nodes}
        first = self.facts.started_at.timestamp()
        tick = Fraction(ceil(Fraction(first) / QUARTER) * QUARTER) - Fraction(first)
        while tick < self.length:
            found.add(tick)
            tick += QUARTER
        for one in self.facts.intervals:
            found |= {self.seconds(one.started_at), self.seconds(one.ended_at)}
            found.add(self.seconds(one.started_at) + self.tariff.extras.idle.grace_seconds)
        for price in self.facts.spot_prices:
            found |= {self.seconds(price.started_at), self.seconds(price.ended_at)}
        if self.facts.idle_free_until is not None:
            found.add(self.seconds(self.facts.idle_free_until))
        for limits in (element.restrictions for element in self.tariff.elements):
            for span in (limits.min_duration, limits.max_duration):
                if span is not None:
                    found |= {Fraction(span), self.begin + span}
            for kwh in (limits.min_kwh, limits.max_kwh):
                if kwh is not None:
                    found |= self.reached(Fraction(kwh) * 1000)
        return sorted(at for at in found if 0 <= at <= self.length)

    def reached(self, energy: Fraction) -> set[Fraction]:
        for (t0, e0), (t1, e1) in zip(self.nodes, self.nodes[1:], strict=False):
            if e0 < energy <= e1:
                return {t0 + (t1 - t0) * (energy - e0) / (e1 - e0)}
        return set()

    def pieces(self) -> list[Piece]:
        cuts = self.cuts()
        return [self.piece(low, high) for low, high in itertools.pairwise(cuts) if high > low]

    def piece(self, low: Fraction, high: Fraction) -> Piece:
        kind, power, current = None, None, None
        for one in self.facts.intervals:
            if self.seconds(one.started_at) <= low < self.seconds(one.ended_at):
                kind = one.kind
                power = None if one.power_w is None else Fraction(one.power_w)
                current = None if one.current_a is None else Fraction(one.current_a)
        if current is None and kind in ("idle", "suspended"):
            current = Fraction(0)
        if power is None and self.facts.curve:
            power = self.mean_power(low)
        before, after = self.energy_at(low), self.energy_at(high)
        return Piece(low, high, before, after, kind, power, current)

    def mean_power(self, at: Fraction) -> Fraction:
        for (t0, e0), (t1, e1) in zip(self.nodes, self.nodes[1:], strict=False):
            if t0 <= at < t1:
                return (e1 - e0) * 3600 / (t1 - t0)
        return Fraction(0)

    def holds(self, limits: Restrictions, piece: Piece) -> bool:
        local = self.instant(piece.start).astimezone(self.zone)
        kwh = piece.energy_before / 1000
        lasted = piece.start if piece.kind == "reserved" else piece.start - self.begin
        kilowatt = None if piece.power_w is None else piece.power_w / 1000
        return (
            in_hours(local.time(), limits.start_time, limits.end_time)
            and (limits.start_date is None or local.date() >= limits.start_date)
            and (limits.end_date is None or local.date() < limits.end_date)
            and (not limits.day_of_week or DAYS[local.weekday()] in limits.day_of_week)
            and between(kwh, limits.min_kwh, limits.max_kwh)
            and between(lasted, limits.min_duration, limits.max_duration)
            and between(kilowatt, limits.min_power, limits.max_power)
            and between(piece.current_a, limits.min_current, limits.max_current)
        )

    def first(
        self, kind: str, piece: Piece, reservation: str | None
    ) -> tuple[int, PriceComponent] | None:
        for place, element in enumerate(self.tariff.elements):
            if element.restrictions.reservation != reservation:
                continue
            for component in element.price_components:
                if component.type == kind and self.holds(element.restrictions, piece):
                    return place, component
        return None

    def chosen(self, kind: str, piece: Piece) -> tuple[int, PriceComponent] | None:
        if piece.kind != "reserved":
            return self.first(kind, piece, None)
        if kind not in ("TIME", "FLAT"):
            return None
        expired = self.facts.reservation_expired and self.first(kind, piece, "RESERVATION_EXPIRES")
        return expired or self.first(kind, piece, "RESERVATION")

    def is_free_idle(self, piece: Piece) -> bool:
        terms, until = self.tariff.extras.idle, self.facts.idle_free_until
        if until is not None and piece.start < self.seconds(until):
            return True
        stretch = piece.start
        for one in reversed(self.facts.intervals):
            if one.kind == "idle" and self.seconds(one.started_at) <= stretch <= self.seconds(
                one.ended_at
            ):
                stretch = self.seconds(one.started_at)
        if piece.start < stretch + terms.grace_seconds:
            return True
        power, below = self.facts.evse_max_power_w, terms.free_below_kw
        if below is not None and power is not None and power >= below * 1000:
            return False
        clock = self.instant(piece.start).astimezone(self.zone).time()
        return any(in_hours(clock, one.start_time, one.end_time) for one in terms.free_hours)

    def rate(self) -> Answer:
        amounts: dict[Key, Fraction] = {}
        prices: dict[Key, tuple[PriceComponent | None, Decimal]] = {}
        last: dict[str, Key] = {}

        def add(
            group: str,
            name: object,
            component: PriceComponent | None,
            price: Decimal,
            quantity: Fraction,
        ) -> None:
            if quantity > 0:
                amounts[group, name] = amounts.get((group, name), Fraction(0)) + quantity
                prices[group, name] = component, price
                last[group] = (group, name)
                if group in ("TIME", "PARKING_TIME"):
                    last["any time"] = (group, name)

        for piece in self.pieces():
            is_reserved = piece.kind == "reserved"
            flat = self.chosen("FLAT", piece)
            group = "R-FLAT" if is_reserved else "FLAT"
            if flat is not None and group not in last:
                add(group, flat[0], flat[1], flat[1].price, Fraction(1))
            energy = piece.energy_after - piece.energy_before
            chosen = self.chosen("ENERGY", piece)
            if chosen is not None:
                add("ENERGY", chosen[0], chosen[1], chosen[1].price, energy)
            elif self.tariff.extras.spot is not None and not is_reserved and energy > 0:
                spot = self.spot_price(piece.start)
                self.is_spot_missing |= spot is None
                if spot is not None:
                    add("ENERGY", f"spot {spot}", None, spot, energy)
            lasted = piece.end - piece.start
            named = {"charging": "TIME", "reserved": "TIME", "idle": "PARKING_TIME"}.get(
                piece.kind or ""
            )
            chosen = self.chosen(named, piece) if named else None
            if chosen is not None and not (piece.kind == "idle" and self.is_free_idle(piece)):
                group = "R-TIME" if is_reserved else str(named)
                add(group, chosen[0], chosen[1], chosen[1].price, lasted)
        return self.finish(amounts, prices, last)

    def spot_price(self, at: Fraction) -> Decimal | None:
        for one in self.facts.spot_prices:
            if self.seconds(one.started_at) <= at < self.seconds(one.ended_at):
                return one.price
        return None

    def finish(
        self,
        amounts: dict[Key, Fraction],
        prices: dict[Key, tuple[PriceComponent | None, Decimal]],
        last: dict[str, Key],
    ) -> Answer:
        minimum = self.tariff.extras.minimum
        has_session = not self.facts.reservation_expired or self.begin < self.length
        small = (
            has_session
            and minimum is not None
            and (minimum.energy_wh is None or self.nodes[-1][1] < minimum.energy_wh)
            and (
                minimum.duration_seconds is None
                or self.length - self.begin < minimum.duration_seconds
            )
        )
        if small:
            amounts = {key: one for key, one in amounts.items() if key[0].startswith("R-")}
        billed = dict(amounts)
        for group in ("ENERGY", "R-TIME", "any time"):
            key = last.get(group)
            if key is None or key not in billed:
                continue
            component = prices[key][0]
            step = component.step_size if component is not None else 1
            whole = sum((one for name, one in amounts.items() if name[0] == key[0]), Fraction(0))
            billed[key] += ceil(whole / step) * step - whole
        lines: dict[Key, tuple[Fraction, Fraction, Fraction]] = {}
        net = gross = idle_net = idle_gross = Fraction(0)
        for key, quantity in billed.items():
            component, price = prices[key]
            per = {"ENERGY": 1000, "FLAT": 1, "R-FLAT": 1}.get(key[0], 3600)
            one_net, one_gross = self.taxed(component, Fraction(price) * quantity / per)
            net, gross = net + one_net, gross + one_gross
            if key[0] == "PARKING_TIME":
                idle_net, idle_gross = idle_net + one_net, idle_gross + one_gross
            lines[key] = amounts[key], quantity, one_net
        cap = self.tariff.extras.idle.cap
        shown = idle_gross if self.tariff.tax_included == "YES" else idle_net
        if cap is not None and shown > cap:
            net -= idle_net * (1 - Fraction(cap) / shown)
            gross -= idle_gross * (1 - Fraction(cap) / shown)
        if has_session and not small:
            net, gross = self.limited(net, gross)
        return Answer(net, gross, lines, self.is_spot_missing)

    def taxed(
        self, component: PriceComponent | None, amount: Fraction
    ) -> tuple[Fraction, Fraction]:
        spot = self.tariff.extras.spot
        vat = component.vat if component is not None else spot and spot.vat
        if vat is None or self.tariff.tax_included == "N/A":
            return amount, amount
        assert isinstance(vat, Decimal)
        factor = 1 + Fraction(vat) / 100
        if self.tariff.tax_included == "YES":
            # A spot price is without tax whatever the tariff says of its own prices.
            return (amount, amount * factor) if component is None else (amount / factor, amount)
        return amount, amount * factor

    def limited(self, net: Fraction, gross: Fraction) -> tuple[Fraction, Fraction]:
        """Only limits with both bases are compared; others are tested by example."""
        least, most = self.tariff.min_price, self.tariff.max_price
        if least is not None and least.before_taxes is not None and least.after_taxes is not None:
            net, gross = (
                max(net, Fraction(least.before_taxes)),
                max(gross, Fraction(least.after_taxes)),
            )
        if most is not None and most.before_taxes is not None and most.after_taxes is not None:
            net, gross = (
                min(net, Fraction(most.before_taxes)),
                min(gross, Fraction(most.after_taxes)),
            )
        return net, gross


def in_hours(clock: time, start: time | None, end: time | None) -> bool:
    if start is None and end is None:
        return True
    start, end = start or time(0), end or time(0)
    if end == time(0):
        return clock >= start
    return start <= clock < end if start <= end else clock >= start or clock < end


def between(value: Fraction | None, least: object, most: object) -> bool:
    if least is None and most is None:
        return True
    if value is None:
        return False
    assert least is None or isinstance(least, Decimal | int)
    assert most is None or isinstance(most, Decimal | int)
    return (least is None or value >= Fraction(least)) and (most is None or value < Fraction(most))
