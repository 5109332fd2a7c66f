"""What came of a remedy: the incident over after a step, the minutes saved, and the proof by the
next session; a session without energy opens the incident again."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from stations.incidents.choices import (
    EventKind,
    IncidentState,
    Resolution,
    RunState,
    StepState,
)
from stations.incidents.models import Incident
from stations.incidents.opening import Trouble, open_or_touch
from stations.incidents.remedies.facts import snapshot
from stations.incidents.remedies.running import finish
from stations.incidents.remedy_models import RemedyRun, RemedyStep
from stations.incidents.timeline import write
from stations.sessions.models import Session, SessionState
from stations.uptime.visits import LEAST_WH

USUAL_BACK: Final = timedelta(days=365)
LEAST_PAST: Final = 3
PROOF_WITHIN: Final = timedelta(days=7)
_TRIED: Final = (StepState.ASKED, StepState.NO_HELP)


def conclude(incident: Incident, now: datetime) -> str:
    """How an incident ended that is found no more: by the step of a run that goes on, or by
    itself. The run ends with it."""
    run = (
        RemedyRun.objects.filter(incident=incident, state=RunState.RUNNING)
        .select_related("incident", "station__link")
        .first()
    )
    if run is None:
        return Resolution.ITSELF
    step = run.tried.filter(state__in=_TRIED).order_by("-number").first()
    if step is None or run.is_dry:
        finish(run, RunState.STOPPED, "gone", now)
        return Resolution.ITSELF
    RemedyStep.objects.filter(pk=step.pk).update(
        state=StepState.HELPED, verified_at=now, after=snapshot(run.station)
    )
    usual = usual_s(incident, now)
    lasted = int((now - incident.first_symptom_at).total_seconds())
    RemedyRun.objects.filter(pk=run.pk).update(
        helped_by=step.action,
        usual_s=usual,
        saved_s=None if usual is None else max(usual - lasted, 0),
    )
    finish(run, RunState.SUCCEEDED, "works", now)
    return Resolution.REMEDY


def usual_s(incident: Incident, now: datetime) -> int | None:
    """Seconds that such an incident usually lasts at this model when no remedy helps, else at any
    model; None: too few are known."""
    past = Incident.objects.filter(
        operator_id=incident.operator_id,
        kind=incident.kind,
        state=IncidentState.RESOLVED,
        restored_at__gte=now - USUAL_BACK,
    ).exclude(Q(resolution=Resolution.REMEDY) | Q(pk=incident.pk))
    station = incident.station
    if station is not None:
        found = _median(past.filter(station__vendor=station.vendor, station__model=station.model))
        if found is not None:
            return found
    return _median(past)


def _median(rows: QuerySet[Incident]) -> int | None:
    pairs = rows.order_by("-restored_at").values_list("first_symptom_at", "restored_at")[:200]
    lasted = [(end - begin).total_seconds() for begin, end in pairs if end is not None]
    return int(median(lasted)) if len(lasted) >= LEAST_PAST else None


def prove(*, now: datetime) -> int:
    """Look at the first sessions after incidents that remedies healed; those that nobody has
    charged at since take no turn."""
    since = Session.objects.filter(
        station=OuterRef("station"),
        state=SessionState.ENDED,
        started_at__gte=OuterRef("restored_at"),
    )
    healed = Incident.objects.filter(
        Exists(since.filter(evse=OuterRef("evse"))) | Q(Exists(since), evse=None),
        state=IncidentState.RESOLVED,
        resolution=Resolution.REMEDY,
        proven_at=None,
        resolved_at__gte=now - PROOF_WITHIN,
        station__isnull=False,
    )
    waiting = list(healed.order_by("pk").values_list("pk", flat=True))
    return sum(_judge_one(pk, now) for pk in waiting)


@transaction.atomic
def _judge_one(pk: int, now: datetime) -> int:
    rows = Incident.objects.select_related("site", "station", "evse")
    incident = rows.filter(pk=pk, state=IncidentState.RESOLVED).first()
    return _judge(incident, now) if incident is not None else 0


def _judge(incident: Incident, now: datetime) -> int:
    rows = Session.objects.filter(
        station=incident.station_id, state=SessionState.ENDED, started_at__gte=incident.restored_at
    )
    if incident.evse_id is not None:
        rows = rows.filter(evse=incident.evse_id)
    energies = list(rows.order_by("started_at", "pk").values_list("energy_wh", "public_id")[:3])
    good = next((ref for wh, ref in energies if wh is not None and wh > LEAST_WH), None)
    if good is not None:
        changed = Incident.objects.filter(pk=incident.pk, proven_at=None).update(proven_at=now)
        if changed:
            write(incident, EventKind.PROVEN, at=now, ref=f"session:{good}", actor="system")
        return changed
    if len(energies) < 2 or any(wh is None for wh, _ref in energies):
        return 0
    open_or_touch(
        Trouble(
            site=incident.site,
            station=incident.station,
            evse=incident.evse,
            kind=incident.kind,
            rule=incident.rule,
            severity=incident.severity,
            key=incident.dedup_key,
            symptom_at=incident.resolved_at or now,
            error_code=incident.error_code,
            facts=incident.facts,
            ref=f"session:{energies[0][1]}",
        ),
        now=now,
    )
    return 1
