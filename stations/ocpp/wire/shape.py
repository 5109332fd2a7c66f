"""Depth, duplicate keys and unstorable characters of parsed JSON (pure, iterative)."""

from __future__ import annotations

import json
from typing import Any

import orjson


def is_deeper_than(value: Any, limit: int) -> bool:
    """Whether lists and objects are nested more than ``limit`` levels."""
    level = [value]
    depth = 0
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            else:
                continue
        if any(isinstance(item, dict | list) for item in level):
            depth += 1
            if depth > limit:
                return True
        level = below
    return False


def has_duplicate_keys(raw: bytes, value: Any) -> bool:
    """Whether an object in ``raw`` names a member twice; ``value`` is ``raw`` as parsed.

    Three steps, each more costly and more rarely taken: a frame that is written back byte
    for byte has no duplicate; nor has one with as many colons as members (texts may hold
    colons, so more colons prove nothing); the rest is parsed again with a look at each name.
    """
    try:
        if len(orjson.dumps(value)) == len(raw):
            return False
    except TypeError:
        pass
    if raw.count(b":") == _colons(value):
        return False
    return _repeats_a_name(raw)


def _colons(value: Any) -> int:
    """Members of all objects, plus the colons inside names and texts."""
    count = 0
    stack = [value]
    while stack:
        item = stack.pop()
        if type(item) is dict:
            count += len(item)
            for name, member in item.items():
                if ":" in name:
                    count += name.count(":")
                if type(member) is str:
                    count += member.count(":")
                else:
                    stack.append(member)
        elif type(item) is list:
            stack.extend(item)
        elif type(item) is str:
            count += item.count(":")
    return count


def _repeats_a_name(raw: bytes) -> bool:
    found = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({name for name, _ in pairs}) != len(pairs)

    try:
        json.loads(raw, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return False
    return found


def scrubbed(value: Any) -> Any:
    """The value without NUL characters and with lone surrogates replaced by U+FFFD.

    Neither can be stored or sent on: PostgreSQL refuses the first, UTF-8 the second.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(name): scrubbed(member) for name, member in value.items()}
    return value


def clean_text(text: str) -> str:
    """``text`` without NUL, with lone surrogates replaced."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
