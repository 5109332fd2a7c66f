"""Payloads made from a JSON schema: a least and a full valid one, and faulty offspring.

Each offspring differs from a valid payload in one place, so that the one fault it has is
known: a member missing, added, of another type, too long, out of range, not in the list.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Schema = dict[str, Any]
Path = tuple[str | int, ...]

WRONG_VALUES: tuple[Any, ...] = (None, True, 7, 7.5, 1.0, "text", [], {}, [1], {"a": 1})
"""One value of each JSON type and the borderline numbers."""


class Corpus:
    """Payloads of one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def resolve(self, schema: Schema) -> Schema:
        """The schema behind ``$ref``."""
        while "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            schema = self.schema["definitions"][name]
        return schema

    def valid(self, schema: Schema, *, full: bool, depth: int = 0) -> Any:
        """A valid value: required members only, or (down to a depth) all of them."""
        schema = self.resolve(schema)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type", "object")
        if kind == "object":
            return self._valid_object(schema, full=full and depth < 6, depth=depth)
        if kind == "array":
            count = max(schema.get("minItems", 1), 1)
            return [
                self.valid(schema.get("items", {"type": "string"}), full=full, depth=depth + 1)
                for _ in range(count)
            ]
        if kind == "integer":
            return int(schema.get("minimum", 1))
        if kind == "number":
            return schema.get("minimum", min(1.5, schema.get("maximum", 1.5)))
        return True if kind == "boolean" else "x"

    def _valid_object(self, schema: Schema, *, full: bool, depth: int) -> dict[str, Any]:
        required = schema.get("required", [])
        return {
            name: self.valid(member, full=full, depth=depth + 1)
            for name, member in schema.get("properties", {}).items()
            if full or name in required
        }

    def payloads(self) -> Iterator[Any]:
        """Valid payloads and their faulty offspring."""
        return (made() for made in self.makers())

    def makers(self) -> Iterator[Callable[[], Any]]:
        """The same, each as a function that makes it: most of a large corpus is not used."""
        for full in (False, True):
            payload = self.valid(self.schema, full=full)
            yield partial(copy.deepcopy, payload)
            for path, schema in self._places(payload, self.schema, ()):
                for value in self._variants(at(payload, path), schema):
                    yield partial(replaced, payload, path, value)

    def _places(self, value: Any, schema: Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
        """Each place of a payload with its schema; of a list only the first item."""
        schema = self.resolve(schema)
        yield path, schema
        if isinstance(value, dict):
            for name, member in value.items():
                yield from self._places(member, schema["properties"][name], (*path, name))
        elif isinstance(value, list) and value:
            yield from self._places(value[0], schema["items"], (*path, 0))

    def _variants(self, value: Any, schema: Schema) -> Iterator[Any]:
        yield from (wrong for wrong in WRONG_VALUES if type(wrong) is not type(value))
        if isinstance(value, dict):
            yield {**value, "surplus": 1}
            for name in value:
                yield {other: member for other, member in value.items() if other != name}
        elif isinstance(value, list):
            yield []
            yield value * (schema.get("maxItems", 3) + 1)
        elif isinstance(value, str):
            limit = schema.get("maxLength", 10)
            yield from (
                "",
                "nonsense",
                "å" * limit,
                "😀" * limit,
                "y" * (limit + 1),
                "å" * (limit + 1),
            )
        elif not isinstance(value, bool):
            yield from (-1, 0, 10**12, 21.4, 4.11, 0.3, 1e300, -0.1)


def at(payload: Any, path: Path) -> Any:
    """The value at a place."""
    for step in path:
        payload = payload[step]
    return payload


def replaced(payload: Any, path: Path, value: Any) -> Any:
    """A copy of the payload with another value at one place."""
    if not path:
        return copy.deepcopy(value)
    changed = copy.deepcopy(payload)
    at(changed, path[:-1])[path[-1]] = copy.deepcopy(value)
    return changed
