"""Reading JSON that a strict parser refuses, and heads of frames that nobody can parse."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, NamedTuple

from stations.ocpp.wire.messages import MessageId
from stations.ocpp.wire.shape import scrubbed

_HEAD_BYTES = 600
_HEAD = re.compile(
    r'\s*\[\s*(-?\d{1,6})\s*,\s*(?:"((?:[^"\\\x00-\x1f]|\\["/\\]){0,255})"|(\d{1,15}))\s*[,\]]'
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Read(NamedTuple):
    """A value and what was wrong with its text."""

    value: Any
    findings: tuple[str, ...]


def loads(raw: bytes) -> Read | Literal["not_utf8", "not_json", "too_deep"]:
    """``raw`` as Python's parser reads it, or why it cannot.

    NaN and infinities become NaN (``not_a_number``), which no schema accepts and every
    reader skips; lone surrogates become U+FFFD (``bad_text``).
    """
    findings: dict[str, None] = {}

    def no_number(_: str) -> float:
        findings["not_a_number"] = None
        return float("nan")

    def finite(text: str) -> float:
        number = float(text)
        return no_number(text) if abs(number) == float("inf") else number

    def named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            findings["duplicate_key"] = None
        return members

    if raw.startswith(_BYTE_ORDER_MARK):
        raw = raw[len(_BYTE_ORDER_MARK) :]
        findings["byte_order_mark"] = None
    try:
        value = json.loads(
            raw.decode("utf-8", "surrogatepass"),
            strict=False,
            parse_constant=no_number,
            parse_float=finite,
            object_pairs_hook=named,
        )
        clean = scrubbed(value)
        if _differs(clean, value):
            findings["bad_text"] = None
    except UnicodeDecodeError:
        return "not_utf8"
    except RecursionError:
        return "too_deep"
    except ValueError:
        return "not_json"
    return Read(clean, tuple(findings))


def _differs(clean: Any, value: Any) -> bool:
    """Compare as text: NaN is never equal to itself."""
    return repr(clean) != repr(value)


def find_head(raw: bytes) -> tuple[int | None, MessageId | None]:
    """Message type and id at the beginning of a frame that is no JSON, where readable."""
    match = _HEAD.match(raw[:_HEAD_BYTES].decode("utf-8", "replace"))
    if match is None:
        return None, None
    kind, text, number = match.groups()
    if text is not None:
        return int(kind), re.sub(r"\\(.)", r"\1", text)
    return int(kind), int(number)


def log_text(raw: bytes, limit: int) -> str:
    """The beginning of a frame as printable text: control characters are escaped."""
    text = raw[: limit * 4].decode("utf-8", "replace")[:limit]
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)[
        :limit
    ]
