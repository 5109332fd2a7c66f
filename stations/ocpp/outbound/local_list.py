"""Commands about the lists of id tokens that a station keeps."""

from __future__ import annotations

from typing import Any

from stations.ocpp.outbound.command import (
    Command,
    CommandParameterError,
    Parameter,
    Payload,
    Values,
)
from stations.ocpp.outbound.members import TOKEN_TYPE, id_token, is_older, moment, payload
from stations.ocpp.outbound.parameters import checked

_STATUSES = {
    "accepted": "Accepted",
    "blocked": "Blocked",
    "expired": "Expired",
    "invalid": "Invalid",
    "concurrent_tx": "ConcurrentTx",
}


def _nothing(_values: Values, _version: str) -> tuple[str, Payload]:
    return "", {}


_ENTRY = Command(
    "entry",
    "Entry of a local list",
    (
        Parameter("id_token", "text", "Id token", required=True),
        TOKEN_TYPE,
        Parameter("status", "choice", "Left out: remove it", choices=tuple(_STATUSES)),
        Parameter("expires_at", "instant", "End of validity"),
        Parameter("group_id_token", "text", "Group of the id token"),
    ),
    _nothing,
)


def _entry(entry: Any, version: str) -> Payload:
    """One entry; without a status it only names the token (a differential removal)."""
    if not isinstance(entry, dict):
        raise CommandParameterError("entries", "type", "entries must be a list of objects")
    values = checked(_ENTRY, entry, version)
    token = id_token(values["id_token"], values.get("token_type"), version)
    group = id_token(values.get("group_id_token"), "central", version)
    status = _STATUSES.get(values.get("status", ""))
    expiry = moment(values.get("expires_at"))
    if is_older(version):
        info = payload(status=status, expiryDate=expiry, parentIdTag=group)
        return payload(idTag=token, idTagInfo=info if status else None)
    info = payload(status=status, cacheExpiryDateTime=expiry, groupIdToken=group)
    return payload(idToken=token, idTokenInfo=info if status else None)


def _send(values: Values, version: str) -> tuple[str, Payload]:
    """An empty list is left out: a full update without entries empties the station's list."""
    entries = [_entry(entry, version) for entry in values.get("entries", [])]
    number = "listVersion" if is_older(version) else "versionNumber"
    update = "Full" if values.get("update", "full") == "full" else "Differential"
    return "SendLocalList", {number: values["version"], "updateType": update} | payload(
        localAuthorizationList=entries or None
    )


def _get_version(_values: Values, _version: str) -> tuple[str, Payload]:
    return "GetLocalListVersion", {}


def _clear_cache(_values: Values, _version: str) -> tuple[str, Payload]:
    return "ClearCache", {}


COMMANDS = (
    Command(
        "send_local_list",
        "Send the local list",
        (
            Parameter("version", "integer", "Version of the list", required=True),
            Parameter(
                "update", "choice", "Whole list or changes", choices=("full", "differential")
            ),
            Parameter("entries", "list", "Tokens with status, expiry and group"),
        ),
        _send,
    ),
    Command("get_local_list_version", "Ask for the version of the local list", (), _get_version),
    Command("clear_cache", "Clear the authorisation cache", (), _clear_cache),
)
