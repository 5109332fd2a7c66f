"""Updates of a station's local list: all of it, or what has changed since it last agreed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from stations.hardware.models import Station
from stations.ocpp.answered_lists import token_of
from stations.ocpp.authorisation.protocol import LocalListEntry, LocalListSource
from stations.ocpp.models import LocalList
from stations.ocpp.outbound import build
from stations.ocpp.payloads import objects

Parameters = dict[str, Any]


@lru_cache
def sources(paths: tuple[str, ...]) -> tuple[LocalListSource, ...]:
    """One instance of each class that ``LOCAL_LIST_SOURCES`` names."""
    return tuple(import_string(path)() for path in paths)


def wanted_entries(
    station: Station, at: datetime, cache: dict[Any, Any] | None = None
) -> list[Parameters]:
    """What should stand on the list, as parameters of ``send_local_list``; the first source
    that names a token wins. ``cache`` spares asking a source again for the same site."""
    by_token: dict[str, LocalListEntry] = {}
    for source in sources(tuple(settings.LOCAL_LIST_SOURCES)):
        for entry in _entries(source, station, at, {} if cache is None else cache):
            by_token.setdefault(entry.id_token.upper(), entry)
    return [_parameters(by_token[token]) for token in sorted(by_token)]


def _entries(
    source: LocalListSource, station: Station, at: datetime, cache: dict[Any, Any]
) -> list[LocalListEntry]:
    place = (source, station.operator_id, station.site_id if source.by_site else -station.pk)
    if place not in cache:
        cache[place] = list(
            source.entries(
                operator_id=station.operator_id,
                station_id=station.pk,
                site_id=station.site_id,
                at=at,
            )
        )
    found: list[LocalListEntry] = cache[place]
    return found


def _parameters(entry: LocalListEntry) -> Parameters:
    return {
        "id_token": entry.id_token,
        "token_type": entry.id_token_type,
        "status": entry.status,
        "expires_at": entry.expires_at.isoformat() if entry.expires_at else None,
        "group_id_token": entry.group_id,
    }


def next_version(kept: LocalList | None) -> int:
    """A version above what was sent and what the station reported; 0 and -1 are no lists."""
    if kept is None:
        return 1
    return max(kept.version, kept.reported_version or 0, 0) + 1


def differs(kept: LocalList) -> bool:
    """Whether the station reported another version than it last accepted: only a full
    update helps then (VersionMismatch, 1.6 §5.15, 2.0.1 D01)."""
    return kept.reported_version is not None and kept.reported_version != kept.version


def complete(station: Station, given: Parameters, *, version: str, at: datetime) -> Parameters:
    """Parameters of ``send_local_list`` with version and entries filled in where left out.

    ``differential`` carries only the change since the list that the station last accepted;
    without such a list, or when the station reports another version, it becomes ``full``.
    """
    kept = LocalList.objects.filter(station=station).first()
    full = {"update": "full", **given}
    full.setdefault("version", next_version(kept))
    if "entries" in given:
        return full
    wanted = wanted_entries(station, at)
    if full["update"] != "differential" or kept is None or not kept.version or differs(kept):
        return full | {"update": "full", "entries": fitting(wanted, version)}
    return full | {"entries": changes(kept, fitting(wanted, version), version)}


def fitting(entries: Iterable[Parameters], version: str) -> list[Parameters]:
    """Entries as the version can hold them: 1.6 has no token types and 20 characters."""
    if version != "1.6":
        return list(entries)
    return [{**e, "token_type": None} for e in entries if len(e["id_token"]) <= 20]


def as_sent(wanted: list[Parameters], version: str) -> list[dict[str, Any]]:
    """The entries as they go over the wire."""
    _action, payload = build(
        "send_local_list", {"version": 1, "update": "full", "entries": wanted}, version
    )
    return objects(payload.get("localAuthorizationList"))


def changes(kept: LocalList, wanted: list[Parameters], version: str) -> list[Parameters]:
    """Removals of what is not wanted, so that there is room, then entries that are new or
    differ from the held ones."""
    held = {token_of(entry): entry for entry in objects(kept.entries)}
    sent = {token_of(entry): entry for entry in as_sent(wanted, version)}
    gone = [_removal(held[token]) for token in sorted(held.keys() - sent.keys())]
    return gone + [
        e for e in wanted if held.get(e["id_token"].upper()) != sent[e["id_token"].upper()]
    ]


def _removal(entry: dict[str, Any]) -> Parameters:
    """An entry without status removes its token."""
    token = entry.get("idToken")
    if isinstance(token, dict):
        return {"id_token": token.get("idToken"), "token_type": token.get("type")}
    return {"id_token": entry.get("idTag")}
