"""Baseline: the same socket library, echoing, on asyncio's own loop or on the bridge's.

``python -m benchmarks.echo_server asyncio|uvloop <port>``.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol


async def _echo(socket: ServerConnection) -> None:
    try:
        while True:
            frame = await socket.recv(decode=False)
            await socket.send(frame.replace(b"[2,", b"[3,", 1), text=True)
    except ConnectionClosed:
        return


async def main(port: int) -> None:
    """Serve until killed."""
    async with serve(
        _echo,
        "127.0.0.1",
        port,
        subprotocols=[Subprotocol("ocpp2.0.1")],
        compression=None,
        ping_interval=None,
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    loops = {"asyncio": asyncio.run, "uvloop": uvloop.run}
    loops[sys.argv[1]](main(int(sys.argv[2])))
