"""Template tags of the network's pages: codes in words, the status timeline as SVG."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from core.status_words import status_word
from core.ui.units import duration
from stations.hardware.fault_words import fault_words
from stations.hardware.history import Lane, Span
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.event_words import KINDS
from stations.sessions import stop_reasons
from stations.sessions.words import FACT_WORDS

register = template.Library()

WIDTH = 100.0  # percent, so that the text of the axis is not scaled with the bars


@register.filter
def attempt_reason(code: str) -> str:
    """``{{ attempt.reason_code|attempt_reason }}``: the reason in words."""
    return in_words(code)


@register.filter(name="fault_words")
def fault_words_of(code: str) -> str:
    """``{{ connector.error_code|fault_words }}``: the code in words, and after them as it is."""
    return fault_words(code)


@register.filter
def stop_reason(code: str) -> str:
    """``{{ session.stop_reason|stop_reason }}``: OCPP's reason in words."""
    return stop_reasons.in_words(code)


@register.filter
def event_kind(code: str) -> str:
    """``{{ event.kind|event_kind }}``: what a station event is about."""
    return str(KINDS.get(code, code))


@register.filter
def fact_kind(code: str) -> str:
    """``{{ fact.kind|fact_kind }}``: what a fact tells about its session."""
    return str(FACT_WORDS.get(code, code))


@register.inclusion_tag("stations/hardware/_timeline.html")
def timeline(lanes: Iterable[Lane], start: datetime, end: datetime) -> dict[str, Any]:
    """Bars of statuses over time, one per connector, with a table as twin."""
    shown = list(lanes)
    seen = {span.status for lane in shown for span in lane.spans}
    return {
        "lanes": [_lane(lane, start, end) for lane in shown],
        "ticks": _ticks(start, end),
        "legend": [status_word(status) for status in sorted(seen)],
    }


def _lane(lane: Lane, start: datetime, end: datetime) -> dict[str, Any]:
    name = _("EVSE %(number)s") % {"number": lane.evse_number} if lane.evse_number else _("Station")
    if lane.connector_number > 1:
        name = f"{name}/{lane.connector_number}"
    return {"name": name, "parts": [_part(span, start, end) for span in lane.spans]}


def _part(span: Span, start: datetime, end: datetime) -> dict[str, Any]:
    whole = (end - start).total_seconds()
    word = status_word(span.status)
    begins = (span.start - start).total_seconds() / whole
    lasts = (span.end - span.start).total_seconds() / whole
    local = timezone.localtime(span.start)
    error = "" if span.error_code in ("", "NoError") else f" {span.error_code}"
    return {
        "span": span,
        "x": f"{begins * WIDTH:.3f}%",
        "width": f"{max(lasts * WIDTH, 0.1):.3f}%",
        "tone": word.tone,
        "text": f"{word.word}{error}, {local:%Y-%m-%d %H:%M}, {duration(span.end - span.start)}",
        "duration": span.end - span.start,
    }


def _ticks(start: datetime, end: datetime) -> list[dict[str, str]]:
    """Midnights of the reader's zone, or every sixth hour of a single day."""
    whole = end - start
    step = timedelta(hours=6) if whole <= timedelta(days=2) else timedelta(days=1)
    if whole > timedelta(days=14):
        step = timedelta(days=5)
    form = "%H:%M" if step < timedelta(days=1) else "%d/%m"
    at = timezone.localtime(start).replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = []
    while at < end:
        if at > start:
            share = (at - start) / whole
            ticks.append({"x": f"{share * WIDTH:.3f}%", "text": at.strftime(form)})
        at += step
    return ticks
