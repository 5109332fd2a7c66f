"""The event stream: a pure ASGI callable that reads a ticket and Redis, never the database.

It is branched off before Django's handler, so an open stream holds no thread and no
database connection.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

from django.conf import settings

from core.live import tickets
from core.live.hub import LAGGED, Hub, Listener

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

STREAM_PATH: Final = "/live/"
MAX_STREAMS: Final = 1000
MAX_STREAMS_PER_USER: Final = 20
HEARTBEAT_SECONDS: Final = 15.0
LIFETIME_SECONDS: Final = 15 * 60.0

_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class _Process:
    """What this process has open, per event loop."""

    def __init__(self) -> None:
        self.hub = Hub(settings.REDIS_URL)
        self.users: Counter[int] = Counter()


_processes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Process] = WeakKeyDictionary()


async def stream(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serve ``GET /live/?ticket=…`` as an event stream.

    401: bad or old ticket (ask for a new one); 405: not GET; 429: too many streams of one
    person; 503: too many in this process.
    """
    if scope.get("method") != "GET":
        await _refuse(send, 405)
        return
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    ticket = tickets.read(query.get("ticket", [""])[0])
    process = _processes.setdefault(asyncio.get_running_loop(), _Process())
    if ticket is None:
        await _refuse(send, 401)
    elif process.users[ticket.user_id] >= MAX_STREAMS_PER_USER:
        await _refuse(send, 429)
    elif process.hub.count >= MAX_STREAMS:
        await _refuse(send, 503)
    else:
        await _serve(process, ticket, receive, send)


async def _serve(process: _Process, ticket: tickets.Ticket, receive: Receive, send: Send) -> None:
    listener = Listener(ticket.operator_id, ticket.topics, ticket.network)
    process.users[ticket.user_id] += 1
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await process.hub.join(listener)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _body(send, b"retry: 2000\n: open\n\n")
        # What happened between the page and its subscription would else stay unseen.
        listener.offer(LAGGED)
        await _feed(listener, gone, send)
    except OSError:
        pass  # the browser left while something was being sent
    finally:
        gone.cancel()
        process.users[ticket.user_id] -= 1
        if not process.users[ticket.user_id]:
            del process.users[ticket.user_id]
        await process.hub.leave(listener)


async def _feed(listener: Listener, gone: asyncio.Future[None], send: Send) -> None:
    """Send messages and heartbeats until the browser leaves or the stream is old."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + LIFETIME_SECONDS
    while not gone.done() and loop.time() < ends_at:
        waiting = asyncio.ensure_future(listener.queue.get())
        ends: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(ends, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            await _body(send, b"data: " + waiting.result() + b"\n\n")
        else:
            waiting.cancel()
            if not gone.done():
                await _body(send, b": beat\n\n")
    if not gone.done():
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    if status in (429, 503):
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
