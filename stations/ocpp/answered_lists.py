"""Local lists: what a station holds after it accepted an update."""

from __future__ import annotations

from typing import Any

from stations.commands.models import Command
from stations.hardware.models import Station
from stations.ocpp.models import LocalList
from stations.ocpp.payloads import member, objects


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
    """Accepted: the list is what was sent (Full) or has changed as sent (Differential)."""
    if answer.get("status") != "Accepted":
        return
    payload = command.payload
    version = payload.get("listVersion", payload.get("versionNumber"))
    if not isinstance(version, int) or not 0 <= version <= 2**31 - 1:
        return
    entries = objects(payload.get("localAuthorizationList"))
    kept = list_of(command.station)
    if payload.get("updateType") == "Differential":
        entries = _merged(objects(kept.entries), entries)
    kept.version = kept.reported_version = version
    kept.entries = entries
    kept.save()


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
    """What the station says its version is; -1 (1.6): it has no list at all."""
    version = answer.get("listVersion", answer.get("versionNumber"))
    if isinstance(version, int) and -1 <= version <= 2**31 - 1:
        kept = list_of(command.station)
        kept.reported_version = version
        kept.save(update_fields=["reported_version", "updated_at"])


def forget_list(station: Station) -> LocalList:
    """Start over: our record of the list becomes empty with version 0; nothing is sent."""
    kept = list_of(station)
    kept.version, kept.reported_version, kept.entries = 0, None, []
    kept.save()
    return kept
