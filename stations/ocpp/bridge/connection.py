"""One station's connection: reads calls, answers after commit, carries commands out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed

from stations.ocpp.bridge import metrics
from stations.ocpp.bridge.commander import Commander
from stations.ocpp.bridge.directory import KnownStation
from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.bridge.limits import MessageLimiter
from stations.ocpp.bridge.work import Work
from stations.ocpp.registry import handler_for
from stations.ocpp.wire.encode import encode_error, encode_result
from stations.ocpp.wire.errors import Fault, code, refusal_of
from stations.ocpp.wire.frames import MAX_BYTES, parse
from stations.ocpp.wire.masking import mask, mask_text, may_hold_secrets
from stations.ocpp.wire.messages import Call, CallError, CallResult, Malformed, id_text
from stations.ocpp.wire.validators import Violation, verdict
from stations.ocpp.writes.frames import FrameRow
from stations.ocpp.writes.parking_text import printable

if TYPE_CHECKING:
    from stations.ocpp.bridge.runtime import Runtime

logger = logging.getLogger(__name__)

MAX_UNANSWERED = 64
LONGEST_STRAY = 20_000
TRY_AGAIN_LATER = 1013
GOING_AWAY = 1001
REPLACED = 1008


class Connection:
    """An accepted socket. ``generation`` is 0 until the database has numbered it."""

    def __init__(
        self, runtime: Runtime, socket: ServerConnection, station: KnownStation, version: str
    ) -> None:
        self.runtime = runtime
        self.socket = socket
        self.station = station
        self.version = version
        self.generation = 0
        self.last_seen = datetime.now(UTC)
        self.is_seen = True
        self.has_booted = False
        self.close_kind = "disconnected"
        self.close_reason = ""
        self.told_costs: dict[str, float] = {}
        self.commander = Commander(self)
        self._limiter = MessageLimiter(time.monotonic())
        self._outgoing: deque[bytes] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._unanswered = 0

    # Reading

    async def read(self) -> None:
        """Take frames until the socket closes."""
        try:
            while True:
                frame = await self.socket.recv(decode=False)
                delay = self._limiter.delay(time.monotonic())
                if delay:
                    await asyncio.sleep(delay)
                # Two conditions that are rarely true: looking again costs less than an event.
                while self._unanswered >= MAX_UNANSWERED or self.runtime.writer.is_full:  # noqa: ASYNC110 - see above
                    await asyncio.sleep(0.02)
                self.last_seen = datetime.now(UTC)
                self.is_seen = True
                await self._take(frame)
        except ConnectionClosed:
            return

    async def _take(self, frame: bytes) -> None:
        message = parse(frame, MAX_BYTES)
        if isinstance(message, Call):
            await self._take_call(message, frame)
        elif isinstance(message, CallResult | CallError):
            if not self.commander.take_answer(message):
                self._journal_stray(frame, "unexpected_answer", id_text(message.message_id))
        elif isinstance(message, Malformed):
            self._refuse_malformed(message, frame)
        else:
            self._journal_stray(frame, "unsupported", id_text(message.message_id))

    async def _take_call(self, call: Call, raw: bytes) -> None:
        handler = handler_for(self.version, call.action)
        if handler is None:
            self._refuse(call, raw, code(Fault.NOT_IMPLEMENTED, self.version), "Unknown action")
            return
        judged = verdict(self.version, call.action, call.payload)
        inbound = Inbound(
            station=self.station,
            version=self.version,
            generation=self.generation,
            action=call.action,
            payload=call.payload,
            received_at=self.last_seen,
            is_valid=not isinstance(judged, Violation),
            authorise=self.runtime.authorise,
            heartbeat_interval=self.runtime.heartbeat_interval,
            told_costs=self.told_costs,
        )
        try:
            outcome = await handler(inbound)
        except Exception:
            logger.exception(
                "handler failed", extra={"station": self.station.identity, "action": call.action}
            )
            self._refuse(
                call, raw, code(Fault.INTERNAL, self.version), "The server could not handle this"
            )
            return
        if isinstance(outcome, Unreadable):
            fault = (
                judged.code if isinstance(judged, Violation) else code(Fault.FORMAT, self.version)
            )
            text = judged.message if isinstance(judged, Violation) else outcome.reason
            self._refuse(call, raw, fault, f"{outcome.reason}: {text}")
            return
        findings = call.findings + outcome.findings
        if isinstance(judged, Violation):
            findings += (f"schema:{judged.path or '.'}",)
        self._submit(call, raw, outcome, findings)

    def _submit(self, call: Call, raw: bytes, outcome: Outcome, findings: tuple[str, ...]) -> None:
        frame = self._row("in", raw, call.action, id_text(call.message_id), call.payload)
        frame.findings = " ".join(findings)
        frame.outcome = "result"
        message_id = call.message_id
        reply = outcome.reply

        def refuse(text: str) -> bytes:
            return encode_error(message_id, code(Fault.INTERNAL, self.version), text)

        self._unanswered += 1
        metrics.answered(call.action, "result").inc()
        self.runtime.writer.submit(
            Work(
                station=self.station,
                frame=frame,
                writes=outcome.writes,
                reply=lambda: encode_result(message_id, reply()),
                refuse=refuse,
                target=self,
                critical=outcome.critical,
                raw=raw,
                received_at=self.last_seen,
                after=self._note_boot if outcome.booted else None,
            )
        )

    def _note_boot(self) -> None:
        self.has_booted = True
        self.runtime.booted(self)

    def _refuse(self, call: Call, raw: bytes, error: str, text: str) -> None:
        frame = self._row("in", raw, call.action, id_text(call.message_id), call.payload)
        frame.outcome, frame.error_code, frame.findings = "error", error, text[:400]
        answer = encode_error(call.message_id, error, text)
        metrics.MESSAGES.labels("other", "error").inc()
        self._submit_refusal(frame, raw, answer)

    def _refuse_malformed(self, message: Malformed, raw: bytes) -> None:
        frame = self._row("stray", raw, "", id_text(message.message_id), None)
        frame.outcome, frame.error_code = "bad", message.reason
        refusal = refusal_of(message, self.version)
        answer = (
            encode_error(refusal.message_id, refusal.code, refusal.description) if refusal else None
        )
        metrics.MESSAGES.labels("malformed", "error").inc()
        self._submit_refusal(frame, raw, answer)

    def _submit_refusal(self, frame: FrameRow, raw: bytes, answer: bytes | None) -> None:
        self._unanswered += 1 if answer is not None else 0
        self.runtime.writer.submit(
            Work(
                station=self.station,
                frame=frame,
                reply=lambda: answer,
                refuse=lambda _text: answer,
                target=self,
                raw=raw,
                received_at=self.last_seen,
            )
        )

    def _journal_stray(self, raw: bytes, why: str, message_id: str) -> None:
        frame = self._row("stray", raw, "", message_id, None)
        frame.outcome, frame.error_code = "none", why
        self.runtime.writer.submit(
            Work(station=self.station, frame=frame, raw=raw, received_at=self.last_seen)
        )

    def _row(
        self, direction: str, raw: bytes, action: str, message_id: str, payload: Any
    ) -> FrameRow:
        return FrameRow(
            received_at=self.last_seen,
            operator_id=self.station.operator_id,
            station_id=self.station.id,
            generation=self.generation,
            direction=direction,
            version=self.version,
            action=action,
            message_id=message_id,
            request=_journal_text(raw, payload),
        )

    # Answering

    def answer(self, frame: bytes) -> None:
        """Send an answer if the socket still stands; facts are stored either way."""
        self._unanswered -= 1
        self.send_soon(frame)

    def send_soon(self, frame: bytes) -> None:
        """Send a frame, in order: at once where nothing waits, which costs a tenth of a task."""
        if self._sender is None and not self.socket.transport.get_write_buffer_size():
            broadcast((self.socket,), frame, text=True)  # silent where the socket has closed
            return
        self._outgoing.append(frame)
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        try:
            while self._outgoing:
                await self.socket.send(self._outgoing.popleft(), text=True)
        except ConnectionClosed:
            self._outgoing.clear()
        finally:
            self._sender = None

    def give_up(self, reason: str) -> None:
        """Close with 1013 so that the station keeps its queue and comes again."""
        self.close_soon(TRY_AGAIN_LATER, reason, kind="csms_outage")

    def close_soon(self, close_code: int, reason: str, *, kind: str = "disconnected") -> None:
        """Close the socket from our side; ``kind`` goes into the connection journal."""
        self.close_kind, self.close_reason = kind, reason
        self.runtime.spawn(self._close(close_code, reason))

    async def _close(self, close_code: int, reason: str) -> None:
        with suppress(ConnectionClosed, OSError):
            await self.socket.close(close_code, reason[:120])


def _journal_text(raw: bytes, payload: Any) -> str:
    """The request as the journal keeps it: payload of a call, or the frame itself."""
    if payload is not None:
        if may_hold_secrets(raw):
            return printable(mask(payload))
        at = raw.find(b"{")
        end = raw.rfind(b"}")
        if 0 <= at < end:
            return raw[at : end + 1].decode("utf-8", "replace").replace("\x00", "")
        return printable(payload)
    if may_hold_secrets(raw):
        return mask_text(raw[:LONGEST_STRAY])
    return raw[:LONGEST_STRAY].decode("utf-8", "replace").replace("\x00", "")
