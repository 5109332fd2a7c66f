"""When a price counts, in words (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Final

from billing.rating.price_words import Language, duration, number, say
from billing.tariffs.model import WEEKDAYS, ClockWindow, Restrictions, Weekday

Words = tuple[str, str, str]
"""Phrases for both ends, the lower one alone, the upper one alone."""

_BANDS: Final[tuple[tuple[str, str, Words], ...]] = (
    ("min_kwh", "max_kwh", ("energies", "from_energy", "to_energy")),
    ("min_power", "max_power", ("powers", "from_power", "to_power")),
    ("min_current", "max_current", ("currents", "from_current", "to_current")),
)
_DATES: Final = ("dates", "from_date", "to_date")
_CLOCK: Final = ("clock", "from_clock", "to_clock")
_DURATIONS: Final = ("durations", "from_duration", "to_duration")


def conditions(limits: Restrictions, language: Language) -> list[str]:
    """One phrase per restriction; none for an unrestricted element."""
    found = [weekdays(limits.day_of_week, language)] if limits.day_of_week else []
    found += [_clock(limits.start_time, limits.end_time, language)]
    start, end = _day(limits.start_date), _day(limits.end_date)
    found.append(_band(language, start, end, _DATES, ("start", "end")))
    for least, most, words in _BANDS:
        low, high = (
            _number(getattr(limits, least), language),
            _number(getattr(limits, most), language),
        )
        found.append(_band(language, low, high, words))
    after, up_to = _span(limits.min_duration, language), _span(limits.max_duration, language)
    found.append(_band(language, after, up_to, _DURATIONS))
    return [phrase for phrase in found if phrase]


def weekdays(days: Sequence[Weekday], language: Language) -> str:
    """Days in order; three and more in a row as a range."""
    places = sorted(WEEKDAYS.index(day) for day in days)
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    words = [[say(language, WEEKDAYS[place]) for place in run] for run in runs]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in words)


def hours(windows: Sequence[ClockWindow], language: Language) -> str:
    """Windows of the day."""
    return ", ".join(_clock(one.start_time, one.end_time, language) for one in windows)


def _clock(start: time | None, end: time | None, language: Language) -> str:
    first = None if start is None or start == time() else f"{start:%H:%M}"
    last = None if end is None or end == time() else f"{end:%H:%M}"
    if first is None and last is not None:
        first = "00:00"
    return _band(language, first, last, _CLOCK, ("start", "end"))


def _band(
    language: Language,
    least: str | None,
    most: str | None,
    words: Words,
    names: tuple[str, str] = ("low", "high"),
) -> str:
    both, above, below = words
    if least is not None and most is not None:
        return say(language, both, **{names[0]: least, names[1]: most})
    if least is not None:
        return say(language, above, **{names[0]: least})
    return "" if most is None else say(language, below, **{names[1]: most})


def _number(value: Decimal | None, language: Language) -> str | None:
    return None if not value else number(language, value)


def _span(seconds: int | None, language: Language) -> str | None:
    return None if not seconds else duration(language, seconds)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
