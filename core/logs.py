"""Structured logs: one JSON object a line with request, station and operator ids."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

from core.one_time import hidden

_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never mutated


@contextmanager
def request_context(**ids: Any) -> Iterator[None]:
    """Add ids (request_id, operator_id, station, …) to every log line inside."""
    token = _context.set({**_context.get(), **{k: v for k, v in ids.items() if v is not None}})
    try:
        yield
    finally:
        _context.reset(token)


class HideTokens(logging.Filter):
    """Django logs the path of what it refuses: one-time parts of addresses are no text for logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, without them."""
        if isinstance(record.args, tuple):
            record.args = tuple(hidden(one) if isinstance(one, str) else one for one in record.args)
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; text from stations cannot break the line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_context.get(),
        }
        for name in ("station", "operator_id", "request_id", "action", "bridge"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()
