"""The tables of docs/ocpp.md are those of the registries."""

from __future__ import annotations

import re
from typing import Final

from stations.ocpp.outbound import COMMANDS, CommandParameterError, actions, build
from stations.ocpp.outbound.tests.cases import CASES
from stations.ocpp.v16 import HANDLERS as HANDLERS_16
from stations.ocpp.v201 import HANDLERS as HANDLERS_201
from tests.architecture.tree import ROOT

PAGE: Final = ROOT / "docs" / "ocpp.md"
VERSIONS: Final = ("1.6", "2.0.1")
Row = dict[str, tuple[str, ...]]


def table(heading: str) -> dict[str, Row]:
    """The table under a heading: first cell to the cells by version, as the words in them."""
    text = PAGE.read_text(encoding="utf-8").split(f"### {heading}\n", 1)[1]
    rows: dict[str, Row] = {}
    for line in re.split(r"\n(?:#|<!--)", text, maxsplit=1)[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            words = (tuple(re.findall(r"\w+", cell)) for cell in cells[1:])
            rows[cells[0].strip("`")] = dict(zip(VERSIONS, words, strict=True))
    return rows


def built(command: str, version: str) -> set[str]:
    """The actions that a command becomes, as far as the cases of its tests show."""
    found = set()
    for _version, name, parameters, *_ in CASES:
        if name == command:
            try:
                found.add(build(command, parameters, version)[0])
            except CommandParameterError:
                continue
    return found


def test_messages_from_stations_are_those_with_a_handler() -> None:
    rows = table("From stations")

    for version, handlers in zip(VERSIONS, (HANDLERS_16, HANDLERS_201), strict=True):
        assert {name for name, row in rows.items() if row[version]} == set(handlers)


def test_messages_to_stations_are_those_that_commands_become() -> None:
    rows = table("To stations")

    assert list(rows) == list(COMMANDS)
    for name, command in COMMANDS.items():
        for version in VERSIONS:
            named = set(rows[name][version])
            assert bool(named) == (version in command.versions), name
            assert named <= actions(version), name
            assert built(name, version) <= named, name
