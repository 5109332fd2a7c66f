"""Commands to stations: version-neutral name and parameters to an OCPP message (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stations.ocpp.outbound.actions import actions, check_raw
from stations.ocpp.outbound.answers import answer_status
from stations.ocpp.outbound.command import Command, CommandParameterError, Parameter
from stations.ocpp.outbound.parameters import checked
from stations.ocpp.outbound.registry import COMMANDS, commands_of

__all__ = [
    "COMMANDS",
    "Command",
    "CommandParameterError",
    "Parameter",
    "actions",
    "answer_status",
    "build",
    "check_raw",
    "commands_of",
]


def build(command: str, parameters: Mapping[str, Any], version: str) -> tuple[str, dict[str, Any]]:
    """Action and payload of a command; the payload keeps to the version's schema.

    Raises ``CommandParameterError`` for an unknown command, one that the version has not,
    and parameters that are unknown, missing or of no use.
    """
    known = COMMANDS.get(command)
    if known is None:
        raise CommandParameterError("", "unknown_command", f"No such command: {command}")
    if version not in known.versions:
        raise CommandParameterError("", "version", f"OCPP {version} has no {command}")
    action, payload = known.build(checked(known, parameters, version), version)
    violation = check_raw(version, action, payload)
    if violation is not None:
        raise CommandParameterError(
            violation.path or command,
            "schema",
            f"{violation.path}: {violation.message}".lstrip(": "),
        )
    return action, payload
