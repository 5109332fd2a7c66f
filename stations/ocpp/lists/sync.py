"""Keeping local lists in step: by the clock, after each answer, and when a person asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.accounts.models import Operator
from core.audit.models import ActorKind
from core.audit.services import SYSTEM, Actor, current_actor
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands.models import FINAL_STATES, Command, CommandOrigin, CommandState
from stations.commands.services import link_of
from stations.hardware.models import Station
from stations.ocpp.answered_lists import ended, list_of, sent
from stations.ocpp.lists.plan import plan_for
from stations.ocpp.lists.settings import Choices, choice_of
from stations.ocpp.lists.steps import ListFacts, next_step
from stations.ocpp.local_lists import sources
from stations.ocpp.models import LocalList, LocalListSetting
from stations.ocpp.sending import request_command

STATIONS_A_RUN: Final = 200
"""Sent to in one run of the clock, so that a change of one card does not flood the network."""
REASON: Final = "local list"
_KINDS: Final = {
    CommandOrigin.PERSON: ActorKind.PERSON,
    CommandOrigin.API: ActorKind.API_TOKEN,
    CommandOrigin.SYSTEM: ActorKind.SYSTEM,
}


def run(now: datetime) -> int:
    """Book what ended unseen, then bring on those lists that need it; the number brought on."""
    book_ended()
    done = 0
    for operator in _operators():
        with operator_scope(operator):
            done += _run_operator(operator, now, STATIONS_A_RUN - done)
        if done >= STATIONS_A_RUN:
            break
    return done


def _operators() -> list[Operator]:
    """Those that keep any list in step."""
    with across_operators("every operator's lists are kept in step"):
        ids = set(
            LocalListSetting.objects.filter(is_enabled=True).values_list("operator_id", flat=True)
        ) | set(LocalList.objects.filter(choice="on").values_list("operator_id", flat=True))
        return list(Operator.objects.filter(pk__in=ids).order_by("pk"))


def _run_operator(operator: Operator, now: datetime, most: int) -> int:
    choices, stamp = Choices(), present_stamp(operator.pk, now)
    cache: dict[Any, Any] = {}
    done = 0
    for station in reachable():
        kept = getattr(station, "local_list", None)
        if not choices.is_enabled(station, choice_of(kept)):
            continue
        step = next_step(_facts(station, kept, stamp), now)
        if step == "nothing":
            continue
        if done >= most:
            break
        done += advance(station, now, ask=step == "ask", stamp=stamp, cache=cache)
    return done


def present_stamp(operator_id: int, at: datetime) -> str:
    """The state of all tokens, as the sources tell it."""
    found = sources(tuple(settings.LOCAL_LIST_SOURCES))
    return "|".join(source.stamp(operator_id=operator_id, at=at) for source in found)[:64]


def reachable() -> QuerySet[Station]:
    """Stations that can be told now and are not being told already."""
    under_way = Command.objects.filter(
        station=OuterRef("pk"),
        action__in=["SendLocalList", "GetLocalListVersion"],
        state__in=[CommandState.QUEUED, CommandState.SENT],
    )
    return (
        Station.objects.filter(retired_on=None, link__is_connected=True)
        .exclude(link__ocpp_version="")
        .exclude(Exists(under_way))
        .select_related("link", "local_list")
        .order_by("pk")
    )


def _facts(station: Station, kept: LocalList | None, stamp: str) -> ListFacts:
    row = kept or LocalList()
    return ListFacts(
        version=row.version,
        reported_version=row.reported_version,
        needs_full=row.needs_full,
        is_supported=row.unsupported_at is None
        or row.unsupported_firmware != station.firmware_version,
        stamp=row.stamp,
        present_stamp=stamp,
        compared_at=row.compared_at,
        checked_at=row.checked_at,
        connected_at=station.link.connected_at,
        next_try_at=row.next_try_at,
    )


@transaction.atomic
def advance(
    station: Station,
    now: datetime,
    *,
    ask: bool = False,
    update: str = "",
    stamp: str = "",
    by: Actor = SYSTEM,
    reason: str = REASON,
    cache: dict[Any, Any] | None = None,
) -> bool:
    """One step for one station: ask for its version, or send the next part of its list.

    False when there was nothing to send, or the command service refused.
    """
    kept = list_of(station)
    if ask:
        kept.checked_at = now  # once a connection, whatever comes of it
        kept.save(update_fields=["checked_at", "updated_at"])
        return _request(station, "get_local_list_version", {}, by, reason) is not None
    link = link_of(station)
    version = link.ocpp_version if link else ""
    plan = plan_for(station, kept, version, now, update=update, cache=cache)
    kept.wanted_count, kept.wanted_hash = plan.wanted_count, plan.wanted_hash
    kept.left_out_count, kept.compared_at = plan.left_out_count, now
    kept.continues = plan.continues
    if plan.parameters is None:
        kept.stamp = stamp or present_stamp(station.operator_id, now)
        kept.save()
        return False
    command = _request(station, "send_local_list", plan.parameters, by, reason)
    if command is not None:
        kept.command, kept.is_pending = command, command.state not in FINAL_STATES
        kept.last_update, kept.last_status = plan.parameters["update"], ""
        kept.last_at = now
        if not kept.is_pending:
            kept.last_status, kept.continues = command.state, False
    kept.save()
    return command is not None


def _request(
    station: Station, command: str, parameters: dict[str, Any], by: Actor, reason: str
) -> Command | None:
    try:
        return request_command(
            station=station, command=command, parameters=parameters, by=by, reason=reason
        )
    except RuleViolation:
        if by.kind == ActorKind.SYSTEM:
            return None
        raise


def go_on(command: Command, answer: dict[str, Any]) -> None:
    """After an answer: the next part, or the whole list where a change was refused. What a
    person began goes on in that person's name, also where lists are not kept in step."""
    kept = list_of(command.station)
    refused = answer.get("status") != "Accepted"
    whole_now = refused and kept.needs_full and kept.next_try_at is None
    if kept.unsupported_at is not None or not (kept.continues or whole_now):
        return
    if command.origin == CommandOrigin.SYSTEM and not is_kept_in_step(command.station):
        return
    by = Actor(_KINDS[CommandOrigin(command.origin)], command.requested_by)
    advance(command.station, timezone.now(), by=by, reason=command.reason)


