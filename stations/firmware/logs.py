"""Asking stations for logs, taking what they send, deleting it again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import IO, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import SYSTEM, current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.files import store
from core.ids import public_id
from stations.commands.models import CommandState
from stations.firmware.log_models import OPEN_STATES, LogKind, LogState, StationLog
from stations.firmware.transfers import address, digest_of, new_token
from stations.hardware.models import Station
from stations.ocpp.sending import request_command

LARGEST_BYTES: Final = 30_000_000
SENDS_FOR: Final = timedelta(hours=2)
MOST_OPEN: Final = 3


@transaction.atomic
def ask_for_log(
    *,
    station: Station,
    kind: str,
    reason: str = "",
    oldest_at: datetime | None = None,
    latest_at: datetime | None = None,
    keep_days: int = 30,
) -> StationLog:
    """Ask a connected station to send a log to an address of ours.

    Refuses an unknown kind, a span that ends before it begins, days out of 1 to 365, more than
    three open requests, and a station that cannot be asked.
    """
    if kind not in LogKind.values:
        raise InvalidInput("kind", _("There is no such log."), field="kind")
    if oldest_at and latest_at and latest_at <= oldest_at:
        raise InvalidInput("span", _("The period ends before it begins."), field="latest_at")
    if not 1 <= keep_days <= 365:
        raise InvalidInput("keep_days", _("From 1 to 365 days."), field="keep_days")
    Station.objects.select_for_update(of=("self",)).get(pk=station.pk)
    if StationLog.objects.filter(station=station, state__in=OPEN_STATES).count() >= MOST_OPEN:
        raise RuleViolation("too_many", _("The station is still to send what it was asked for."))
    token, digest = new_token()
    now = timezone.now()
    log: StationLog = StationLog.objects.create(
        operator_id=station.operator_id,
        public_id=public_id("log"),
        station=station,
        kind=kind,
        reason=reason.strip()[:500],
        asked_label=current_actor.get().label[:200],
        asked_at=now,
        oldest_at=oldest_at,
        latest_at=latest_at,
        request_number=secrets.randbelow(2**31 - 1) + 1,
        token_digest=digest,
        expires_at=now + SENDS_FOR,
        keep_days=keep_days,
    )
    _send(log, token)
    record(
        "log.ask", station, operator_id=log.operator_id, reason=reason,
        after={"log": log.public_id, "kind": kind, "keep_days": keep_days},
    )  # fmt: skip
    return log


def _send(log: StationLog, token: str) -> None:
    parameters = {
        "log": log.kind,
        "url": address("log_upload", token),
        "request_id": log.request_number,
        "retries": 3,
        "retry_interval_s": 30,
    }
    for name, at in (("from_at", log.oldest_at), ("to_at", log.latest_at)):
        if at is not None:
            parameters[name] = at.isoformat()
    command = request_command(
        station=log.station, command="get_log", parameters=parameters, reason=log.reason
    )
    if command.state == CommandState.REFUSED_OFFLINE:
        raise RuleViolation("offline", _("The station is offline: it can send nothing now."))
    StationLog.objects.filter(pk=log.pk).update(command_ref=command.public_id)
    log.command_ref = command.public_id


def find_open(token: str) -> StationLog | None:
    """The request that a token stands for, as long as something may be sent for it."""
    found: StationLog | None = (
        StationLog.objects.filter(
            token_digest=digest_of(token),
            state__in=OPEN_STATES,
            expires_at__gt=timezone.now(),
            path="",
        )
        .select_related("station")
        .first()
    )
    return found


def take_file(*, log: StationLog, stream: IO[bytes], name: str) -> StationLog | None:
    """Keep what a station sends, read in pieces; the token is used up with it.

    InvalidInput for nothing at all and for more than 30 MB, and the token stays good. None when
    another upload for the same request was faster.
    """
    with store.kept_stream(log.operator_id, stream, ".log", most_bytes=LARGEST_BYTES) as kept:
        if not kept.size_bytes:
            raise InvalidInput("empty", _("The file is empty."), field="file")
        is_ours = _taken(log, kept, name)
    if not is_ours:
        store.forget(kept.path)
        return None
    log.refresh_from_db()
    return log


@transaction.atomic
def _taken(log: StationLog, kept: store.Kept, name: str) -> bool:
    now = timezone.now()
    changed = StationLog.objects.filter(pk=log.pk, state__in=OPEN_STATES, path="").update(
        state=LogState.RECEIVED,
        why="",
        path=kept.path,
        name=store.clean_name(
            name or f"{log.station.identity}-{log.kind}.log", store.ending_of(name, ".log")
        ),
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        token_digest="",
        received_at=now,
        ended_at=now,
        delete_after_at=now + timedelta(days=log.keep_days),
    )
    if changed:
        record(
            "log.receive", log.station, operator_id=log.operator_id, actor=SYSTEM,
            after={"log": log.public_id, "size_bytes": kept.size_bytes, "sha256": kept.sha256},
        )  # fmt: skip
    return bool(changed)


@transaction.atomic
def note_download(log: StationLog) -> None:
    """Somebody took the file away."""
    record("log.download", log.station, operator_id=log.operator_id, after={"log": log.public_id})


@transaction.atomic
def delete_log(*, log: StationLog, reason: str) -> StationLog:
    """Delete the file before its time; refuses one that has none, and without reason."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    if not _deleted(log):
        raise RuleViolation("no_file", _("There is no file to delete."))
    record(
        "log.delete", log.station, operator_id=log.operator_id, reason=reason,
        before={"log": log.public_id, "name": log.name, "sha256": log.sha256},
    )  # fmt: skip
    return log


def _deleted(log: StationLog) -> bool:
    changed = StationLog.objects.filter(pk=log.pk, state=LogState.RECEIVED).update(
        state=LogState.DELETED, path="", ended_at=timezone.now()
    )
    if changed:
        store.forget_on_commit(log.path)
    return bool(changed)


def purge_due(*, now: datetime) -> int:
    """Delete files whose days are over."""
    due = StationLog.objects.filter(state=LogState.RECEIVED, delete_after_at__lte=now)
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            log = (
                StationLog.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("station")
                .filter(pk=pk, state=LogState.RECEIVED)
                .first()
            )
            if log is not None and _deleted(log):
                record(
                    "log.expire", log.station, operator_id=log.operator_id, actor=SYSTEM,
                    before={"log": log.public_id, "name": log.name},
                )  # fmt: skip
                done += 1
    return done
