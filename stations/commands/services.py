"""Writing commands: asking for one, moving it through its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import ActorKind
from core.audit.services import Actor, record
from core.errors import RuleViolation
from core.ids import public_id
from stations.commands import words
from stations.commands.announce import publish_move, tell_bridge
from stations.commands.masking import masked
from stations.commands.models import Command, CommandOrigin, CommandState
from stations.commands.states import origins_of
from stations.hardware.models import Station, StationLink

EXPIRES_IN = timedelta(minutes=2)
OFFLINE_EXPIRES_IN = timedelta(hours=24)
ORIGINS = {
    ActorKind.PERSON: CommandOrigin.PERSON,
    ActorKind.API_TOKEN: CommandOrigin.API,
    ActorKind.SYSTEM: CommandOrigin.SYSTEM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to send: neutral name and parameters (empty for raw), and the OCPP message.

    ``may_wait`` is False for commands that must not reach a station later (starts).
    """

    ocpp_version: str
    action: str
    payload: Mapping[str, Any]
    command: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    may_wait: bool = True


def link_of(station: Station) -> StationLink | None:
    """The live link of a station; None when it has never been seen."""
    return StationLink.objects.filter(station_id=station.pk).first()


@transaction.atomic
def create_command(
    *,
    station: Station,
    wanted: Wanted,
    by: Actor,
    reason: str = "",
    expires_in: timedelta | None = None,
    queue_if_offline: bool = False,
    batch_id: UUID | None = None,
) -> Command:
    """Store a command: queued and announced, or ``refused_offline`` with the reason.

    Refuses retired stations, and the system's own wishes for stations marked hands-off.
    """
    _refuse_station(station, by)
    link = link_of(station)
    refusal = _offline_refusal(link, wanted, queue_if_offline)
    connected = link is not None and link.is_connected
    now = timezone.now()
    command: Command = Command.objects.create(
        operator_id=station.operator_id,
        public_id=public_id("cmd"),
        station=station,
        batch_id=batch_id,
        origin=ORIGINS[by.kind],
        requested_by=by.label[:200],
        reason=reason,
        command=wanted.command,
        parameters=dict(wanted.parameters),
        ocpp_version=wanted.ocpp_version,
        action=wanted.action,
        payload=dict(wanted.payload),
        state=CommandState.REFUSED_OFFLINE if refusal else CommandState.QUEUED,
        error_code=refusal,
        error_text=words.in_words(refusal) if refusal else "",
        bridge=link.bridge if link and connected else "",
        created_at=now,
        expires_at=now + (expires_in or (EXPIRES_IN if connected else OFFLINE_EXPIRES_IN)),
        finished_at=now if refusal else None,
    )
    _audit(command, by)
    if not refusal:
        transaction.on_commit(
            partial(tell_bridge, command.pk, command.bridge, command.expires_at), robust=True
        )
    return command


def _refuse_station(station: Station, by: Actor) -> None:
    if station.retired_on is not None:
        raise RuleViolation("station_retired", _("The station has been retired."))
    if station.hands_off and by.kind == ActorKind.SYSTEM:
        raise RuleViolation(
            "hands_off", _("The station is marked hands-off: only people send it commands.")
        )


def _offline_refusal(link: StationLink | None, wanted: Wanted, queue_if_offline: bool) -> str:
    """Error code that refuses the command because the station is away; empty if none does."""
    if link is not None and link.is_connected:
        return ""
    if not queue_if_offline:
        return words.OFFLINE
    if not wanted.may_wait:
        return words.START_NOT_QUEUED
    return "" if wanted.ocpp_version else words.VERSION_UNKNOWN


def _audit(command: Command, by: Actor) -> None:
    record(
        "command.send",
        command.station,
        operator_id=command.operator_id,
        after={
            "id": command.public_id,
            "command": command.command,
            "action": command.action,
            "parameters": masked(command.parameters),
            "payload": masked(command.payload),
            "state": str(command.state),
        },
        reason=command.reason,
        actor=by,
    )


def move(command: Command, state: CommandState, **changes: Any) -> bool:
    """Bring a command into ``state`` if its present state allows; False when it does not.

    ``changes`` are columns that change with it. The row in hand is brought up to date.
    """
    changed = Command.objects.filter(pk=command.pk, state__in=origins_of(state)).update(
        state=state, **changes
    )
    command.refresh_from_db()
    if changed:
        transaction.on_commit(partial(publish_move, command), robust=True)
    return bool(changed)


def mark_sent(command: Command, *, message_id: str, generation: int, bridge: str) -> bool:
    """The call is on the wire."""
    return move(
        command,
        CommandState.SENT,
        message_id=message_id,
        generation=generation,
        bridge=bridge,
        sent_at=timezone.now(),
    )


def mark_answered(command: Command, answer: Mapping[str, Any]) -> bool:
    """The station answered with a CALLRESULT, whatever it says."""
    return move(
        command,
        CommandState.ANSWERED,
        answer=dict(answer),
        answer_status=status_of(answer),
        finished_at=timezone.now(),
    )


def mark_failed(command: Command, *, code: str, text: str = "") -> bool:
    """The station answered with a CALLERROR, or the call could not be made."""
    return move(
        command,
        CommandState.FAILED,
        error_code=code[:60],
        error_text=text,
        finished_at=timezone.now(),
    )


def status_of(answer: Mapping[str, Any]) -> str:
    """The station's own word in an answer (``status``), if it has one."""
    status = answer.get("status")
    return status[:40] if isinstance(status, str) else ""


def expire_commands(*, now: datetime, no_answer_after: timedelta) -> int:
    """Finish what nobody will: queued rows past their expiry, sent ones long without answer.

    The bridge times its calls out itself; this is for calls of bridges that died.
    """
    expired = Command.objects.filter(state=CommandState.QUEUED, expires_at__lte=now)
    silent = Command.objects.filter(
        state=CommandState.SENT, expires_at__lte=now, sent_at__lte=now - no_answer_after
    )
    return _finish(expired, CommandState.EXPIRED, words.EXPIRED) + _finish(
        silent, CommandState.TIMED_OUT, words.NO_ANSWER
    )


def _finish(rows: Any, state: CommandState, code: str) -> int:
    commands: list[Command] = list(rows.order_by("pk")[:500])
    return sum(
        move(
            command,
            state,
            error_code=code,
            error_text=words.in_words(code),
            finished_at=timezone.now(),
        )
        for command in commands
    )
