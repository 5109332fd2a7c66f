"""Writes the table of version-neutral commands into docs/api.md, from the registry."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from stations.ocpp.outbound import COMMANDS, Command, Parameter  # noqa: E402 - after the path

PAGE = ROOT / "docs" / "api.md"
PLACE = re.compile(r"(<!-- commands: .*? -->\n).*?(<!-- end of commands -->)", re.DOTALL)


def table() -> str:
    """The rows, one a command; required parameters are bold."""
    head = "| command | OCPP | right | parameters |\n|---|---|---|---|\n"
    return head + "".join(_row(command) for command in COMMANDS.values())


def _row(command: Command) -> str:
    parameters = ", ".join(_parameter(parameter) for parameter in command.parameters)
    right = "dangerous" if command.is_dangerous else "send"
    return f"| `{command.name}` | {', '.join(command.versions)} | {right} | {parameters} |\n"


def _parameter(parameter: Parameter) -> str:
    name = f"`{parameter.name}`"
    shown = f"**{name}**" if parameter.required else name
    few = 0 < len(parameter.choices) <= 8
    return shown + (f" ({' / '.join(parameter.choices)})" if few else "")


def page(text: str) -> str:
    """The page with the present table."""
    return PLACE.sub(lambda match: match[1] + table() + match[2], text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
