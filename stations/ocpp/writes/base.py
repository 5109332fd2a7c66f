"""What every kind of write has: a place in the order, and one way to apply many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from psycopg import AsyncCursor

Cursor = AsyncCursor[Any]


class Write:
    """One change that a message asks for. Subclasses are small data classes.

    ``order``: kinds are applied in ascending order, so that two bridges take their row
    locks in the same sequence. ``apply`` gets all writes of its kind in one batch and runs
    a constant number of statements.
    """

    __slots__ = ()
    order: ClassVar[int] = 50

    @classmethod
    async def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Write the whole batch; fill results on its members."""
        raise AssertionError(f"{cls.__name__} does not say how it is written")


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into columns for ``unnest``; ``width`` columns even without rows."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]
