"""Messages of ours as compact JSON bytes (one line, no blanks between members)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson

from stations.ocpp.wire.messages import CALL, CALL_ERROR, CALL_RESULT, MessageId
from stations.ocpp.wire.shape import scrubbed

DESCRIPTION_LENGTH = 255  # errorDescription, OCPP-J 4.2.3


def encode_call(message_id: str, action: str, payload: Any) -> bytes:
    """A call of ours. Its id is always text (1.6J section 4.1.4)."""
    return _dumps([CALL, message_id, action, payload])


def encode_result(message_id: MessageId, payload: Any) -> bytes:
    """The answer to a call; the id goes back exactly as it was given."""
    return _dumps([CALL_RESULT, message_id, payload])


def encode_error(
    message_id: MessageId, code: str, description: str = "", details: Any = None
) -> bytes:
    """The refusal of a call. ``details`` is an object, empty when there is nothing to say."""
    return _dumps([CALL_ERROR, message_id, code, description[:DESCRIPTION_LENGTH], details or {}])


def _dumps(message: list[Any]) -> bytes:
    try:
        return orjson.dumps(message, default=_plain)
    except TypeError:
        # Whole numbers beyond 64 bits (an odd message id) and texts that are no UTF-8.
        plain = json.dumps(
            scrubbed(message), separators=(",", ":"), ensure_ascii=False, default=_plain
        )
        return plain.encode()


def _plain(value: Any) -> int | float:
    """Exact decimals as JSON numbers; whole ones without a fraction."""
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no form in OCPP")
