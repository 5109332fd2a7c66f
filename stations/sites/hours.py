"""Opening hours: their form, whether a place is open, and what OCPI calls them (pure).

Stored as ``{"twentyfourseven", "regular_hours": [{"weekday", "period_begin", "period_end"}],
"exceptions": [{"on", "periods": [{"period_begin", "period_end"}], "note"}], "public_holidays":
[{"period_begin", "period_end"}]}``: weekdays 1 (Monday) to 7, times of the site's zone as HH:MM, an
end of 24:00 is midnight. A date with an exception has the periods of the exception alone; without
periods it is closed. So have the public holidays of the site's country where ``public_holidays`` is
given; without it they are like their weekday.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
MOST_EXCEPTIONS: Final = 100
MOST_PERIODS: Final = 6
DAY: Final = 24 * 60


class HoursError(ValueError):
    """What is wrong with hours; ``code`` and ``at`` (a weekday or a date) name it."""

    def __init__(self, code: str, at: str = "") -> None:
        super().__init__(f"{code} {at}".strip())
        self.code, self.at = code, at


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Minutes of one day, from ``begin`` until ``end`` (1440: midnight)."""

    begin: int
    end: int

    def as_dict(self) -> dict[str, str]:
        """In OCPI's words."""
        return {"period_begin": _text(self.begin), "period_end": _text(self.end)}


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A date that is not like its weekday; no spans: closed."""

    on: date
    spans: tuple[Span, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours (seven tuples of spans, Monday first), the dates that differ, and hours of
    public holidays (None: as their weekday)."""

    always: bool
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    exceptions: tuple[Exceptional, ...] = ()
    holidays: tuple[Span, ...] | None = None

    def spans_on(self, day: date, public: Collection[date] = ()) -> tuple[Span, ...]:
        """When the place is open on a date of its zone; ``public``: the public holidays."""
        for one in self.exceptions:
            if one.on == day:
                return one.spans
        if self.holidays is not None and day in public:
            return self.holidays
        return (Span(0, DAY),) if self.always else self.week[day.weekday()]


def differing(hours: Hours, public: Mapping[date, str]) -> tuple[Exceptional, ...]:
    """The dates that differ and the public holidays that do, in order, holidays by name."""
    named = {one.on for one in hours.exceptions}
    days = (
        ()
        if hours.holidays is None
        else tuple(
            Exceptional(on, hours.holidays, name) for on, name in public.items() if on not in named
        )
    )
    return tuple(sorted((*hours.exceptions, *days), key=lambda one: one.on))


def open_at(hours: Hours, instant: datetime, zone: tzinfo, public: Collection[date] = ()) -> bool:
    """Whether the place is open at ``instant``, read in the place's ``zone``.

    Wall-clock time decides, so that a period keeps its hours when the clocks change.
    """
    local = instant.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return any(span.begin <= minute < span.end for span in hours.spans_on(local.date(), public))


def read_spans(text: str, at: str = "") -> tuple[Span, ...]:
    """Spans from ``07:00-12:00, 13-18``; nothing or a dash: closed. Raises HoursError."""
    cleaned = text.replace("–", "-").replace("—", "-").strip()
    if cleaned in ("", "-"):
        return ()
    return ordered([_span_of(part, at) for part in cleaned.split(",") if part.strip()], at)


def _span_of(text: str, at: str) -> Span:
    begin, dash, end = (part.strip() for part in text.partition("-"))
    if not dash:
        raise HoursError("bad_period", at)
    return _span(_padded(begin), _padded(end), at)


def _padded(text: str) -> str:
    hour, colon, minute = text.replace(".", ":").partition(":")
    return f"{hour.zfill(2)}:{minute if colon else '00'}"


def _span(begin: object, end: object, at: str) -> Span:
    if not (isinstance(begin, str) and isinstance(end, str)):
        raise HoursError("bad_time", at)
    if not (_TIME.fullmatch(begin) and _TIME.fullmatch(end)) or begin == "24:00":
        raise HoursError("bad_time", at)
    span = Span(_minutes(begin), _minutes(end) or DAY)
    if span.end <= span.begin:
        raise HoursError("end_before_begin", at)
    return span


def ordered(spans: Sequence[Span], at: str) -> tuple[Span, ...]:
    """Spans in order; they may touch but not overlap."""
    found = tuple(sorted(spans))
    if len(found) > MOST_PERIODS:
        raise HoursError("too_many_periods", at)
    if any(one.end > other.begin for one, other in pairwise(found)):
        raise HoursError("overlap", at)
    return found


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def show_spans(spans: Sequence[Span]) -> str:
    """``07:00–12:00, 13:00–18:00``; empty for a closed day."""
    return ", ".join(f"{_text(span.begin)}–{_text(span.end)}" for span in spans)


