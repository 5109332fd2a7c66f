"""A bound on request bodies, kept before Django reads one: huge uploads are refused early."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

MOST_BYTES: Final = 32_000_000
_TEXT: Final = f"The request is larger than {MOST_BYTES // 1_000_000} MB.\n".encode()

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def bounded(application: Application, most_bytes: int = MOST_BYTES) -> Application:
    """``application`` behind a bound: 413 by the declared length, or as soon as more has come."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
        elif _declared(scope) > most_bytes:
            await _refuse(send)
        else:
            await _counted(application, scope, receive, send, most_bytes)

    return guarded


async def _counted(
    application: Application, scope: Scope, receive: Receive, send: Send, most_bytes: int
) -> None:
    seen, is_refused = 0, False

    async def counting() -> MutableMapping[str, Any]:
        nonlocal seen, is_refused
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes and not is_refused:
            is_refused = True
            await _refuse(send)
            return {"type": "http.disconnect"}
        return message

    await application(scope, counting, send)


def _declared(scope: Scope) -> int:
    """What the header says; 0 without one, or with one that is no number."""
    for name, value in scope.get("headers", []):
        if name.lower() == b"content-length":
            return int(value) if value.isdigit() and len(value) < 19 else 0
    return 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_TEXT)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TEXT})
