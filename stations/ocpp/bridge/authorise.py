"""Authorisation off the event loop: a bounded pool with a time-out, closed when in doubt."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import cast

from django.db import connections

from stations.ocpp.authorisation.protocol import (
    AuthorisationKind,
    AuthorisationRequest,
    Decision,
)
from stations.ocpp.authorisation.service import TIMED_OUT, decide
from stations.ocpp.bridge.directory import KnownStation

logger = logging.getLogger(__name__)

THREADS = 6
TIMEOUT_SECONDS = 5.0


class Authoriser:
    """Asks the authorisers in threads; implements ``inbound.Authorise``."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="authorise")

    async def __call__(
        self,
        station: KnownStation,
        *,
        id_token: str,
        id_token_type: str,
        evse_number: int | None,
        at: datetime,
        kind: str,
    ) -> Decision:
        """The decision; a decision that does not come in time is not Accepted."""
        request = AuthorisationRequest(
            operator_id=station.operator_id,
            station_id=station.id,
            site_id=station.site_id,
            evse_number=evse_number,
            id_token=id_token,
            id_token_type=id_token_type,
            at=at,
            kind=cast(AuthorisationKind, kind),
        )
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(
                loop.run_in_executor(self._pool, decide, request), TIMEOUT_SECONDS
            )
        except TimeoutError:
            logger.error("no decision in time", extra={"station": station.identity})
            return TIMED_OUT

    def close(self) -> None:
        """Let running decisions end, and close every thread's database connection."""
        together = threading.Barrier(THREADS)
        for _ in range(THREADS):
            self._pool.submit(_say_goodbye, together)
        self._pool.shutdown(wait=True)


def _say_goodbye(together: threading.Barrier) -> None:
    """One of these runs in each thread: all wait for the others before they end."""
    with suppress(threading.BrokenBarrierError):
        together.wait(TIMEOUT_SECONDS)
    connections.close_all()
