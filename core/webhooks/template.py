"""Bodies for other systems: JSON with placeholders such as ``{{data.incident.summary}}`` (pure).

The template is JSON itself, and placeholders stand in its texts alone, so whatever an event says
the body stays JSON and no value can break out of its place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

MOST: Final = 20_000
DEEPEST: Final = 32
TICKET: Final = {"id": "10042", "url": "https://tickets.example/10042"}
"""What ``{{ticket.id}}`` stands for in a preview."""
TICKET_PLACE: Final = r"\{\{\s*ticket[.\s}]"
"""A place of the ticket in the text of a template, for the database too."""
_ONE: Final = re.compile(r"\{\{\s*([A-Za-z0-9_.]+)\s*\}\}")
_MISSING: Final = object()


class TemplateError(Exception):
    """What is wrong with a template: ``code`` of the problem, ``at`` where or what."""

    def __init__(self, code: str, at: str) -> None:
        super().__init__(f"{code}: {at}")
        self.code, self.at = code, at


def parsed(text: str) -> Any:
    """The template as JSON. Raises TemplateError for what is no JSON, stands outside texts, is
    nested too deep to be made, or holds half a sign, which cannot be sent."""
    if len(text) > MOST:
        raise TemplateError("long", str(MOST))
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except ValueError as error:
        where = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise TemplateError("json", f"{where[0]}:{where[1]}") from error
    except RecursionError as error:
        raise TemplateError("deep", str(DEEPEST)) from error
    if not isinstance(found, dict):
        raise TemplateError("object", "1:1")
    if _is_deeper(found, DEEPEST):
        raise TemplateError("deep", str(DEEPEST))
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise TemplateError("sign", f"\\u{ord(error.object[error.start]):04x}") from error
    for key in _keys(found):
        if "{{" in key:
            raise TemplateError("key", key)
    return found


def unknown_paths(template: Any, samples: Iterable[Mapping[str, Any]]) -> list[str]:
    """Placeholders that no sample event has, each once; unfinished braces too."""
    known = [{**one, "ticket": TICKET} for one in samples]
    found = set[str]()
    for text in _texts(template):
        found |= {
            path
            for path in _ONE.findall(text)
            if all(_value(one, path) is _MISSING for one in known)
        }
        if "{{" in _ONE.sub("", text):
            found.add(text[:60])
    return sorted(found)


def uses_ticket(text: str) -> bool:
    """Whether the body names the ticket that was made before."""
    return re.search(TICKET_PLACE, text) is not None


def rendered(template: Any, event: Mapping[str, Any]) -> Any:
    """The body of an event. A text that is one placeholder becomes the value itself, with its
    kind; what an event does not have is null, or nothing inside a longer text."""
    if isinstance(template, dict):
        return {key: rendered(value, event) for key, value in template.items()}
    if isinstance(template, list):
        return [rendered(value, event) for value in template]
    if not isinstance(template, str):
        return template
    whole = _ONE.fullmatch(template)
    if whole:
        found = _value(event, whole.group(1))
        return None if found is _MISSING else found
    return _ONE.sub(lambda one: _written(_value(event, one.group(1))), template)


def at_pointer(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; None where it leads nowhere."""
    if pointer and not pointer.startswith("/"):
        return None
    found = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and len(name) < 6:
            place = int(name)
            if place >= len(found):
                return None
            found = found[place]
        else:
            return None
    return found


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _finite(number: str) -> float:
    found = float(number)
    if not math.isfinite(found):
        raise ValueError(number)
    return found


def _is_deeper(document: Any, most: int) -> bool:
    """Whether objects and lists lie in each other more than ``most`` times, without recursion."""
    level = [document]
    for _depth in range(most + 1):
        inner = [one for one in level if isinstance(one, (dict, list))]
        level = [each for one in inner for each in (one.values() if isinstance(one, dict) else one)]
        if not inner:
            return False
    return True


def _value(event: Mapping[str, Any], path: str) -> Any:
    found: Any = event
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return _MISSING
        found = found[name]
    return found


def _written(value: Any) -> str:
    if value is _MISSING or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, list):
        for value in template:
            yield from _texts(value)


def _keys(template: Any) -> Iterator[str]:
    if isinstance(template, dict):
        yield from template
        for value in template.values():
            yield from _keys(value)
    elif isinstance(template, list):
        for value in template:
            yield from _keys(value)