def parse_hours(data: object) -> Hours:
    """Hours from their stored form; HoursError names what is wrong."""
    if not isinstance(data, Mapping):
        raise HoursError("no_object")
    unknown = set(data) - {"twentyfourseven", "regular_hours", "exceptions", "public_holidays"}
    if unknown:
        raise HoursError("unknown_member", min(map(str, unknown)))
    always = data.get("twentyfourseven", False)
    if not isinstance(always, bool):
        raise HoursError("bad_flag", "twentyfourseven")
    week = _week(data.get("regular_hours") or [])
    if always and any(week):
        raise HoursError("always_and_weekly", "regular_hours")
    holidays = data.get("public_holidays")
    return Hours(
        always,
        week,
        _exceptions(data.get("exceptions") or []),
        None if holidays is None else _periods(holidays, "public_holidays"),
    )


def _periods(rows: object, at: str) -> tuple[Span, ...]:
    spans = [
        _span(one.get("period_begin"), one.get("period_end"), at) for one in _objects(rows, at)
    ]
    return ordered(spans, at)


def _week(rows: object) -> tuple[tuple[Span, ...], ...]:
    days: list[list[Span]] = [[] for _day in range(7)]
    for row in _objects(rows, "regular_hours"):
        weekday = row.get("weekday")
        if not isinstance(weekday, int) or isinstance(weekday, bool) or not 1 <= weekday <= 7:
            raise HoursError("bad_weekday", str(weekday)[:20])
        days[weekday - 1].append(
            _span(row.get("period_begin"), row.get("period_end"), str(weekday))
        )
    return tuple(ordered(spans, str(number)) for number, spans in enumerate(days, start=1))


def _exceptions(rows: object) -> tuple[Exceptional, ...]:
    found: dict[date, Exceptional] = {}
    for row in _objects(rows, "exceptions"):
        on = _date(row.get("on"))
        if on in found:
            raise HoursError("date_twice", on.isoformat())
        spans = _periods(row.get("periods") or [], on.isoformat())
        found[on] = Exceptional(on, spans, str(row.get("note") or "")[:100])
    if len(found) > MOST_EXCEPTIONS:
        raise HoursError("too_many_exceptions")
    return tuple(found[on] for on in sorted(found))


def _objects(rows: object, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise HoursError("no_list", name)
    return rows


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise HoursError("bad_date", str(value)[:20]) from error


def as_stored(hours: Hours) -> dict[str, Any]:
    """The stored form of hours."""
    stored: dict[str, Any] = {
        "twentyfourseven": hours.always,
        "regular_hours": [
            {"weekday": number, **span.as_dict()}
            for number, spans in enumerate(hours.week, start=1)
            for span in spans
        ],
        "exceptions": [
            {
                "on": one.on.isoformat(),
                "periods": [span.as_dict() for span in one.spans],
                "note": one.note,
            }
            for one in hours.exceptions
        ],
    }
    if hours.holidays is not None:
        stored["public_holidays"] = [span.as_dict() for span in hours.holidays]
    return stored


def as_ocpi(
    hours: Hours, zone: tzinfo, public: Mapping[date, str] = MappingProxyType({})
) -> dict[str, Any]:
    """OCPI 2.2.1 Hours: exceptional openings and closings are instants; closings are what the
    exception leaves of the day, so that they never overlap an opening. OCPI knows no public
    holidays: those given are exceptions like other dates."""
    answer: dict[str, Any] = {"twentyfourseven": hours.always}
    if not hours.always:
        answer["regular_hours"] = [
            row | {"period_end": "23:59" if row["period_end"] == "24:00" else row["period_end"]}
            for row in as_stored(hours)["regular_hours"]
        ]
    days = differing(hours, public)
    openings = [_instants(one.on, span, zone) for one in days for span in one.spans]
    closings = [_instants(one.on, gap, zone) for one in days for gap in _gaps(one.spans)]
    return answer | {"exceptional_openings": openings, "exceptional_closings": closings}


def _gaps(spans: Sequence[Span]) -> list[Span]:
    edges = [0, *(edge for span in spans for edge in (span.begin, span.end)), DAY]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _instants(on: date, span: Span, zone: tzinfo) -> dict[str, str]:
    def instant(minutes: int) -> str:
        day = datetime.combine(on + timedelta(days=minutes // DAY), time(), tzinfo=zone)
        local = day.replace(hour=minutes % DAY // 60, minute=minutes % 60)
        return local.astimezone(UTC).isoformat().replace("+00:00", "Z")

    return {"period_begin": instant(span.begin), "period_end": instant(span.end)}
