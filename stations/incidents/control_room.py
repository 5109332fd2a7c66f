"""The control room: what is broken, since when, what is being done, who has it, which clock
runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from stations.incidents.choices import RunState
from stations.incidents.clocks import Clock, clocks
from stations.incidents.models import IS_LIVE, Incident
from stations.incidents.remedy_models import RemedyRun
from stations.incidents.selectors import live_incidents
from stations.incidents.words import doing_text, explained, place_of

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One incident as the control room shows it."""

    incident: Incident
    place: str
    explained: str
    doing: str
    parts: int
    clocks: list[Clock] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ControlRoom:
    """What is wrong now, what rests, and how much of each severity; ``more``: not shown."""

    lines: Sequence[Line]
    resting: Sequence[Line]
    counts: dict[str, int]
    nobody: int
    healing: int
    more: int


def control_room(now: datetime) -> ControlRoom:
    """A fixed number of queries; parts of others stand with these."""
    rows = (
        live_incidents()
        .filter(parent=None)
        .annotate(
            part_count=Count("children", filter=Q(children__state__in=["open", "acknowledged"]))
        )
    )
    found = list(rows[: MOST + 1])
    shown = found[:MOST]
    last: dict[int, RemedyRun] = {}
    for run in RemedyRun.objects.filter(incident__in=shown).order_by("started_at", "pk"):
        last[run.incident_id] = run
    running = clocks(shown, now)
    lines = [
        Line(
            incident=one,
            place=place_of(one),
            explained=explained(one),
            doing=_doing(last.get(one.pk), running.get(one.pk, [])),
            parts=one.part_count,
            clocks=running.get(one.pk, []),
        )
        for one in shown
    ]
    severities = Incident.objects.filter(IS_LIVE, parent=None).order_by().values_list("severity")
    counts: dict[str, int] = dict(severities.annotate(count=Count("pk")))
    awake = [line for line in lines if not _rests(line.incident, now)]
    return ControlRoom(
        lines=awake,
        resting=[line for line in lines if _rests(line.incident, now)],
        counts=counts,
        nobody=sum(line.incident.owner_id is None for line in awake),
        healing=sum(run.state == RunState.RUNNING for run in last.values()),
        more=len(found) - len(shown),
    )


def _doing(run: RemedyRun | None, its_clocks: Sequence[Clock]) -> str:
    """A remedy that goes on, else what somebody does, else what came of the last remedy."""
    at_work = next((str(one.doing) for one in its_clocks if one.doing), "")
    is_going_on = run is not None and run.state == RunState.RUNNING
    return doing_text(run) if is_going_on or not at_work else at_work


def _rests(incident: Incident, now: datetime) -> bool:
    return incident.snoozed_until_at is not None and incident.snoozed_until_at > now
