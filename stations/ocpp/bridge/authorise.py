"""Authorisation off the event loop: a bounded pool with a time-out, closed when in doubt."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, cast

from django.db import connections

from stations.ocpp.authorisation.protocol import (
    AuthorisationKind,
    AuthorisationRequest,
    Decision,
)
from stations.ocpp.authorisation.service import TIMED_OUT, can_decide_together, decide_many
from stations.ocpp.authorisation.telling import priced
from stations.ocpp.bridge.directory import KnownStation

logger = logging.getLogger(__name__)

THREADS = 6
TIMEOUT_SECONDS = 5.0
PRICE_SECONDS = 2.0
MOST_TOGETHER = 50
GATHER_SECONDS = 0.006


class Asked(NamedTuple):
    """A question, whose station asks it, and where its answer goes."""

    station: KnownStation
    request: AuthorisationRequest
    decision: asyncio.Future[Decision]


class Authoriser:
    """Asks the authorisers in threads; implements ``inbound.Authorise``.

    Questions that come close together, as after a commit that answered many stations, go to one
    thread together: handing over costs more than deciding.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="authorise")
        self._waiting: list[Asked] = []

    def __call__(
        self,
        station: KnownStation,
        *,
        id_token: str,
        id_token_type: str,
        evse_number: int | None,
        at: datetime,
        kind: str,
    ) -> asyncio.Future[Decision]:
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
        if not self._waiting:
            loop.call_later(GATHER_SECONDS, self._ask, loop)
        asked = Asked(station, request, loop.create_future())
        self._waiting.append(asked)
        return asked.decision

    def _ask(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand over what came, each operator's questions apart."""
        waiting, self._waiting = self._waiting, []
        operators: dict[int, list[Asked]] = {}
        for asked in waiting:
            operators.setdefault(asked.request.operator_id, []).append(asked)
        most = MOST_TOGETHER if can_decide_together() else 1
        for questions in operators.values():
            for at in range(0, len(questions), most):
                together = questions[at : at + most]
                timer = loop.call_later(TIMEOUT_SECONDS, _give_up, together)
                self._pool.submit(_decide, loop, together, timer)

    def close(self) -> None:
        """Let running decisions end, and close every thread's database connection."""
        together = threading.Barrier(THREADS)
        for _ in range(THREADS):
            self._pool.submit(_say_goodbye, together)
        self._pool.shutdown(wait=True)


def _decide(
    loop: asyncio.AbstractEventLoop, together: list[Asked], timer: asyncio.TimerHandle
) -> None:
    """In a thread: decide, and take the answers to the loop; prices come after them."""
    decisions = decide_many([asked.request for asked in together])
    decided = list(zip(together, decisions, strict=True))
    loop.call_soon_threadsafe(_settle, loop, decided, timer)
    for asked, decision in decided:
        if _has_price(asked, decision):
            told = priced(asked.request, decision)
            loop.call_soon_threadsafe(_answer, asked, told)


def _has_price(asked: Asked, decision: Decision) -> bool:
    return asked.station.shows_prices and decision.is_accepted


def _settle(
    loop: asyncio.AbstractEventLoop,
    decided: list[tuple[Asked, Decision]],
    timer: asyncio.TimerHandle,
) -> None:
    """Nobody waits for the price of another, and who may charge not long for their own."""
    timer.cancel()
    for asked, decision in decided:
        if _has_price(asked, decision):
            loop.call_later(PRICE_SECONDS, _answer, asked, decision)
        else:
            _answer(asked, decision)


def _answer(asked: Asked, decision: Decision) -> None:
    if not asked.decision.done():
        asked.decision.set_result(decision)


def _give_up(together: list[Asked]) -> None:
    for asked in together:
        if not asked.decision.done():
            logger.error("no decision in time", extra={"station": asked.station.identity})
            _answer(asked, TIMED_OUT)


def _say_goodbye(together: threading.Barrier) -> None:
    """One of these runs in each thread: all wait for the others before they end."""
    with suppress(threading.BrokenBarrierError):
        together.wait(TIMEOUT_SECONDS)
    connections.close_all()
