"""The door for what runs against an incident: clocks of service agreements (``INCIDENT_CLOCKS``)
and panels on its page (``INCIDENT_PANELS``). Upper rooms plug in by dotted paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest
from django.utils.functional import Promise

from core.panels import Panel
from core.plugins import plugged
from stations.incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock: what is due (response, restore), until when (None: it rests), its tone (ok,
    warn, bad, idle), and the page where it belongs; ``doing``: how far somebody is with it."""

    label: str | Promise
    due_at: datetime | None
    tone: str = "idle"
    text: str | Promise = ""
    url: str = ""
    doing: str | Promise = ""


class ClockSource(Protocol):
    """Who knows clocks of incidents; a fixed number of queries for many incidents."""

    def clocks(self, incidents: Sequence[Incident], now: datetime) -> Mapping[int, list[Clock]]:
        """The clocks that run, by the key of the incident."""


class IncidentPanelSource(Protocol):
    """Who shows something on the page of an incident: work orders, support cases."""

    def panel(self, request: HttpRequest, incident: Incident) -> Panel | None:
        """The panel for this reader; None when there is nothing to show, or not to them."""


def clocks(incidents: Sequence[Incident], now: datetime) -> dict[int, list[Clock]]:
    """All clocks of these incidents by key, the soonest first."""
    found: dict[int, list[Clock]] = {}
    for source in plugged("INCIDENT_CLOCKS"):
        for pk, ones in source.clocks(incidents, now).items():
            found.setdefault(pk, []).extend(ones)
    return {pk: sorted(ones, key=_sooner) for pk, ones in found.items()}


def incident_panels(request: HttpRequest, incident: Incident) -> list[Panel]:
    """All panels for this reader, in the order of the setting."""
    found = (source.panel(request, incident) for source in plugged("INCIDENT_PANELS"))
    return [panel for panel in found if panel is not None]


def _sooner(clock: Clock) -> tuple[bool, float]:
    return clock.due_at is None, clock.due_at.timestamp() if clock.due_at else 0.0
