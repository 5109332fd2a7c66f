"""Reads numbers and rows of JSON, naming what is wrong and where (pure)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]


class ProblemError(Exception):
    """The problem cannot be read; ``at`` is the path in it."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.at = code, message, at


def wanted(item: Item, name: str) -> Any:
    """A member that must be there."""
    if item.get(name) is None:
        raise ProblemError("missing", f"{name} is missing", name)
    return item[name]


def number(value: Any, at: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError("not_a_number", "A number is wanted here", at)
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ProblemError("not_finite", "The number is not finite", at)
    return found


def positive(value: Any, at: str, *, zero: bool = True) -> float:
    """A finite number that is not negative (nor zero, where that makes no sense)."""
    found = number(value, at)
    if found < 0:
        raise ProblemError("negative", "The number is negative", at)
    if found == 0 and not zero:
        raise ProblemError("not_positive", "The number must be above zero", at)
    return found


def whole(value: Any, at: str) -> int:
    """A whole number."""
    found = number(value, at)
    if not found.is_integer():
        raise ProblemError("not_whole", "A whole number is wanted here", at)
    return int(found)


def index(value: Any, at: str, first: int, size: int) -> int:
    """A number of the input as one from 0."""
    found = whole(value, at)
    if not first <= found < first + size:
        raise ProblemError("out_of_range", f"{found} is outside {first} to {first + size - 1}", at)
    return found - first


def row(value: Any, at: str, *lengths: int) -> list[Any]:
    """A list of one of these lengths."""
    if not isinstance(value, list):
        raise ProblemError("not_a_list", "A list is wanted here", at)
    if lengths and len(value) not in lengths:
        wanted_lengths = " or ".join(str(one) for one in lengths)
        raise ProblemError(
            "wrong_length", f"The list has {len(value)} members, not {wanted_lengths}", at
        )
    return value


def rows(value: Any, at: str) -> list[Any]:
    """A list with something in it."""
    found = row(value, at)
    if not found:
        raise ProblemError("empty", f"{at} is empty", at)
    return found
