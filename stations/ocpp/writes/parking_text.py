"""JSON values as text that the database accepts."""

from __future__ import annotations

from typing import Any

from stations.ocpp.wire.encode import encode_result


def printable(value: Any) -> str:
    """Compact JSON text of a value, without NUL characters."""
    text = encode_result("", value).decode("utf-8", "replace")
    return text[len('[3,"",') : -1].replace("\x00", "")
