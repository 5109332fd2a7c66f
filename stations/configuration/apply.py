"""Bringing stations to what they should be set to, by commands; booking what they answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from core.errors import InvalidInput, RuleViolation
from stations.commands.models import FINAL_STATES, Command, CommandState
from stations.commands.services import link_of
from stations.configuration import facts
from stations.configuration.messages import reading, setting
from stations.configuration.models import DesiredValue, DriftState
from stations.configuration.refresh import refresh, state_row
from stations.configuration.results import asked_values, results
from stations.hardware.keys import Place, folded, parse_key
from stations.hardware.models import Station
from stations.ocpp.sending import Batch, Request, send

BY_PERSON = frozenset({DriftState.DRIFT, DriftState.UNKNOWN, DriftState.REFUSED})
BY_ITSELF = frozenset({DriftState.DRIFT, DriftState.UNKNOWN})
"""States that are worth an attempt: a person may try again what a station refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be applied. ``chosen``: these keys (folded) of each station (primary key)
    alone; ``template_ids``: values from these templates alone; None: whatever differs."""

    reason: str
    chosen: Mapping[int, Collection[str]] | None = None
    template_ids: Collection[int] | None = None
    queue_if_offline: bool = False


def apply_to_many(stations: Iterable[Station], wish: Wish, *, by: Actor | None = None) -> Batch:
    """Set what differs on every station; one that cannot be asked does not stop the others.

    Refuses a person without reason. A station that needs nothing gets no command.
    """
    actor = by or current_actor.get()
    if actor.kind == ActorKind.PERSON and not wish.reason.strip():
        raise InvalidInput("reason_needed", _("Say why: this command needs it."), field="reason")
    batch = Batch(uuid.uuid4(), [], [])
    for station in stations:
        try:
            batch.commands.extend(_apply(station, wish, actor, batch.id))
        except RuleViolation as refusal:
            batch.refusals.append((station, refusal))
    return batch


@transaction.atomic
def _apply(station: Station, wish: Wish, by: Actor, batch_id: uuid.UUID) -> list[Command]:
    """Commands that set the station's values one after another, then one that reads them."""
    refresh(station)
    rows = _rows(station, wish, BY_ITSELF if by.kind == ActorKind.SYSTEM else BY_PERSON)
    link = link_of(station)
    version = link.ocpp_version if link else ""
    wanted = [
        (place, row.value) for row in rows if (place := parse_key(row.key, version)) is not None
    ]
    if not wanted:
        return []
    told = facts.told_by(station)
    commands = [
        send(
            station,
            Request(
                command="set_configuration",
                parameters=parameters,
                reason=wish.reason,
                queue_if_offline=wish.queue_if_offline,
            ),
            by=by,
            batch_id=batch_id,
        )
        for parameters in setting(version, wanted, _limit(told, "SetVariables"))
    ]
    _note(rows, commands)
    if commands[0].state != CommandState.REFUSED_OFFLINE:
        places = [place for place, _value in wanted]
        commands += _read_back(station, version, places, wish, by, batch_id)
    return commands


def _rows(station: Station, wish: Wish, states: frozenset[DriftState]) -> list[DesiredValue]:
    rows = DesiredValue.objects.filter(
        station=station, state__in=states, is_pending=False
    ).order_by("key", "id")
    if wish.template_ids is not None:
        rows = rows.filter(template_id__in=wish.template_ids)
    if wish.chosen is None:
        return list(rows)
    keys = wish.chosen.get(station.pk, ())
    return [row for row in rows if folded(row.key) in keys]


def _limit(told: facts.Values, message: str) -> int:
    return facts.number_told(
        told, f"DeviceDataCtrlr.ItemsPerMessage[{message}]", "DeviceDataCtrlr.ItemsPerMessage"
    )


def _read_back(
    station: Station,
    version: str,
    places: Sequence[Place],
    wish: Wish,
    by: Actor,
    batch_id: uuid.UUID,
) -> list[Command]:
    told = facts.told_by(station)
    limit = (
        facts.number_told(told, "GetConfigurationMaxKeys")
        if version == "1.6"
        else _limit(told, "GetVariables")
    )
    return [
        send(
            station,
            Request(
                command="get_configuration",
                parameters=parameters,
                reason=wish.reason,
                queue_if_offline=wish.queue_if_offline,
            ),
            by=by,
            batch_id=batch_id,
        )
        for parameters in reading(version, places, limit)
    ]


def _note(rows: Iterable[DesiredValue], commands: Iterable[Command]) -> None:
    """Remember with each value which command is to set it."""
    by_key = {
        folded(key): command
        for command in commands
        for key in asked_values(command.action, command.payload)
    }
    now = timezone.now()
    changed = []
    for row in rows:
        command = by_key.get(folded(row.key))
        if command is None:
            continue
        row.command, row.attempted_at, row.attempted_value = command, now, row.value
        row.is_pending = command.state not in FINAL_STATES
        row.answer = "" if row.is_pending else command.state
        changed.append(row)
    DesiredValue.objects.bulk_update(
        changed, ["command", "attempted_at", "attempted_value", "is_pending", "answer"]
    )


@transaction.atomic
def book(station: Station) -> None:
    """Write down what came of the station's attempts that have ended, and compare anew."""
    state_row(station)
    rows = list(
        DesiredValue.objects.filter(
            station=station, is_pending=True, command__state__in=FINAL_STATES
        ).select_related("command")
    )
    for row in rows:
        assert row.command is not None
        row.is_pending, row.answer = False, answer_of(row.command, row.key)
        row.attempted_at = row.command.finished_at or row.attempted_at
    DesiredValue.objects.bulk_update(rows, ["is_pending", "answer", "attempted_at"])
    DesiredValue.objects.filter(station=station, is_pending=True, command=None).update(
        is_pending=False
    )
    refresh(station)


def answer_of(command: Command, key: str) -> str:
    """The station's word for one key; how the command ended where it said none."""
    if command.state == CommandState.ANSWERED:
        word = results(command.action, command.payload, command.answer).get(folded(key), "")
        return (word or command.answer_status)[:40]
    if command.state in FINAL_STATES:
        return (command.error_code or command.state)[:40]
    return ""
