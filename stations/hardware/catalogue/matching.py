"""Which model a station is, and which of the model's quirks its firmware has (pure).

A firmware pattern is empty (any), or words that must hold: ``1.2.*`` (any of several such words
is enough), ``>=1.2``, ``<1.5``, ``=1.4``. Numbers in versions compare as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

_WORD: Final = re.compile(r"(>=|<=|>|<|=)?\s*([^\s,<>=]+)")
_PATTERN: Final = re.compile(r"\s*(?:(?:>=|<=|>|<|=)?\s*[^\s,<>=]+[\s,]*)*")
_PART: Final = re.compile(r"\d+|[a-z]+")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model of the catalogue: key, vendor and the pattern of its model name."""

    key: int
    vendor: str
    model: str


@dataclass(frozen=True, slots=True)
class QuirkFacts:
    """One quirk of a model with the firmware that has it."""

    name: str
    value: Any
    firmware: str = ""


def is_firmware_pattern(pattern: str) -> bool:
    """Whether a pattern can be read."""
    return bool(_PATTERN.fullmatch(pattern))


def firmware_matches(pattern: str, version: str) -> bool:
    """Whether ``version`` is meant by ``pattern``; an unknown version only by the empty one."""
    words = _WORD.findall(pattern)
    if not words:
        return True
    if not version.strip():
        return False
    globs = [text for sign, text in words if not sign]
    text = version.strip().casefold()
    if globs and not any(fnmatchcase(text, one.casefold()) for one in globs):
        return False
    return all(_holds(sign, version, other) for sign, other in words if sign)


def _holds(sign: str, version: str, other: str) -> bool:
    mine, theirs = version_key(version), version_key(other)
    equal = mine == theirs
    above = mine > theirs
    return {"=": equal, ">": above, ">=": above or equal, "<": not above and not equal,
            "<=": not above}[sign]  # fmt: skip


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``1.10`` above ``1.9`` and ``1.2.0`` as ``1.2``; letters below numbers (``1.2rc1``)."""
    parts = [
        (1, int(part), "") if part.isdecimal() else (-1, 0, part)
        for part in _PART.findall(version.casefold())
    ]
    while parts and parts[-1] == (1, 0, ""):
        parts.pop()
    return (*parts, (0, 0, ""))


def best_model(models: Iterable[ModelFacts], vendor: str, model: str) -> int | None:
    """Key of the model that a station says it is: the same vendor, the closest model name."""
    maker, name = vendor.strip().casefold(), model.strip().casefold()
    if not name:
        return None
    fitting = [
        one
        for one in models
        if one.vendor.strip().casefold() == maker and fnmatchcase(name, _glob(one.model))
    ]
    fitting.sort(key=lambda one: ("*" in one.model, -len(one.model), one.key))
    return fitting[0].key if fitting else None


def _glob(pattern: str) -> str:
    """Only * has a meaning in a model name."""
    return pattern.strip().casefold().replace("[", "[[]").replace("?", "[?]")


def quirks_for(rows: Iterable[QuirkFacts], firmware: str) -> Mapping[str, Any]:
    """Quirks that a firmware has; a row for named firmware stands over one for any."""
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: bool(row.firmware)):
        if firmware_matches(row.firmware, firmware):
            found[row.name] = row.value
    return found
