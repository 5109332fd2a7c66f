"""Asking a station to do something: from a wish to a command row that the bridge delivers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.permissions import Permission
from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from core.errors import InvalidInput, RuleViolation
from stations.commands.masking import masked
from stations.commands.models import Command, CommandState
from stations.commands.services import Wanted, create_command, link_of
from stations.hardware.models import Station
from stations.ocpp import reservations
from stations.ocpp.answered_passwords import DIGEST, digest_of_new_password
from stations.ocpp.outbound import COMMANDS, CommandParameterError, build, check_raw
from stations.ocpp.outbound.parameters import snake_case
from stations.ocpp.preparing import prepared

_STARTS: Final = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted: ``command`` with ``parameters``, or ``action`` with ``payload`` (raw).

    ``expires_in``: how long it may wait to be sent; None: two minutes for a connected
    station, a day for one that is away. ``queue_if_offline``: wait for the station's return
    (starts of charging never do).
    """

    command: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    expires_in: timedelta | None = None
    queue_if_offline: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """One wish to many stations: the commands, and the stations that could not be asked."""

    id: uuid.UUID
    commands: list[Command]
    refusals: list[tuple[Station, RuleViolation]]


def needed_permission(request: Request) -> Permission:
    """Which right the request needs: everyday, dangerous or raw. Unknown commands count as
    everyday ones; they are refused later for what they are."""
    if not request.command:
        return Permission.COMMAND_RAW
    known = COMMANDS.get(snake_case(request.command))
    dangerous = known is not None and known.is_dangerous
    return Permission.COMMAND_DANGEROUS if dangerous else Permission.COMMAND_SEND


def request_command(
    *,
    station: Station,
    command: str,
    parameters: Mapping[str, Any] | None = None,
    by: Actor | None = None,
    reason: str = "",
    expires_in: timedelta | None = None,
    queue_if_offline: bool = False,
) -> Command:
    """Ask a station for a version-neutral command (docs/api.md lists them).

    Raises InvalidInput for an unknown command, parameters of no use, and a person's
    dangerous command without reason. A station that is away: ``refused_offline``.
    """
    request = Request(
        command=command,
        parameters=parameters or {},
        reason=reason,
        expires_in=expires_in,
        queue_if_offline=queue_if_offline,
    )
    return send(station, request, by=by)


def request_raw(
    *,
    station: Station,
    action: str,
    payload: Mapping[str, Any],
    by: Actor | None = None,
    reason: str = "",
    expires_in: timedelta | None = None,
    queue_if_offline: bool = False,
) -> Command:
    """Ask a station with any outbound OCPP message, checked against its schema alone."""
    request = Request(
        action=action,
        payload=payload,
        reason=reason,
        expires_in=expires_in,
        queue_if_offline=queue_if_offline,
    )
    return send(station, request, by=by)


def send_to_many(
    stations: Iterable[Station], request: Request, *, by: Actor | None = None
) -> Batch:
    """The same request to every station; one that cannot be asked does not stop the others."""
    batch = Batch(uuid.uuid4(), [], [])
    for station in stations:
        try:
            batch.commands.append(send(station, request, by=by, batch_id=batch.id))
        except RuleViolation as refusal:
            batch.refusals.append((station, refusal))
    return batch


@transaction.atomic
def send(
    station: Station,
    request: Request,
    *,
    by: Actor | None = None,
    batch_id: uuid.UUID | None = None,
) -> Command:
    """Make, check and store one command; what it leaves behind is noted with it."""
    actor = by or current_actor.get()
    _refuse_without_reason(request, actor)
    link = link_of(station)
    version = link.ocpp_version if link else ""
    command = create_command(
        station=station,
        wanted=_wanted(station, request, version),
        by=actor,
        reason=request.reason,
        expires_in=request.expires_in,
        queue_if_offline=request.queue_if_offline,
        batch_id=batch_id,
    )
    if command.action == "ReserveNow" and command.state == CommandState.QUEUED:
        reservations.note_request(command)
    return command


def _refuse_without_reason(request: Request, actor: Actor) -> None:
    dangerous = needed_permission(request) == Permission.COMMAND_DANGEROUS
    if dangerous and actor.kind == ActorKind.PERSON and not request.reason.strip():
        raise InvalidInput("reason_needed", _("Say why: this command needs it."), field="reason")


def _wanted(station: Station, request: Request, version: str) -> Wanted:
    """The OCPP message in the station's version; unchecked where no version is known yet."""
    name = snake_case(request.command)
    if not version:
        return _unbuilt(request, name)
    if not name:
        action, payload = request.action, dict(request.payload)
        violation = check_raw(version, action, payload)
        if violation is not None:
            text = f"{violation.path}: {violation.message}".lstrip(": ")
            raise InvalidInput("schema", text, field="payload")
    else:
        action, payload = _built(station, request, name, version)
    parameters = masked(dict(request.parameters))
    digest = digest_of_new_password(action, payload)
    return Wanted(
        ocpp_version=version,
        action=action,
        payload=payload,
        command=name,
        parameters=parameters | ({DIGEST: digest} if digest else {}),
        may_wait=action not in _STARTS,
    )


def _built(
    station: Station, request: Request, name: str, version: str
) -> tuple[str, dict[str, Any]]:
    try:
        values = prepared(station, name, dict(request.parameters), version)
        return build(name, values, version)
    except CommandParameterError as error:
        raise InvalidInput(error.code, error.message, field=error.field or "command") from error


def _unbuilt(request: Request, name: str) -> Wanted:
    """For a station that has never connected: kept so that the refusal is on record."""
    if name and name not in COMMANDS:
        raise InvalidInput("unknown_command", _("There is no such command."), field="command")
    return Wanted(
        ocpp_version="",
        action=request.action or name,
        payload={},
        command=name,
        parameters=masked(dict(request.parameters)),
    )