def is_kept_in_step(station: Station) -> bool:
    """Whether the list of the station is kept in step."""
    kept = LocalList.objects.filter(station=station).first()
    return Choices().is_enabled(station, choice_of(kept))


def send_now(station: Station, *, update: str, reason: str, by: Actor | None = None) -> bool:
    """Send the list because a person asks: whole, or what has changed; what was refused or not
    supported before is forgotten. False when it is as it should be already."""
    with transaction.atomic():
        kept = list_of(station)
        kept.failures, kept.next_try_at = 0, None
        kept.unsupported_at, kept.unsupported_firmware = None, ""
        kept.save()
        actor = by or current_actor.get()
        return advance(station, timezone.now(), update=update, by=actor, reason=reason)


def ask_version(station: Station, *, reason: str, by: Actor | None = None) -> bool:
    """Ask the station which version it holds."""
    actor = by or current_actor.get()
    return advance(station, timezone.now(), ask=True, by=actor, reason=reason)


@transaction.atomic
def clear(station: Station, *, reason: str, by: Actor | None = None) -> Command:
    """Empty the list in the station. A list that is kept in step is left alone from now on,
    since it would be filled again."""
    kept = list_of(station)
    if is_kept_in_step(station):
        kept.choice = "off"
    number = max(kept.version, kept.reported_version or 0, 0) + 1
    parameters = {"update": "full", "version": number, "entries": []}
    command = request_command(
        station=station,
        command="send_local_list",
        parameters=parameters,
        by=by or current_actor.get(),
        reason=reason,
    )
    kept.command, kept.is_pending = command, command.state not in FINAL_STATES
    kept.last_update, kept.last_at, kept.continues = "full", timezone.now(), False
    kept.last_status = "" if kept.is_pending else command.state
    kept.save()
    return command


def book_ended() -> int:
    """Book commands that ended without an answer that was booked; returns how many."""
    done = 0
    for command in _ended():
        with operator_scope(command.operator), transaction.atomic():
            if command.state == CommandState.ANSWERED and isinstance(command.answer, dict):
                sent(command, command.answer)
            else:
                ended(command)
        done += 1
    return done


def _ended() -> Iterator[Command]:
    with across_operators("lists of every operator are booked"):
        rows = LocalList.objects.filter(is_pending=True).filter(
            Q(command=None) | Q(command__state__in=FINAL_STATES)
        )
        rows.filter(command=None).update(is_pending=False)
        found = list(
            rows.exclude(command=None).select_related("command__station", "command__operator")[
                :STATIONS_A_RUN
            ]
        )
    for kept in found:
        assert kept.command is not None
        yield kept.command
