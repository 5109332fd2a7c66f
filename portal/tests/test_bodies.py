"""The bound on request bodies: by the declared length, and as they come."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from portal.bodies import Receive, Send, bounded


class Peer:
    """An application that reads the whole body, and the two ends of its socket."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks
        self.sent: list[Any] = []
        self.read = 0
        self.answered = False

    async def application(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.read += len(message["body"])
            if not message["more_body"]:
                self.answered = True
                return

    async def receive(self) -> MutableMapping[str, Any]:
        body = self.chunks.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(self.chunks)}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


async def run(peer: Peer, *headers: tuple[bytes, bytes]) -> None:
    scope = {"type": "http", "headers": list(headers)}
    await bounded(peer.application, 10)(scope, peer.receive, peer.send)


async def test_a_body_that_is_declared_too_long_is_not_read() -> None:
    peer = Peer([b"x" * 11])

    await run(peer, (b"Content-Length", b"11"))

    assert (peer.read, peer.answered) == (0, False)
    assert peer.sent[0]["status"] == 413
    assert b"larger than" in peer.sent[1]["body"]


async def test_a_body_without_length_is_cut_off() -> None:
    peer = Peer([b"x" * 6, b"x" * 6, b"x" * 6])

    await run(peer, (b"content-length", b"a lot"))

    assert (peer.read, peer.answered) == (6, False)
    assert [message.get("status") for message in peer.sent] == [413, None]


async def test_a_body_within_the_bound_passes() -> None:
    peer = Peer([b"x" * 6, b"x" * 4])

    await run(peer, (b"content-length", b"10"))

    assert (peer.read, peer.answered, peer.sent) == (10, True, [])
