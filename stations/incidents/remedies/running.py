"""Carrying out playbooks: begins a run for what is wrong, takes its steps, looks whether they
helped. Every turn pulls what is due; a lost one loses nothing."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from core.audit.services import SYSTEM, record
from core.errors import RuleViolation
from core.ids import public_id
from stations.commands.models import Command, CommandState
from stations.incidents.choices import EventKind, RunState, StepState
from stations.incidents.models import IS_LIVE, Incident, IncidentEvent
from stations.incidents.remedies.facts import limits_of, snapshot, steps_of, surroundings
from stations.incidents.remedies.guards import PASSING, guard, starting_guard
from stations.incidents.remedies.judging import got_worse, is_refused
from stations.incidents.remedies.playbooks import ACTIONS, Action, Step, class_of, stored
from stations.incidents.remedy_models import RemedyRun, RemedyStep
from stations.incidents.timeline import write
from stations.ocpp.sending import request_command

logger = logging.getLogger(__name__)
MOST: Final = 100
PATIENCE: Final = timedelta(hours=24)
"""A run that cannot go on for so long is over."""
EXPIRY: Final = timedelta(seconds=20)
"""What is not sent by then is not sent: the station may be in use later."""
LOOK: Final = timedelta(seconds=3)
LOOK_LATER: Final = timedelta(seconds=30)
_UNSENT: Final = frozenset(
    {CommandState.FAILED, CommandState.REFUSED_OFFLINE, CommandState.EXPIRED}
)


def start_due(*, now: datetime) -> int:
    """Begin a run for each live incident that has none since it was opened last. Those that
    were tried stay live, and must not take the places of new ones."""
    waiting = (
        Incident.objects.filter(
            IS_LIVE,
            station__isnull=False,
            kind__in=["safety", "faulted", "temperature", "unavailable", "zero_energy",
                      "refused", "stuck"],
            parent=None,
        )
        .exclude(runs__state=RunState.RUNNING)
        .select_related("site", "station__site", "station__link", "evse")
        .order_by("severity", "first_symptom_at", "pk")
    )  # fmt: skip
    opened = IncidentEvent.objects.filter(
        incident=OuterRef("pk"), kind__in=[EventKind.OPENED, EventKind.REOPENED]
    ).order_by("-at")
    untried = waiting.annotate(
        opened_at=Coalesce(Subquery(opened.values("at")[:1]), F("detected_at"))
    ).exclude(
        Exists(
            RemedyRun.objects.filter(incident=OuterRef("pk"), started_at__gte=OuterRef("opened_at"))
        )
    )
    return sum(_start(incident, now) for incident in untried[:MOST])


@transaction.atomic
def _start(incident: Incident, now: datetime) -> bool:
    assert incident.station is not None
    station = incident.station
    fault = class_of(incident.kind, incident.facts)
    steps = steps_of(incident.operator_id, fault) if fault else ()
    limits = limits_of(incident.operator_id)
    if not steps or starting_guard(surroundings(station, now), limits, now, fault):
        return False
    is_dry = limits.mode != "on"
    try:
        with transaction.atomic():
            run = RemedyRun.objects.create(
                operator_id=incident.operator_id, public_id=public_id("rem"), incident=incident,
                site_id=incident.site_id, station=station, evse=incident.evse, fault_class=fault,
                is_dry=is_dry, steps=stored(steps), started_at=now, next_at=now,
            )  # fmt: skip
    except IntegrityError:
        return False
    if is_dry:
        _write_down(run, steps, now)
    else:
        record(
            "remedy.start", incident, operator_id=run.operator_id, actor=SYSTEM,
            after={"run": run.public_id, "class": fault},
        )  # fmt: skip
    return True


def _write_down(run: RemedyRun, steps: tuple[Step, ...], now: datetime) -> None:
    """A dry run: every step with what would have kept it from being taken."""
    facts, limits = surroundings(run.station, now, run=run), limits_of(run.operator_id)
    before = snapshot(run.station)
    for number, step in enumerate(steps, 1):
        action = ACTIONS[step.action]
        reason = guard(action, run.fault_class, _evse(run), facts, limits, now)
        RemedyStep.objects.create(
            operator_id=run.operator_id, run=run, number=number, action=step.action,
            state=StepState.WOULD, before=before, answer=reason, asked_at=now,
        )  # fmt: skip
        tell(run, step.action, StepState.WOULD, reason)
    finish(run, RunState.STOPPED, "dry_run", now)


def advance_due(*, now: datetime) -> int:
    """Take every run that is due one look further."""
    due = RemedyRun.objects.filter(state=RunState.RUNNING, next_at__lte=now).order_by("next_at")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:MOST]):
        with transaction.atomic():
            run = (
                RemedyRun.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("incident", "station__site", "station__link", "evse")
                .filter(pk=pk, state=RunState.RUNNING)
                .first()
            )
            if run is not None:
                _advance(run, now)
                done += 1
    return done


def _advance(run: RemedyRun, now: datetime) -> None:
    if not run.incident.is_live:
        finish(run, RunState.STOPPED, "gone", now)
        return
    last = run.tried.order_by("-number").first()
    if last is not None and last.state == StepState.ASKED and not _is_over(run, last, now):
        return
    if run.state != RunState.RUNNING:
        return
    number = 0 if last is None else last.number
    if number >= len(run.steps):
        why = "needs_person" if run.fault_class == "safety" else "exhausted"
        finish(run, RunState.FAILED, why, now)
        return
    action = ACTIONS[run.steps[number]["action"]]
    facts = surroundings(run.station, now, run=run)
    reason = guard(action, run.fault_class, _evse(run), facts, limits_of(run.operator_id), now)
    if not reason:
        _take(run, action, number + 1, now)
    elif reason in PASSING and now - run.started_at < PATIENCE:
        _later(run, LOOK_LATER, now, waits_for=reason)
    else:
        finish(run, RunState.STOPPED, reason, now)


def _is_over(run: RemedyRun, step: RemedyStep, now: datetime) -> bool:
    """Whether a step that was asked has had its time; what came of it is noted."""
    command: Command | None = Command.objects.filter(public_id=step.command_ref).first()
    answer = command.answer_status if command else ""
    if command is not None and command.state in _UNSENT:
        _conclude(run, step, StepState.FAILED, command.error_code, now)
        return True
    if is_refused(answer):
        _conclude(run, step, StepState.REFUSED, answer, now)
        return True
    wait = timedelta(seconds=run.steps[step.number - 1]["wait_s"])
    if now < step.asked_at + wait:
        _later(run, LOOK, now)
        return False
    worse = got_worse(step.before, snapshot(run.station))
    if worse and run.fault_class != "safety":
        _conclude(run, step, StepState.WORSE, answer, now)
        finish(run, RunState.STOPPED, "worse", now)
        return False
    _conclude(run, step, StepState.NO_HELP, answer, now)
    return True


def _take(run: RemedyRun, action: Action, number: int, now: datetime) -> None:
    parameters = dict(action.parameters)
    if action.names_evse and _evse(run):
        parameters["evse"] = _evse(run)
    before = snapshot(run.station)
    try:
        command = request_command(
            station=run.station, command=action.command, parameters=parameters, by=SYSTEM,
            reason=f"{run.incident.public_id}: {action.name}", expires_in=EXPIRY,
        )  # fmt: skip
        ref, state, answer = command.public_id, StepState.ASKED, ""
    except RuleViolation as refusal:
        logger.info("remedy %s: %s refused: %s", run.public_id, action.name, refusal.code)
        ref, state, answer = "", StepState.FAILED, refusal.code
    RemedyStep.objects.create(
        operator_id=run.operator_id, run=run, number=number, action=action.name, state=state,
        command_ref=ref, answer=answer[:60], before=before, asked_at=now,
    )  # fmt: skip
    tell(run, action.name, state, answer, ref)
    _later(run, LOOK, now)


def _conclude(run: RemedyRun, step: RemedyStep, state: str, answer: str, now: datetime) -> None:
    RemedyStep.objects.filter(pk=step.pk).update(
        state=state, answer=answer[:60], after=snapshot(run.station), verified_at=now
    )
    tell(run, step.action, state, answer, step.command_ref)


def finish(run: RemedyRun, state: str, why: str, now: datetime) -> None:
    """End a run that still goes on."""
    changed = RemedyRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=state, why=why, ended_at=now, waits_for=""
    )
    run.refresh_from_db()
    if not changed:
        return
    write(
        run.incident, EventKind.REMEDY, at=now, ref=f"remedy:{run.public_id}",
        facts={"run": state, "why": why, "dry": run.is_dry}, actor="system",
    )  # fmt: skip
    if not run.is_dry:
        record(
            "remedy.end", run.incident, operator_id=run.operator_id, actor=SYSTEM,
            after={"run": run.public_id, "state": str(state), "why": why},
        )  # fmt: skip


def _later(run: RemedyRun, after: timedelta, now: datetime, *, waits_for: str = "") -> None:
    RemedyRun.objects.filter(pk=run.pk).update(next_at=now + after, waits_for=waits_for)


def tell(run: RemedyRun, action: str, state: str, answer: str = "", ref: str = "") -> None:
    """Note a step in the timeline of the run's incident."""
    write(
        run.incident, EventKind.REMEDY, ref=f"command:{ref}" if ref else "", actor="system",
        facts={"action": action, "state": str(state), "answer": answer},
    )  # fmt: skip


def _evse(run: RemedyRun) -> int:
    return run.evse.number if run.evse is not None else 0
