"""What a station's answer to a command says, in one word."""

from __future__ import annotations

from typing import Any

_RESULT_LISTS = {
    "SetVariables": ("setVariableResult", "attributeStatus"),
    "GetVariables": ("getVariableResult", "attributeStatus"),
    "SetVariableMonitoring": ("setMonitoringResult", "status"),
    "ClearVariableMonitoring": ("clearMonitoringResult", "status"),
}
_LENGTH = 50


def answer_status(action: str, payload: Any) -> str | None:
    """The status in OCPP's spelling; None where the answer has none.

    Of a list of results it is the first that is not Accepted, so that one refused
    variable among many is seen.
    """
    if not isinstance(payload, dict):
        return None
    if action in _RESULT_LISTS:
        return _of_list(payload, *_RESULT_LISTS[action])
    return _text(payload.get("status"))


def _of_list(payload: dict[str, Any], name: str, member: str) -> str | None:
    results = payload.get(name)
    if not isinstance(results, list):
        return None
    statuses = [_text(item.get(member)) for item in results if isinstance(item, dict)]
    known = [status for status in statuses if status is not None]
    return next((status for status in known if status != "Accepted"), next(iter(known), None))


def _text(value: Any) -> str | None:
    return value[:_LENGTH] if isinstance(value, str) and value else None
