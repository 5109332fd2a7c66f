"""A web server of this process, as real as the one of the portal."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.conf import settings

from portal.asgi import application


@contextmanager
def running_web() -> Iterator[str]:
    """uvicorn on a free port of the loopback; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=2, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _until_started(server)
    url = f"http://127.0.0.1:{port}"
    trusted, settings.CSRF_TRUSTED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS, [url]
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
