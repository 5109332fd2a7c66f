"""What drivers are told of a price, from the very components that bill it (pure).

The order is that of AFIR art. 5(4): per kWh, per minute, per session, then any other. A price per
hour is shown per minute where that is a finite number. Both languages: ``price_lines(tariff,
"sv")``, ``price_lines(tariff, "en")``; ``price_text`` is one line for a small display.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from billing.rating.compiled import Candidate, CompiledTariff, compile_tariff
from billing.rating.price_conditions import conditions, hours
from billing.rating.price_words import Language, amount, duration, number, say
from billing.tariffs.model import COMPONENT_TYPES, DatedPrice, PriceLimit, SpotTerms, Tariff
from billing.tariffs.terms import Restrictions

Kind = Literal["energy", "minute", "session", "other"]
MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class PriceText:
    """One line: what it is for, the price, when it counts, and further terms."""

    kind: Kind
    label: str
    price: str
    when: str = ""
    terms: str = ""

    def __str__(self) -> str:
        more = ", ".join(part for part in (self.when, self.terms) if part)
        text = f"{self.label}: {self.price}" if self.price else self.label
        return f"{text} ({more})" if more else text


def price_lines(
    tariff: Tariff, language: Language, *, with_tax: bool | None = None
) -> tuple[PriceText, ...]:
    """The price in words. ``with_tax`` shows prices with or without tax instead of as entered."""
    if tariff.extras.announced_afterwards and not tariff.elements:
        return (PriceText("other", say(language, "afterwards"), ""),)
    return _Writer(tariff, language, with_tax).lines()


def price_text(tariff: Tariff, language: Language, *, with_tax: bool | None = None) -> str:
    """All lines as one, for a display."""
    return " · ".join(str(one) for one in price_lines(tariff, language, with_tax=with_tax))


def per_minute(per_hour: Decimal) -> Decimal | None:
    """The price of a minute, or None when it has more than six decimals."""
    exact = Fraction(per_hour) / 60 * 10**MOST_DECIMALS
    if exact.denominator != 1:
        return None
    return Decimal(exact.numerator).scaleb(-MOST_DECIMALS).normalize()


def unit_price(language: Language, kind: str, price: Decimal, currency: str) -> str:
    """The price of a unit of a component, with its unit; an hour's by the minute where that is a
    finite number."""
    unit, shown = {"ENERGY": ("kwh", price), "FLAT": ("session", price)}.get(kind, ("hour", price))
    if unit == "hour":
        minute = per_minute(price)
        unit, shown = ("hour", price) if minute is None else ("minute", minute)
    money = amount(language, shown, currency)
    return say(language, "per", price=money, unit=say(language, unit))


class _Writer:
    def __init__(self, tariff: Tariff, language: Language, with_tax: bool | None) -> None:
        self.tariff, self.language = tariff, language
        self.entered_with_tax = tariff.tax_included == "YES"
        self.with_tax = self.entered_with_tax if with_tax is None else with_tax
        self.compiled: CompiledTariff = compile_tariff(tariff)

    def lines(self) -> tuple[PriceText, ...]:
        energy = [*self.prices("ENERGY", "energy", "energy"), *self.spot_line()]
        minute = [
            *self.prices("TIME", "minute", "time"),
            *self.prices("PARKING_TIME", "minute", "idle", self.idle_terms()),
        ]
        session = self.prices("FLAT", "session", "flat")
        if self.tariff.extras.spot is None and not any(map(self.compiled.costs, COMPONENT_TYPES)):
            energy, minute, session = [], [], [self.line("session", self.word("free"), "")]
        found = (*energy, *minute, *session, *self.others())
        if self.tariff.extras.announced_afterwards:
            found = (PriceText("other", self.word("afterwards"), ""), *found)
        return found

    def prices(
        self,
        name: Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT"],
        kind: Kind,
        label: str,
        terms: str = "",
    ) -> list[PriceText]:
        """The prices of a dimension in the order in which they are tried."""
        candidates = self.compiled.candidates(name)
        if not self.compiled.costs(name):
            return []
        found = []
        for place, one in enumerate(candidates):
            found.append(self.priced(one, kind, self.word(label), terms, place > 0))
            if one.limits.is_empty:
                break  # what follows an unrestricted price never counts
        return found

    def priced(
        self, one: Candidate, kind: Kind, label: str, terms: str = "", follows: bool = False
    ) -> PriceText:
        component = one.component
        price, with_tax = self.shown(component.price, component.vat)
        when = "; ".join(conditions(one.limits, self.language))
        if follows and not when:
            when = self.word("otherwise")
        text = unit_price(self.language, component.type, price, self.tariff.currency)
        step = ""
        if component.step_size > 1 and component.type == "ENERGY":
            step = say(self.language, "step_energy", size=str(component.step_size))
        elif component.step_size > 1 and component.type != "FLAT":
            size = duration(self.language, component.step_size)
            step = say(self.language, "step_time", size=size)
        parts = (terms, step, self.tax_words(component.vat, with_tax))
        return self.line(kind, label, text, when, ", ".join(part for part in parts if part))

    def shown(self, price: Decimal, vat: Decimal | None) -> tuple[Decimal, bool]:
        """The price in the wanted basis, and whether that is with tax. What would never end in
        the other basis stays as it was entered."""
        if not vat or self.with_tax == self.entered_with_tax or self.tariff.tax_included == "N/A":
            return price, self.with_tax
        if self.with_tax:
            return price * (100 + vat) / 100, True
        exact = Fraction(price) * 100 / (100 + Fraction(vat)) * 10**MOST_DECIMALS
        if exact.denominator != 1:
            return price, self.entered_with_tax
        return Decimal(exact.numerator).scaleb(-MOST_DECIMALS), False

    def tax_words(self, vat: Decimal | None, with_tax: bool) -> str:
        if self.tariff.tax_included == "N/A" or vat is None:
            return ""
        if not with_tax:
            return self.word("without_tax")
        return say(self.language, "with_rate", rate=number(self.language, vat))

    def idle_terms(self) -> str:
        idle, language = self.tariff.extras.idle, self.language
        found = []
        if idle.grace_seconds:
            found.append(say(language, "grace", time=duration(language, idle.grace_seconds)))
        if idle.free_hours:
            words = say(language, "free_hours", hours=hours(idle.free_hours, language))
            if idle.free_below_kw is not None:
                power = number(language, idle.free_below_kw)
                words = f"{words} {say(language, 'below_kw', power=power)}"
            found.append(words)
        if idle.cap is not None:
            cap = self.money(idle.cap)
            if self.with_tax != self.entered_with_tax and self.tariff.tax_included != "N/A":
                tax = "with_tax" if self.entered_with_tax else "without_tax"
                cap = f"{cap} {self.word(tax)}"
            found.append(say(language, "cap", price=cap))
        return ", ".join(found)

    def spot_line(self) -> list[PriceText]:
        spot = self.tariff.extras.spot
        if spot is None:
            return []
        averaging = "averaging_hour" if spot.averaging == "hour" else spot.averaging
        label = say(self.language, "spot", area=spot.area, averaging=self.word(averaging))
        when = self.word("otherwise") if self.compiled.candidates("ENERGY") else ""
        return [
            self.line(
                "energy",
                label,
                self.spot_parts(spot),
                when,
                self.tax_words(spot.vat, self.with_tax),
            )
        ]

    def spot_parts(self, spot: SpotTerms) -> str:
        """The parts on top, with their dates where one follows another; they are entered
        without tax."""
        taxed = self.with_tax and spot.vat and self.tariff.tax_included != "N/A"
        factor = (100 + spot.vat) / 100 if taxed and spot.vat else Decimal(1)
        parts: tuple[tuple[str, tuple[DatedPrice, ...]], ...] = (
            ("mark_up", spot.mark_up),
            ("energy_tax", spot.energy_tax),
            ("grid_fee", spot.grid_fee),
        )
        words = [
            f"+ {self.money(one.price * factor)}/kWh {self.word(name)}"
            + (self.dates(one) if len(dated) > 1 else "")
            for name, dated in parts
            for one in dated
        ]
        return " ".join(words)

    def dates(self, part: DatedPrice) -> str:
        """When a part counts, by local dates; empty where it always does."""
        limits = Restrictions(start_date=part.from_on, end_date=part.to_on)
        when = ", ".join(conditions(limits, self.language))
        return f" {when}" if when else ""

    def others(self) -> list[PriceText]:
        found = []
        for expired in (False, True):
            for one in self.compiled.reserved(expired=expired):
                label = ("expired" if expired else "reservation") + (
                    "_fee" if one.component.type == "FLAT" else ""
                )
                found.append(self.priced(one, "other", self.word(label)))
        for name, limit in (
            ("min_price", self.tariff.min_price),
            ("max_price", self.tariff.max_price),
        ):
            if limit is not None:
                found.append(self.limit(name, limit))
        return found

    def limit(self, name: str, limit: PriceLimit) -> PriceText:
        first, second = limit.before_taxes, limit.after_taxes
        value = second if self.with_tax and second is not None else first
        with_tax = value is second and second is not None and first is not value
        if value is None:
            value, with_tax = second or Decimal(0), True
        tax = (
            "" if self.tariff.tax_included == "N/A" else ("with_tax" if with_tax else "without_tax")
        )
        return self.line("other", self.word(name), self.money(value), "", tax and self.word(tax))

    def line(
        self, kind: Kind, label: str, price: str, when: str = "", terms: str = ""
    ) -> PriceText:
        return PriceText(kind, label, price, when, terms)

    def money(self, value: Decimal) -> str:
        return amount(self.language, value, self.tariff.currency)

    def word(self, name: str) -> str:
        return say(self.language, name)
