"""Warnings, breaches of AFIR and changes in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.tariffs.afir import Breach, Problem
from billing.tariffs.difference import Change
from billing.tariffs.lint import Gap, Warn, Warning

Text = str | Promise

COMPONENTS: Final[dict[str, Text]] = {
    "ENERGY": gettext_lazy("Energy"),
    "TIME": gettext_lazy("Charging time"),
    "PARKING_TIME": gettext_lazy("Time after charging"),
    "FLAT": gettext_lazy("Start fee"),
}
DAYS: Final[tuple[Text, ...]] = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)
BREACHES: Final[dict[Breach, Text]] = {
    Breach.NO_ENERGY: gettext_lazy("There must be a price per kWh."),
    Breach.TIME: gettext_lazy("Charging time may not cost anything."),
    Breach.FLAT: gettext_lazy("There may be no start fee."),
    Breach.MINUTE_PRICE: gettext_lazy(
        "The price per hour is no finite price per minute; choose one that is."
    ),
    Breach.AFTERWARDS: gettext_lazy("The price must be known before charging begins."),
}
_PARTS: Final[dict[str, Text]] = {
    "elements": gettext_lazy("Rule"),
    "price_components": gettext_lazy("Price"),
    "restrictions": gettext_lazy("only when"),
    "type": gettext_lazy("kind"),
    "price": gettext_lazy("amount"),
    "vat": gettext_lazy("VAT %"),
    "step_size": gettext_lazy("step"),
    "start_time": gettext_lazy("from (time of day)"),
    "end_time": gettext_lazy("to (time of day)"),
    "start_date": gettext_lazy("from (date)"),
    "end_date": gettext_lazy("to (date)"),
    "min_kwh": gettext_lazy("from kWh"),
    "max_kwh": gettext_lazy("below kWh"),
    "min_current": gettext_lazy("from A"),
    "max_current": gettext_lazy("below A"),
    "min_power": gettext_lazy("from kW"),
    "max_power": gettext_lazy("below kW"),
    "min_duration": gettext_lazy("from seconds"),
    "max_duration": gettext_lazy("below seconds"),
    "day_of_week": gettext_lazy("weekdays"),
    "reservation": gettext_lazy("reservation"),
    "min_price": gettext_lazy("Least total"),
    "max_price": gettext_lazy("Highest total"),
    "before_taxes": gettext_lazy("without VAT"),
    "after_taxes": gettext_lazy("with VAT"),
    "currency": gettext_lazy("Currency"),
    "tax_included": gettext_lazy("Prices with VAT"),
    "extras": gettext_lazy("Terms"),
    "idle": gettext_lazy("after charging"),
    "grace_seconds": gettext_lazy("free seconds"),
    "cap": gettext_lazy("at most"),
    "free_hours": gettext_lazy("free hours"),
    "free_below_kw": gettext_lazy("free hours below kW"),
    "minimum": gettext_lazy("billed from"),
    "energy_wh": gettext_lazy("Wh"),
    "duration_seconds": gettext_lazy("seconds"),
    "spot": gettext_lazy("spot price"),
    "area": gettext_lazy("bidding zone"),
    "averaging": gettext_lazy("average over"),
    "mark_up": gettext_lazy("mark-up"),
    "energy_tax": gettext_lazy("energy tax"),
    "grid_fee": gettext_lazy("grid fee"),
    "floor": gettext_lazy("floor"),
    "announced_afterwards": gettext_lazy("price afterwards"),
    "allow_negative": gettext_lazy("prices below zero"),
    "from": gettext_lazy("from (date)"),
    "to": gettext_lazy("to (date)"),
    "source": gettext_lazy("source"),
    "tariff_alt_text": gettext_lazy("Text"),
    "tariff_alt_url": gettext_lazy("Web page"),
    "language": gettext_lazy("language"),
    "text": gettext_lazy("text"),
}


def label(change: Change) -> str:
    """Where a change is: ``Rule 2 · Price 1 · amount``."""
    words: list[str] = []
    for part in change.path:
        if isinstance(part, int) and words:
            words[-1] = f"{words[-1]} {part}"
        else:
            words.append(str(_PARTS.get(str(part), part)))
    return " · ".join(words)


def breach_text(problem: Problem) -> str:
    """A breach of AFIR, with the rule at fault."""
    text = str(BREACHES[problem.breach])
    if problem.element is None:
        return text
    return _("Rule %(number)s: %(text)s") % {"number": problem.element + 1, "text": text}


def warning_text(warning: Warning) -> str:
    """One warning as a sentence."""
    names = {
        "component": COMPONENTS.get(warning.component or "", ""),
        "rule": (warning.element or 0) + 1,
        "other": (warning.other or 0) + 1,
        "times": "; ".join(map(gap_text, warning.gaps)),
    }
    return str(_SENTENCES[warning.kind]) % names


_SENTENCES: Final[dict[Warn, Text]] = {
    Warn.GAP: gettext_lazy("%(component)s costs nothing at these times: %(times)s."),
    Warn.OVERLAP: gettext_lazy(
        "%(component)s: rules %(other)s and %(rule)s hold at the same times in part; "
        "rule %(other)s counts then."
    ),
    Warn.UNREACHABLE: gettext_lazy(
        "%(component)s of rule %(rule)s is never used: rule %(other)s above holds whenever it does."
    ),
    Warn.OVER: gettext_lazy("Rule %(rule)s is over: its last day has passed."),
    Warn.NO_ENERGY: gettext_lazy("There is no price per kWh: energy costs nothing."),
    Warn.STEP: gettext_lazy(
        "%(component)s of rule %(rule)s is rounded up in large steps; a step of 1 is fairest."
    ),
}


def gap_text(gap: Gap) -> str:
    """Days and times: ``Mon–Fri 22:00–24:00``."""
    return f"{days_text(gap.days)} {_clock(gap.start)}–{_clock(gap.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def days_text(days: Iterable[int]) -> str:
    """Days in short words, runs of three and more as one: ``Mon–Fri, Sun``."""
    chosen = sorted(set(days))
    if len(chosen) == len(DAYS):
        return _("every day")
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) > 2:
        return f"{DAYS[run[0]]}–{DAYS[run[-1]]}"
    return ", ".join(str(DAYS[day]) for day in run)
