"""A WebSocket client of raw frames, so cheap that the server is what is measured.

Frames are masked with the key zero, which RFC 6455 allows and which leaves the payload as is.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import cast

Received = Callable[[bytes], None]


class RawClient(asyncio.Protocol):
    """One connection. ``received`` gets the payload of each text frame."""

    def __init__(self, received: Received) -> None:
        self.received = received
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open and not self._take_handshake():
            return
        while True:
            frame = self._take_frame()
            if frame is None:
                return
            opcode, payload = frame
            if opcode == 1:
                self.received(payload)
            elif opcode == 9:
                self._write(0x8A, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed in the handshake"))
        if not self.closed.done():
            self.closed.set_result(None)

    def send(self, payload: bytes) -> None:
        """Send one text frame."""
        self._write(0x81, payload)

    def _write(self, head: int, payload: bytes) -> None:
        assert self.transport is not None
        size = len(payload)
        if size < 126:
            header = bytes((head, 0x80 | size))
        elif size < 65536:
            header = struct.pack("!BBH", head, 0x80 | 126, size)
        else:
            header = struct.pack("!BBQ", head, 0x80 | 127, size)
        self.transport.write(header + b"\0\0\0\0" + payload)

    def _take_handshake(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._buffer[: self._buffer.find(b"\r\n")])
        del self._buffer[: end + 4]
        if b" 101 " not in status:
            self.opened.set_exception(ConnectionError(status.decode()))
            return False
        self._is_open = True
        self.opened.set_result(None)
        return True

    def _take_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, at = buffer[1] & 0x7F, 2
        if size == 126:
            if len(buffer) < 4:
                return None
            size, at = int.from_bytes(buffer[2:4]), 4
        elif size == 127:
            if len(buffer) < 10:
                return None
            size, at = int.from_bytes(buffer[2:10]), 10
        if len(buffer) < at + size:
            return None
        payload = bytes(buffer[at : at + size])
        opcode = buffer[0] & 0x0F
        del buffer[: at + size]
        return opcode, payload


async def connect(
    port: int, path: str, *, user: str, password: str, version: str, received: Received
) -> RawClient:
    """Open one connection; raises ConnectionError when the server refuses."""
    loop = asyncio.get_running_loop()
    _transport, client = await loop.create_connection(
        lambda: RawClient(received), "127.0.0.1", port
    )
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    key = base64.b64encode(os.urandom(16)).decode()
    assert client.transport is not None
    client.transport.write(
        (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {version}\r\nAuthorization: Basic {token}\r\n\r\n"
        ).encode()
    )
    await client.opened
    return client
