"""What changed between two tariff documents, value by value (pure).

Elements are aligned before they are compared, so that one inserted above the others is one
addition and not a change of all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

IGNORED = frozenset({"id", "last_updated", "country_code", "party_id"})


@dataclass(frozen=True, slots=True)
class Change:
    """One value. ``path`` leads to it, with numbers from 1; ``before`` or ``after`` is empty
    where the value was not there."""

    path: tuple[str | int, ...]
    before: str
    after: str

    @property
    def key(self) -> str:
        """The path as one text: ``elements 1 restrictions start_time``."""
        return " ".join(map(str, self.path))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """All changes from one document to the other, in the order of the later one."""
    return tuple(_of_mappings(before, after, ()))


def _of_mappings(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[Change]:
    names = [*after, *(name for name in before if name not in after)]
    for name in names:
        if not path and name in IGNORED:
            continue
        yield from _of_values(before.get(name), after.get(name), (*path, name))


def _of_values(before: Any, after: Any, path: tuple[str | int, ...]) -> Iterator[Change]:
    if isinstance(before, Mapping | None) and isinstance(after, Mapping | None):
        if before is not None or after is not None:
            yield from _of_mappings(before or {}, after or {}, path)
    elif _is_rows(before) and _is_rows(after):
        yield from _of_rows(before or [], after or [], path)
    elif shown(before) != shown(after):
        yield Change(path, shown(before), shown(after))


def _of_rows(
    before: Sequence[Any], after: Sequence[Any], path: tuple[str | int, ...]
) -> Iterator[Change]:
    old, new = ([json.dumps(row, sort_keys=True) for row in rows] for rows in (before, after))
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(a2 - a1, b2 - b1)
        for n in range(paired):
            yield from _of_values(before[a1 + n], after[b1 + n], (*path, b1 + n + 1))
        for n in range(a1 + paired, a2):
            yield from _of_values(before[n], None, (*path, n + 1))
        for n in range(b1 + paired, b2):
            yield from _of_values(None, after[n], (*path, n + 1))


def _is_rows(value: Any) -> bool:
    """A list of objects, or nothing."""
    return value is None or (
        isinstance(value, list | tuple) and all(isinstance(row, Mapping) for row in value)
    )


def shown(value: Any) -> str:
    """A value as text; empty for one that is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return str(value)
