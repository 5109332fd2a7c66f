"""The ASGI application: event streams are branched off before Django's handler."""

from __future__ import annotations

import os
import warnings
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
_django = get_asgi_application()  # before anything that needs the apps

from core.collecting import calm_collector  # noqa: E402 - after Django's set-up
from core.live.stream import STREAM_PATH, stream  # noqa: E402 - as above
from portal import orphan  # noqa: E402 - as above
from portal.bodies import bounded  # noqa: E402 - as above

orphan.watch()

# WhiteNoise hands static files out by a synchronous iterator; they are small and read at once.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

_guarded = bounded(_django)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams to ``core.live``, the lifespan to nobody, all else to Django."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == STREAM_PATH:
        await stream(scope, receive, send)
    else:
        await _guarded(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing to open or close; answering keeps the server from guessing."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            calm_collector()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
