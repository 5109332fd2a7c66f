"""Reading what stations tell of their uploads, by the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from stations.commands.models import Command, CommandState
from stations.firmware.log_models import OPEN_STATES, LogState, StationLog
from stations.firmware.log_words import after_word, is_nothing
from stations.firmware.progress import is_refusal
from stations.ocpp.models import StationEvent

_UNSENT: Final = frozenset({CommandState.REFUSED_OFFLINE, CommandState.EXPIRED})
A_TURN: Final = 200
"""Looked at in one turn, by lot: where there are more, none has to wait for others to end."""


def follow_logs(*, now: datetime) -> int:
    """Bring open requests up to date; returns how many were looked at."""
    pks = list(
        StationLog.objects.filter(state__in=OPEN_STATES)
        .order_by("?")
        .values_list("pk", flat=True)[:A_TURN]
    )
    for pk in pks:
        with transaction.atomic():
            log = (
                StationLog.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=pk, state__in=OPEN_STATES)
                .first()
            )
            if log is not None:
                _follow(log, now)
    return len(pks)


def _follow(log: StationLog, now: datetime) -> None:
    command = Command.objects.filter(public_id=log.command_ref).first()
    if command is not None and command.state in _UNSENT:
        _move(log, LogState.FAILED, now, why="not_sent")
    elif command is not None and command.state == CommandState.FAILED:
        word = command.error_code or command.error_text
        _move(log, LogState.FAILED, now, why="refused", word=word)
    elif command is not None and command.state == CommandState.ANSWERED:
        if is_refusal(command.answer_status):
            _move(log, LogState.FAILED, now, why="refused", word=command.answer_status)
            return
        if is_nothing(command.answer, command.action):
            _move(log, LogState.FAILED, now, why="nothing_there")
            return
        _read_words(log, now)
    if log.state in OPEN_STATES and now >= log.expires_at:
        _move(log, LogState.FAILED, now, why="no_file")


def _read_words(log: StationLog, now: datetime) -> None:
    told = StationEvent.objects.filter(
        station_id=log.station_id, kind="log", received_at__gte=log.asked_at
    ).order_by("pk")
    state, word = str(LogState.ASKED), ""
    for event in told[:100]:
        if event.request_number in (None, log.request_number):
            state, word = after_word(state, event.name), event.name
    if (state, word) != (log.state, log.word):
        why = "refused" if state == LogState.FAILED else ""
        _move(log, state, now, why=why, word=word)


def _move(log: StationLog, state: str, now: datetime, *, why: str = "", word: str = "") -> None:
    changes: dict[str, object] = {"state": state, "why": why, "word": word[:60]}
    if state == LogState.FAILED:
        changes |= {"ended_at": now, "token_digest": ""}
    StationLog.objects.filter(pk=log.pk, state__in=OPEN_STATES).update(**changes)
    log.state = state
