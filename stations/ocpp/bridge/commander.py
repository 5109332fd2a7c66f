"""Commands on their way to one station: one call in flight, the next ones wait in order."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stations.ocpp.bridge import command_rows, metrics
from stations.ocpp.bridge.work import Work
from stations.ocpp.wire.encode import encode_call
from stations.ocpp.wire.masking import mask
from stations.ocpp.wire.messages import CallError, CallResult
from stations.ocpp.writes.commands import CommandWrite
from stations.ocpp.writes.frames import FrameRow
from stations.ocpp.writes.parking_text import printable

if TYPE_CHECKING:
    from stations.ocpp.bridge.connection import Connection

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 30.0
LONG_ANSWER_SECONDS = 60.0
_LONG = frozenset({"Reset", "SendLocalList", "GetDiagnostics", "GetLog", "GetBaseReport"})


@dataclass(slots=True)
class Pending:
    """A call of ours that waits for its answer."""

    message_id: str
    answer: asyncio.Future[CallResult | CallError]


class Commander:
    """Sends queued commands of one connection and books what comes back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: deque[int] = deque()
        self._known: set[int] = set()
        self._pending: Pending | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_lost = False

    def enqueue(self, command_id: int) -> None:
        """Take a command; a second time is ignored."""
        if command_id in self._known or self._is_lost:
            return
        self._known.add(command_id)
        self._waiting.append(command_id)
        if self._task is None:
            self._task = self._connection.runtime.spawn(self._run())

    def take_answer(self, message: CallResult | CallError) -> bool:
        """Give an answer to the call in flight; False when nobody asked for it."""
        pending = self._pending
        if pending is None or message.message_id != pending.message_id or pending.answer.done():
            return False
        pending.answer.set_result(message)
        return True

    def connection_lost(self) -> None:
        """Wake the call in flight: its answer can no longer come. What waits stays queued
        for the station's next connection."""
        self._is_lost = True
        self._waiting.clear()
        if self._pending and not self._pending.answer.done():
            self._pending.answer.set_exception(ConnectionResetError())

    async def _run(self) -> None:
        try:
            while self._waiting:
                command_id = self._waiting.popleft()
                try:
                    await self._carry_out(command_id)
                except Exception:
                    logger.exception(
                        "command failed",
                        extra={"station": self._connection.station.identity},
                    )
                finally:
                    self._known.discard(command_id)
        finally:
            self._task = None

    async def _carry_out(self, command_id: int) -> None:
        connection = self._connection
        message_id = uuid.uuid4().hex
        claimed = await command_rows.claim(
            connection.runtime.pool,
            command_id,
            station_id=connection.station.id,
            version=connection.version,
            message_id=message_id,
            generation=connection.generation,
            bridge=connection.runtime.name,
        )
        if claimed is None:
            return
        pending = Pending(message_id, asyncio.get_running_loop().create_future())
        self._pending = pending
        if self._is_lost:  # while the row was claimed
            pending.answer.set_exception(ConnectionResetError())
        sent_at, began = datetime.now(UTC), time.perf_counter()
        connection.send_soon(encode_call(message_id, claimed.action, claimed.payload))
        connection.runtime.announce_command(claimed)
        if claimed.action == "CostUpdated":
            _remember_cost(connection.told_costs, claimed.payload)
        limit = LONG_ANSWER_SECONDS if claimed.action in _LONG else ANSWER_SECONDS
        write = CommandWrite(command_id, connection.generation, "answered", sent_at)
        try:
            message = await asyncio.wait_for(pending.answer, limit)
            _book(write, message)
        except TimeoutError:
            write.state, write.error_text = "timed_out", f"No answer within {limit:.0f} s"
        except ConnectionResetError:
            write.state, write.error_code = "failed", "connection_lost"
            write.error_text = "The connection closed before the station answered"
        finally:
            self._pending = None
        write.at = datetime.now(UTC)
        metrics.COMMANDS.labels(claimed.action, write.state).inc()
        metrics.COMMAND_SECONDS.observe(time.perf_counter() - began)
        connection.runtime.writer.submit(
            Work(
                station=connection.station,
                frame=self._row(claimed, message_id, sent_at, write),
                writes=[write],
                kept=True,
                after=lambda: connection.runtime.finished_command(claimed, write),
            )
        )

    def _row(
        self,
        claimed: command_rows.Claimed,
        message_id: str,
        sent_at: datetime,
        write: CommandWrite,
    ) -> FrameRow:
        connection = self._connection
        answered = write.state == "answered" or bool(write.answer)
        return FrameRow(
            received_at=sent_at,
            operator_id=connection.station.operator_id,
            station_id=connection.station.id,
            generation=connection.generation,
            direction="out",
            version=connection.version,
            action=claimed.action,
            message_id=message_id,
            request=printable(mask(claimed.payload)),
            answer=printable(mask(write.answer)) if answered else None,
            outcome="error" if write.error_code else "result" if answered else "none",
            error_code=write.error_code,
            answered_at=write.at if answered else None,
        )


def _remember_cost(costs: dict[str, float], payload: dict[str, Any]) -> None:
    """Keep what a running session has cost: answers to its events say it again."""
    transaction, total = payload.get("transactionId"), payload.get("totalCost")
    if isinstance(transaction, str) and isinstance(total, int | float):
        costs[transaction] = total


def _book(write: CommandWrite, message: CallResult | CallError) -> None:
    """What the station said, as the command row keeps it."""
    if isinstance(message, CallError):
        write.state, write.error_code = "failed", message.code[:60] or "GenericError"
        write.error_text = message.description
        write.answer = {"errorCode": message.code, "errorDescription": message.description}
        write.answer["errorDetails"] = message.details
        return
    write.answer = mask(message.payload)
    write.answer_status = _status_of(message.payload)


def _status_of(payload: Any) -> str:
    """The station's word: ``status`` where the answer has one."""
    if not isinstance(payload, dict):
        return ""
    status = payload.get("status")
    return status if isinstance(status, str) else ""
