"""Faults of the past as incidents: found after seconds, healed by a restart, gone by themselves, or
repaired by a work order. Rules, conclusions and orders are those of the services, at the dates of
then; runs of remedies are written as rows, since no station can be asked in the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ids import public_id
from portal.demo.timeline import Span
from stations.hardware.models import Evse
from stations.incidents import services as incidents
from stations.incidents.applying import Turn, apply
from stations.incidents.choices import EventKind, Resolution, RunState, StepState
from stations.incidents.loading import Fleet
from stations.incidents.models import Incident
from stations.incidents.remedies.facts import steps_of
from stations.incidents.remedies.playbooks import Step, class_of, stored
from stations.incidents.remedies.proving import conclude
from stations.incidents.remedies.running import finish
from stations.incidents.remedy_models import RemedyRun, RemedyStep
from stations.incidents.rules.codes import Reported, meaning_of
from stations.incidents.rules.statuses import ConnectorFacts, status_findings
from stations.incidents.timeline import write

SEEN_AFTER: Final = timedelta(seconds=3)
HELPS_AFTER: Final = timedelta(seconds=50)
HEALABLE: Final = timedelta(hours=1)
"""What was over by then, a step of its playbook has ended."""


@dataclass(frozen=True, slots=True)
class PastFault:
    """A fault of an EVSE."""

    evse: Evse
    span: Span

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.span.ended_at - self.span.began_at


def found(fault: PastFault, fleet: Fleet) -> Incident | None:
    """The incident as the rules would have opened it; None where they find nothing."""
    span, evse = fault.span, fault.evse
    facts = ConnectorFacts(
        station=evse.station_id, evse=evse.number, status="faulted", since_at=span.began_at,
        meaning=meaning_of(Reported(span.code, "", span.info), {}),
    )  # fmt: skip
    seen_at = span.began_at + SEEN_AFTER
    findings = list(status_findings([facts], fleet.setting, seen_at))
    turn = Turn(fleet=fleet, kinds=frozenset(), windows=[], now=seen_at)
    return next(iter(apply(findings, turn)), None)


def tried(fault: PastFault, incident: Incident) -> RemedyRun | None:
    """The run of the playbook, with its last step at the end of a short fault; None: the class
    has no steps."""
    fault_class = class_of(incident.kind, incident.facts)
    steps = steps_of(incident.operator_id, fault_class) if fault_class else ()
    if not steps:
        return None
    begin = fault.span.began_at + 2 * SEEN_AFTER
    run: RemedyRun = RemedyRun.objects.create(
        operator_id=incident.operator_id, public_id=public_id("rem"), incident=incident,
        site_id=incident.site_id, station=incident.station, evse=incident.evse,
        fault_class=fault_class, steps=stored(steps), started_at=begin, next_at=begin,
    )  # fmt: skip
    at = begin
    is_short = fault.length < HEALABLE and fault_class != "safety"
    for number, step in enumerate(steps, 1):
        end = at + timedelta(seconds=step.wait_s)
        if is_short and (end >= fault.span.ended_at or number == len(steps)):
            # A step may have waited for a session, or for its hours.
            _asked(run, number, step, max(at, fault.span.ended_at - HELPS_AFTER))
            return run
        _asked(run, number, step, at, StepState.NO_HELP)
        at = end
    finish(run, RunState.FAILED, "needs_person" if fault_class == "safety" else "exhausted", at)
    return run


def _asked(
    run: RemedyRun, number: int, step: Step, at: datetime, state: str = StepState.ASKED
) -> None:
    later = at + timedelta(seconds=step.wait_s)
    told = {"statuses": [[run.evse.number, "faulted"]]} if run.evse is not None else {}
    RemedyStep.objects.create(
        operator_id=run.operator_id, run=run, number=number, action=step.action, state=state,
        before=told, after={} if state == StepState.ASKED else told, asked_at=at,
        verified_at=None if state == StepState.ASKED else later,
    )  # fmt: skip
    write(
        run.incident, EventKind.REMEDY, at=at, actor="system",
        facts={"action": step.action, "state": str(state), "answer": ""},
    )  # fmt: skip


def over(fault: PastFault, incident: Incident, run: RemedyRun | None) -> None:
    """It ended without a person: by the step that was under way, or by itself."""
    at = fault.span.ended_at
    how = Resolution.ITSELF if run is None else conclude(incident, at)
    incidents.resolve(incident=incident, how=how, restored_at=at, now=at + SEEN_AFTER)
