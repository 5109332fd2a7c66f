"""Every version-neutral command by name."""

from __future__ import annotations

from stations.ocpp.outbound import (
    configuration,
    files,
    local_list,
    reservations,
    sessions,
    smart_charging,
    station,
    vendor,
)
from stations.ocpp.outbound.command import Command

COMMANDS: dict[str, Command] = {
    command.name: command
    for family in (
        station,
        sessions,
        configuration,
        local_list,
        smart_charging,
        files,
        reservations,
        vendor,
    )
    for command in family.COMMANDS
}


def commands_of(version: str) -> tuple[Command, ...]:
    """The commands that a version has, in the order of the table."""
    return tuple(command for command in COMMANDS.values() if version in command.versions)
