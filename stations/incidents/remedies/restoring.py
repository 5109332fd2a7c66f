"""Puts EVSEs back into service that a run took out and did not put back before it ended."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.audit.services import SYSTEM
from core.errors import RuleViolation
from stations.commands.models import Command
from stations.incidents.choices import RunState, StepState
from stations.incidents.remedies.facts import limits_of, snapshot, surroundings
from stations.incidents.remedies.guards import guard
from stations.incidents.remedies.playbooks import ACTIONS
from stations.incidents.remedies.running import EXPIRY, tell
from stations.incidents.remedy_models import RemedyRun, RemedyStep
from stations.ocpp.sending import request_command

logger = logging.getLogger(__name__)
LOOK_BACK: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=6)
"""Between two tries to put one back: twice as long after each, since a station that refused a few
times is not helped by being asked more."""
_TAKEN: Final = frozenset({"Accepted", "Scheduled"})
_ON: Final = ACTIONS["availability_on"]


def put_back(*, now: datetime) -> int:
    """Ask for the service that ended runs owe. The station's last answer counts: what somebody
    switched since then is left as it is."""
    off = RemedyStep.objects.filter(
        action="availability_off", run__ended_at__gte=now - LOOK_BACK, run__is_dry=False
    ).exclude(command_ref="")
    runs = RemedyRun.objects.exclude(state=RunState.RUNNING).filter(pk__in=off.values("run"))
    return sum(_put_back(pk, now) for pk in list(runs.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _put_back(pk: int, now: datetime) -> bool:
    run = (
        RemedyRun.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("incident", "station__site", "station__link", "evse")
        .filter(pk=pk)
        .first()
    )
    if run is None or not _is_owed(run):
        return False
    last: RemedyStep = run.tried.order_by("-number")[0]
    if last.action == _ON.name and now - last.asked_at < _pause(run):
        return False
    # What was taken away is given back even where remedies were switched off meanwhile.
    limits = replace(limits_of(run.operator_id), mode="on")
    facts = surroundings(run.station, now, run=run)
    if guard(_ON, run.fault_class, _evse(run), facts, limits, now):
        return False
    _ask(run, last.number + 1, now)
    return True


def _pause(run: RemedyRun) -> timedelta:
    """The rest after the tries since the run ended."""
    tries: int = run.tried.filter(action=_ON.name, asked_at__gte=run.ended_at).count()
    longer: int = 2 ** min(max(tries - 1, 0), 10)
    return min(PAUSE * longer, LONGEST_PAUSE)


def _is_owed(run: RemedyRun) -> bool:
    """Whether the last switch that the station accepted is the run's own, to out of service."""
    own = set(run.tried.filter(action="availability_off").values_list("command_ref", flat=True))
    rows = Command.objects.filter(
        station=run.station, command="change_availability", answer_status__in=_TAKEN
    )
    for one in rows.order_by("-pk").only("public_id", "parameters")[:50]:
        if int(one.parameters.get("evse") or 0) in {0, _evse(run)}:
            return one.public_id in own
    return False


def _ask(run: RemedyRun, number: int, now: datetime) -> None:
    parameters = dict(_ON.parameters) | ({"evse": _evse(run)} if _evse(run) else {})
    try:
        command = request_command(
            station=run.station, command=_ON.command, parameters=parameters, by=SYSTEM,
            reason=f"{run.incident.public_id}: {_ON.name}", expires_in=EXPIRY,
        )  # fmt: skip
        ref, state, answer = command.public_id, StepState.ASKED, ""
    except RuleViolation as refusal:
        logger.info("remedy %s: %s refused: %s", run.public_id, _ON.name, refusal.code)
        ref, state, answer = "", StepState.FAILED, refusal.code
    RemedyStep.objects.create(
        operator_id=run.operator_id, run=run, number=number, action=_ON.name, state=state,
        command_ref=ref, answer=answer[:60], before=snapshot(run.station), asked_at=now,
    )  # fmt: skip
    tell(run, _ON.name, state, answer, ref)


def _evse(run: RemedyRun) -> int:
    return run.evse.number if run.evse is not None else 0
