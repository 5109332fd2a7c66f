"""The message kinds of OCPP-J as plain tuples (1.6J section 4, 2.0.1 part 4, 2.1 part 4).

They are named tuples because one is made per frame on the hot path.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

MessageId = str | int | float
"""What a station put in the place of the message id; answered exactly as given."""

CALL = 2
CALL_RESULT = 3
CALL_ERROR = 4
CALL_RESULT_ERROR = 5  # 2.1: the other side cannot use our CALLRESULT
SEND = 6  # 2.1: a message without answer

Reason = Literal[
    "too_large",
    "not_utf8",
    "not_json",
    "too_deep",
    "not_a_list",
    "empty",
    "unknown_message_type",
    "array_size",
    "bad_message_id",
    "bad_action",
]
"""Why a frame is no message."""

ID_LENGTH = 64  # OCPP allows 36; more than we index is cut in our own records only


def id_text(message_id: MessageId | None) -> str:
    """The message id as text that every store accepts (no control characters, bounded)."""
    text = "" if message_id is None else str(message_id)
    if text.isprintable() and len(text) <= ID_LENGTH:
        return text
    return "".join(c for c in text[:ID_LENGTH] if c.isprintable())


class Call(NamedTuple):
    """A request. ``payload`` is whatever JSON value was sent, usually a dict."""

    message_id: MessageId
    action: str
    payload: Any
    findings: tuple[str, ...] = ()


class CallResult(NamedTuple):
    """An answer to a call of ours."""

    message_id: MessageId
    payload: Any
    findings: tuple[str, ...] = ()


class CallError(NamedTuple):
    """A refusal of a call of ours; ``details`` is whatever JSON value was sent."""

    message_id: MessageId
    code: str
    description: str
    details: Any
    findings: tuple[str, ...] = ()


class CallResultError(NamedTuple):
    """2.1: the station refuses our answer to its call."""

    message_id: MessageId
    code: str
    description: str
    details: Any
    findings: tuple[str, ...] = ()


class Send(NamedTuple):
    """2.1: a message that gets no answer."""

    message_id: MessageId
    action: str
    payload: Any
    findings: tuple[str, ...] = ()


class Malformed(NamedTuple):
    """A frame that is no message. ``text`` is for logs: bounded, printable.

    ``message_id`` and ``message_type`` are what could be read of them, else None.
    """

    reason: Reason
    message_id: MessageId | None
    message_type: int | None
    text: str


Message = Call | CallResult | CallError | CallResultError | Send
