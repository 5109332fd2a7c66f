"""The thread that holds the bridge's event loop, and the way in for other threads."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import uvloop
from django.conf import settings
from django.db import connections

from core.collecting import calm_collector
from stations.ocpp.bridge.runtime import Runtime

logger = logging.getLogger(__name__)

# The bridge only looks rows up by key. Plans are made once and kept, whatever the values (making
# one costs more than most statements do), and one made while a table was small would go on
# walking it when it has grown.
_PLANS = " ".join(
    f"-c {setting}"
    for setting in (
        "plan_cache_mode=force_generic_plan",
        "jit=off",
        "enable_seqscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
    )
)

_current: list[BridgeHost] = []

# A database that vanished without a word (its host lost power) is noticed within half a minute.
_LIVENESS = (
    "keepalives_idle=10",
    "keepalives_interval=5",
    "keepalives_count=3",
    "tcp_user_timeout=25000",
)


class BridgeHost:
    """One runtime on one uvloop in one thread."""

    def __init__(self) -> None:
        self.is_stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.runtime: Runtime | None = None
        self._opened: Future[None] = Future()
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="bridge-loop", daemon=True)

    def start(self, seconds: float) -> None:
        """Start and wait until it listens; raises what went wrong."""
        self._thread.start()
        self._opened.result(seconds)
        _current[:] = [self]

    def wait(self) -> None:
        """Block until the loop has ended."""
        self._thread.join()

    def stop(self, seconds: float) -> None:
        """Drain and end; gives up waiting after ``seconds``."""
        self.is_stopping = True
        if self._loop is not None and self._end is not None:
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(seconds)

    def deliver(self, command_id: int) -> None:
        """Hand a queued command to the loop and return at once."""
        loop, runtime = self._loop, self.runtime
        if loop is not None and runtime is not None and not self.is_stopping:
            loop.call_soon_threadsafe(lambda: runtime.spawn(runtime.deliver(command_id)))

    def _run(self) -> None:
        try:
            uvloop.run(self._main())
        except Exception as error:
            logger.exception("the bridge failed")
            if not self._opened.done():
                self._opened.set_exception(error)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        runtime = Runtime(settings, dsn())
        await runtime.open()
        self.runtime = runtime
        calm_collector()
        self._opened.set_result(None)
        ended = asyncio.create_task(self._end.wait())
        await asyncio.wait({ended, runtime.writer.task}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            runtime.writer.task.result()  # raises what ended the writer
        await runtime.close()


def dsn() -> str:
    """Connection text of Django's default database, for connections of our own."""
    parameters: dict[str, Any] = connections["default"].get_connection_params()
    names = {"dbname": "dbname", "user": "user", "password": "password", "host": "host"}
    parts = [f"{key}='{_escaped(parameters[key])}'" for key in names if parameters.get(key)]
    if parameters.get("port"):
        parts.append(f"port='{_escaped(parameters['port'])}'")
    if parameters.get("sslmode"):
        parts.append(f"sslmode='{_escaped(parameters['sslmode'])}'")
    parts += [*_LIVENESS, "application_name='bridge'", f"options='{_PLANS}'"]
    return " ".join(parts)


def _escaped(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "\\'")


def current_host() -> BridgeHost | None:
    """The bridge of this process, if it is one."""
    return _current[0] if _current else None
