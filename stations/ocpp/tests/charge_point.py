"""A charge point of raw frames for tests: it says exactly what it is told to say."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol


def basic(user: str, password: str | bytes) -> str:
    """Value of the Authorization header."""
    raw = password if isinstance(password, bytes) else password.encode()
    return "Basic " + base64.b64encode(user.encode() + b":" + raw).decode()


class RawChargePoint:
    """One socket. ``call`` sends a request and returns the answer to it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._count = 0
        self.calls: asyncio.Queue[list[Any]] = asyncio.Queue()
        self.received: list[str] = []
        self.unasked: list[list[Any]] = []
        self._answers: dict[Any, asyncio.Future[list[Any]]] = {}
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self.socket:
                self.received.append(text if isinstance(text, str) else text.decode())
                frame = orjson.loads(text)
                waiting = self._answers.pop(frame[1], None) if frame[0] != 2 else None
                if frame[0] == 2:
                    await self.calls.put(frame)
                elif waiting is not None and not waiting.done():
                    waiting.set_result(frame)
                else:
                    self.unasked.append(frame)
        for future in self._answers.values():
            if not future.done():
                future.set_exception(ConnectionResetError(f"closed {self.socket.close_code}"))

    async def call(self, action: str, payload: Any, *, message_id: Any = None) -> list[Any]:
        """Send a CALL and wait for its answer frame, whole."""
        self._count += 1
        key = message_id if message_id is not None else f"m{self._count}"
        return await self.raw(orjson.dumps([2, key, action, payload]).decode(), key)

    async def ask(self, action: str, payload: Any) -> dict[str, Any]:
        """Send a CALL that must succeed; the answer's payload."""
        frame = await self.call(action, payload)
        assert frame[0] == 3, frame
        answer: dict[str, Any] = frame[2]
        return answer

    async def raw(self, text: str | bytes, key: Any) -> list[Any]:
        """Send any text and wait for the answer with this message id."""
        self._answers[key] = asyncio.get_running_loop().create_future()
        await self.socket.send(text)
        return await asyncio.wait_for(self._answers[key], 10)

    async def send(self, action: str, payload: Any, key: str) -> None:
        """Send a CALL and do not wait."""
        await self.socket.send(orjson.dumps([2, key, action, payload]).decode())

    async def next_call(self, seconds: float = 30) -> list[Any]:
        """The next call of the other side."""
        return await asyncio.wait_for(self.calls.get(), seconds)

    async def answer(self, frame: list[Any], payload: Any) -> None:
        """Answer a call of the other side."""
        await self.socket.send(orjson.dumps([3, frame[1], payload]).decode())

    async def closed(self, seconds: float = 30) -> int | None:
        """Wait for the end of the socket; its close code."""
        await asyncio.wait_for(self.socket.wait_closed(), seconds)
        return self.socket.close_code

    def drop(self) -> None:
        """Cut the line without a close handshake."""
        self.socket.transport.abort()

    async def close(self) -> None:
        """Close the socket."""
        await self.socket.close()
        self._reader.cancel()


async def plug_in(
    url: str,
    identity: str,
    password: str | bytes,
    version: str = "ocpp1.6",
    *,
    tls: ssl.SSLContext | None = None,
) -> RawChargePoint:
    """Connect as ``identity`` with HTTP Basic authentication."""
    socket = await connect(
        f"{url}/{identity}",
        subprotocols=[Subprotocol(version)],
        additional_headers={"Authorization": basic(identity, password)},
        compression=None,
        proxy=None,
        ssl=tls,
    )
    return RawChargePoint(socket)
