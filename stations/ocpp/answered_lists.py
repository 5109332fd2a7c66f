"""Local lists: what a station holds after it accepted an update, and what a refusal means."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from stations.commands.models import Command, CommandState
from stations.hardware.models import Station
from stations.ocpp.lists.steps import digest, pause_after
from stations.ocpp.models import LocalList
from stations.ocpp.payloads import member, objects

UNSUPPORTED = frozenset({"NotSupported", "NotImplemented"})


def list_of(station: Station) -> LocalList:
    """The station's list, locked; an empty one of version 0 when there was none."""
    LocalList.objects.get_or_create(station=station, defaults={"operator_id": station.operator_id})
    kept: LocalList = LocalList.objects.select_for_update().get(station=station)
    return kept


def token_of(entry: dict[str, Any]) -> str:
    """The token of a list entry in upper case: ``idTag`` (1.6) or ``idToken.idToken`` (2.x)."""
    token = entry.get("idTag") or member(entry, "idToken", "idToken")
    return token.upper() if isinstance(token, str) else ""


def sent(command: Command, answer: dict[str, Any]) -> None:
    """Accepted: the list is what was sent (Full) or has changed as sent (Differential).

    NotSupported is remembered; after any other refusal the list must be sent whole.
    """
    status = answer.get("status")
    kept = list_of(command.station)
    if status == "Accepted":
        _accepted(command, kept)
    elif status in UNSUPPORTED:
        _unsupported(command, kept)
    else:
        _refused(command, kept)
    _note(command, kept, status[:40] if isinstance(status, str) else "")
    kept.save()


def ended(command: Command) -> None:
    """The station did not answer, or with an error: whether it took the list is not known."""
    kept = list_of(command.station)
    if command.state == CommandState.FAILED and command.error_code in UNSUPPORTED:
        _unsupported(command, kept)
    else:
        _refused(command, kept, whole=command.state != CommandState.EXPIRED)
    _note(command, kept, command.error_code or command.state)
    kept.save()


def _accepted(command: Command, kept: LocalList) -> None:
    payload = command.payload
    version = payload.get("listVersion", payload.get("versionNumber"))
    if not isinstance(version, int) or not 0 <= version <= 2**31 - 1:
        return
    entries = objects(payload.get("localAuthorizationList"))
    if payload.get("updateType") == "Differential":
        entries = _merged(objects(kept.entries), entries)
    kept.version = kept.reported_version = version
    kept.entries, kept.held_count, kept.held_hash = entries, len(entries), digest(entries)
    kept.needs_full, kept.failures, kept.next_try_at = False, 0, None
    kept.checked_at = timezone.now()
    kept.unsupported_at, kept.unsupported_firmware = None, ""


def _unsupported(command: Command, kept: LocalList) -> None:
    kept.unsupported_at = timezone.now()
    kept.unsupported_firmware = command.station.firmware_version
    kept.continues = False


def _refused(command: Command, kept: LocalList, *, whole: bool = True) -> None:
    """After a differential update the whole list is tried at once; after a whole one, later."""
    kept.needs_full = kept.needs_full or whole
    if command.payload.get("updateType") == "Differential" and whole:
        return
    kept.failures = min(kept.failures + 1, 1000)
    kept.next_try_at = timezone.now() + pause_after(kept.failures)
    kept.continues = False


def _note(command: Command, kept: LocalList, status: str) -> None:
    kept.command, kept.is_pending = command, False
    kept.last_status, kept.last_at = status, command.finished_at or timezone.now()
    kept.last_update = str(command.payload.get("updateType", ""))[:12].lower()


def _merged(held: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An entry with info replaces or adds, one without removes (1.6 §5.15, 2.0.1 D01)."""
    by_token = {token_of(entry): entry for entry in held}
    for change in changes:
        if "idTagInfo" in change or "idTokenInfo" in change:
            by_token[token_of(change)] = change
        else:
            by_token.pop(token_of(change), None)
    return list(by_token.values())


def version_reported(command: Command, answer: dict[str, Any]) -> None:
    """What the station says its version is; -1 (1.6 §5.10): it has no lists at all."""
    version = answer.get("listVersion", answer.get("versionNumber"))
    if not isinstance(version, int) or not -1 <= version <= 2**31 - 1:
        return
    kept = list_of(command.station)
    kept.reported_version, kept.checked_at = version, timezone.now()
    if version == -1:
        _unsupported(command, kept)
    kept.save()


def forget_list(station: Station) -> LocalList:
    """Start over: our record of the list becomes empty with version 0; nothing is sent."""
    kept = list_of(station)
    kept.version, kept.reported_version, kept.entries = 0, None, []
    kept.held_count, kept.held_hash, kept.stamp = 0, "", ""
    kept.needs_full, kept.failures, kept.next_try_at, kept.unsupported_at = False, 0, None, None
    kept.save()
    return kept
