"""Frames to messages and back (OCPP-J). ``parse`` never raises, whatever it is given.

The fast path is one orjson call and a few comparisons. What orjson refuses but Python's
parser can still read (NaN, raw control characters, lone surrogates, a byte order mark) is
read with a finding; the rest is ``Malformed`` with a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from stations.ocpp.wire import lenient
from stations.ocpp.wire.messages import (
    CALL,
    CALL_ERROR,
    CALL_RESULT,
    CALL_RESULT_ERROR,
    SEND,
    Call,
    CallError,
    CallResult,
    CallResultError,
    Malformed,
    Message,
    MessageId,
    Reason,
    Send,
)
from stations.ocpp.wire.shape import has_duplicate_keys, is_deeper_than, scrubbed

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32
LOG_CHARACTERS = 500

_EXACT_ID_LIMIT = 2**53  # beyond it the parser may have rounded a whole number


def parse(
    frame: bytes | str, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> Message | Malformed:
    """One frame as a message, or ``Malformed``.

    Findings: ``duplicate_key`` (the last one wins), ``control_characters`` (NUL removed
    from the payload), ``bad_text``, ``not_a_number``, ``byte_order_mark``.
    """
    raw = frame if isinstance(frame, bytes) else frame.encode("utf-8", "surrogatepass")
    if len(raw) > max_bytes:
        return _malformed("too_large", raw)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _parse_leniently(raw, max_depth)
    if raw.count(b"[") + raw.count(b"{") > max_depth and is_deeper_than(value, max_depth):
        return _malformed("too_deep", raw)
    findings: tuple[str, ...] = ()
    if b"\\u0000" in raw:
        value, findings = _without_nul(value)
    if has_duplicate_keys(raw, value):
        findings += ("duplicate_key",)
    return _message(value, raw, findings)


def _parse_leniently(raw: bytes, max_depth: int) -> Message | Malformed:
    """Second chance for what orjson refuses."""
    read = lenient.loads(raw)
    if isinstance(read, str):
        return _malformed(read, raw)
    if is_deeper_than(read.value, max_depth):
        return _malformed("too_deep", raw)
    return _message(read.value, raw, read.findings)


def _without_nul(value: Any) -> tuple[Any, tuple[str, ...]]:
    """The value with NUL characters removed everywhere but in the message id."""
    if not isinstance(value, list) or len(value) < 3:
        return value, ()
    rest = scrubbed(value[2:])
    findings = ("control_characters",) if rest != value[2:] else ()
    return [*value[:2], *rest], findings


def _message(value: Any, raw: bytes, findings: tuple[str, ...]) -> Message | Malformed:
    """The parsed JSON value as a message."""
    if not isinstance(value, list):
        return _malformed("not_a_list", raw)
    if not value:
        return _malformed("empty", raw)
    kind = value[0]
    message_id = _message_id(value, raw)
    if type(kind) is not int or kind not in _READERS:
        return _malformed("unknown_message_type", raw, message_id)
    if message_id is None:
        return _malformed("bad_message_id", raw, None, kind)
    read = _READERS[kind](message_id, value, findings)
    if isinstance(read, str):
        return _malformed(read, raw, message_id, kind)
    return read


def _message_id(value: list[Any], raw: bytes) -> MessageId | None:
    """The second element if it can serve as an id; whole numbers are kept exactly."""
    if len(value) < 2:
        return None
    message_id = value[1]
    if type(message_id) is str:
        return message_id
    if type(message_id) not in (int, float):
        return None
    if abs(message_id) >= _EXACT_ID_LIMIT:
        exact = lenient.loads(raw)
        message_id = message_id if isinstance(exact, str) else exact.value[1]
    return message_id if abs(message_id) < float("inf") else None  # NaN is not below either


_Reader = Callable[[MessageId, list[Any], tuple[str, ...]], Message | Reason]


def _call(message_id: MessageId, value: list[Any], findings: tuple[str, ...]) -> Call | Reason:
    if len(value) != 4:
        return "array_size"
    action = value[2]
    if type(action) is not str or not action:
        return "bad_action"
    return Call(message_id, action, value[3], findings)


def _send(message_id: MessageId, value: list[Any], findings: tuple[str, ...]) -> Send | Reason:
    call = _call(message_id, value, findings)
    return Send(*call) if isinstance(call, Call) else call


def _result(
    message_id: MessageId, value: list[Any], findings: tuple[str, ...]
) -> CallResult | Reason:
    if len(value) != 3:
        return "array_size"
    return CallResult(message_id, value[2], findings)


def _error(
    message_id: MessageId, value: list[Any], findings: tuple[str, ...]
) -> CallError | Reason:
    """Description and details are often left out by stations; their absence is read."""
    if not 3 <= len(value) <= 5:
        return "array_size"
    description = value[3] if len(value) > 3 else ""
    details = value[4] if len(value) > 4 else {}
    return CallError(message_id, _text(value[2]), _text(description), details, findings)


def _result_error(
    message_id: MessageId, value: list[Any], findings: tuple[str, ...]
) -> CallResultError | Reason:
    error = _error(message_id, value, findings)
    return CallResultError(*error) if isinstance(error, CallError) else error


_READERS: dict[int, _Reader] = {
    CALL: _call,
    CALL_RESULT: _result,
    CALL_ERROR: _error,
    CALL_RESULT_ERROR: _result_error,
    SEND: _send,
}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)[:LOG_CHARACTERS]


def _malformed(
    reason: Reason,
    raw: bytes,
    message_id: MessageId | None = None,
    message_type: int | None = None,
) -> Malformed:
    """A malformed frame; id and type are searched in the raw text when not yet known."""
    if message_id is None and message_type is None:
        message_type, message_id = lenient.find_head(raw)
    return Malformed(reason, message_id, message_type, lenient.log_text(raw, LOG_CHARACTERS))
