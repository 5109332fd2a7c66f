"""What a version-neutral command is: data for forms and documents, and its builder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ALL = ("1.6", "2.0.1", "2.1")
NEWER = ("2.0.1", "2.1")
OLDER = ("1.6",)

Kind = Literal["text", "integer", "decimal", "flag", "choice", "instant", "object", "list", "any"]
Payload = dict[str, Any]
Values = Mapping[str, Any]
"""Parameters by name, checked and converted; those not given are missing."""


class CommandParameterError(ValueError):
    """A parameter cannot be used.

    ``field``: its name, empty for the command itself. ``code``: ``unknown_command``,
    ``version``, ``unknown``, ``required``, ``type``, ``choice`` or ``schema``.
    """

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``choices`` are our words; ``aliases`` maps other spellings to them.

    ``versions``: where it has a meaning; elsewhere it is an error to give it.
    ``secret``: its value must not be shown again.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    versions: tuple[str, ...] = ALL
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``is_dangerous``: it interrupts or reconfigures, and wants a reason.

    ``consequence`` says in one sentence what it does to people at the station.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Values, str], tuple[str, Payload]]
    versions: tuple[str, ...] = ALL
    is_dangerous: bool = False
    consequence: str = ""

    def parameters_of(self, version: str) -> tuple[Parameter, ...]:
        """The parameters that mean something in a version."""
        return tuple(p for p in self.parameters if version in p.versions)
