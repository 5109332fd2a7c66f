"""A station's new password counts only once the station has accepted it.

The bridge masks secrets when it sends a command, so the digest of a new password is kept
with the command from the start, and becomes the station's with the answer.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from core.audit.services import record
from stations.commands.models import Command
from stations.hardware.models import Station
from stations.hardware.passwords import digest_password
from stations.ocpp.answered_variables import TAKEN
from stations.ocpp.payloads import member, objects

DIGEST: Final = "new_password_digest"
"""Where a command's parameters keep the digest."""


def digest_of_new_password(action: str, payload: dict[str, Any]) -> str:
    """The digest of the password that a message sets; empty when it sets none.

    1.6: ChangeConfiguration of AuthorizationKey (hex); 2.x: SetVariables of
    BasicAuthPassword.
    """
    value: Any = None
    if action == "ChangeConfiguration" and _is(payload.get("key"), "AuthorizationKey"):
        value = payload.get("value")
    elif action == "SetVariables":
        for row in objects(payload.get("setVariableData")):
            if _is(member(row, "variable", "name"), "BasicAuthPassword"):
                value = row.get("attributeValue")
    if not isinstance(value, str) or not value:
        return ""
    return digest_password(value.encode(), settings.STATION_KEY, imported=True)


def _is(name: Any, wanted: str) -> bool:
    return isinstance(name, str) and name.lower() == wanted.lower()


def changed_1_6(command: Command, answer: dict[str, Any]) -> None:
    """The answer to ChangeConfiguration."""
    if answer.get("status") in TAKEN:
        _adopt(command)


def changed_2_x(command: Command, answer: dict[str, Any]) -> None:
    """The answer to SetVariables."""
    for row in objects(answer.get("setVariableResult")):
        is_password = _is(member(row, "variable", "name"), "BasicAuthPassword")
        if is_password and row.get("attributeStatus") in TAKEN:
            _adopt(command)


def _adopt(command: Command) -> None:
    digest = command.parameters.get(DIGEST)
    if not isinstance(digest, str) or not digest:
        return
    changed = (
        Station.objects.filter(pk=command.station_id)
        .exclude(password_digest=digest)
        .update(password_digest=digest)
    )
    if changed:
        record(
            "station.set_password",
            command.station,
            operator_id=command.operator_id,
            after={"by_command": command.public_id},
        )
