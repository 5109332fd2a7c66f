"""A web server of this process, as real as the one of the portal."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from django.conf import settings

from portal.asgi import application
from tests.e2e.inspection import AXE, AXE_ADDRESS

Event = MutableMapping[str, Any]
Send = Callable[[Event], Awaitable[None]]
AGAIN: Final = "x-asked-again"
"""A header: the same address will be asked for once more, and gets the same answer then."""


class AnsweringTwice:
    """The portal; an answer to ``AGAIN`` is kept for the next call to its address.

    A page is read first and looked at in the browser afterwards, and the portal makes it once. (To
    hand the browser an answer by a route of its own would switch off its cache of files.)
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.kept: dict[bytes, list[Event]] = {}

    async def __call__(self, scope: Event, receive: Any, send: Send) -> None:
        """One call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] == AXE_ADDRESS:
            await _hand_out_axe(send)
            return
        address = scope["raw_path"] + b"?" + scope["query_string"]
        asked_again = AGAIN.encode() in dict(scope["headers"])
        kept = self.kept.pop(address, [])
        if kept and not asked_again:
            for event in kept:
                await send(event)
            return
        if asked_again:
            send = _keeping(send, self.kept.setdefault(address, []))
        await self.app(scope, receive, send)


async def _hand_out_axe(send: Send) -> None:
    headers = [
        (b"content-type", b"text/javascript"),
        (b"cache-control", b"max-age=3600"),
        # The browser keeps compiled code of what it may keep alone.
        (b"last-modified", b"Thu, 01 Jan 2026 00:00:00 GMT"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": AXE.read_bytes()})


def _keeping(send: Send, kept: list[Event]) -> Send:
    async def keep(event: Event) -> None:
        kept.append(event)
        await send(event)

    return keep


@contextmanager
def running_web() -> Iterator[str]:
    """uvicorn on a free port of the loopback; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            AnsweringTwice(application), log_config=None, timeout_graceful_shutdown=2, lifespan="on"
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _until_started(server)
    url = f"http://127.0.0.1:{port}"
    trusted, settings.CSRF_TRUSTED_ORIGINS = (
        settings.CSRF_TRUSTED_ORIGINS,
        [url, f"http://localhost:{port}"],
    )
    try:
        yield url
    finally:
        settings.CSRF_TRUSTED_ORIGINS = trusted
        server.should_exit = True
        thread.join(10)
        listener.close()


def _until_started(server: uvicorn.Server) -> None:
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until, "the web server did not start"
        time.sleep(0.01)
