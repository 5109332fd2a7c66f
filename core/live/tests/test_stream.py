"""The event stream against a real Redis: fan-out, limits, lagging readers, recovery."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import orjson
import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import ConnectionError as RedisGone

from core.live import stream as streams
from core.live import tickets
from core.live.hub import LAGGED, QUEUE_SIZE, Listener
from core.live.publish import encode, publish
from core.live.topics import channel


class Reader:
    """A browser: what it was sent, and a way to leave."""

    def __init__(self, query: str, method: str = "GET") -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": "/live/",
            "query_string": query.encode(),
        }
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = asyncio.Event()
        self.task = asyncio.ensure_future(streams.stream(self.scope, self._receive, self._send))

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.chunks.put_nowait(message["body"])

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """Events as they come; TimeoutError when none comes for two seconds."""
        while True:
            chunk = await asyncio.wait_for(self.chunks.get(), 20)
            if chunk.startswith(b"data: "):
                yield orjson.loads(chunk.removeprefix(b"data: "))

    async def next(self) -> dict[str, Any]:
        """The next event that is not about lagging."""
        async for event in self.events():
            if event["event"] != "lagged":
                return event
        raise AssertionError("unreachable")

    async def leave(self) -> None:
        """Close the tab."""
        self._left.set()
        await asyncio.wait_for(self.task, 20)


async def _open(operator: int, *topics: str, user: int = 1) -> Reader:
    text = tickets.issue(operator_id=operator, user_id=user, topics=topics)
    reader = Reader(f"ticket={text}")
    first = await asyncio.wait_for(reader.chunks.get(), 20)
    assert first.startswith(b"retry: 2000")
    await _until(lambda: _hub()._pubsub is not None)
    await asyncio.sleep(0.1)
    while not reader.chunks.empty():
        assert b"lagged" in reader.chunks.get_nowait()  # told to look once, to miss nothing
    return reader


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_processes", type(streams._processes)())


@pytest.mark.usefixtures("fresh_process")
def test_events_reach_the_listeners_of_their_topic_and_operator_alone() -> None:
    async def story() -> None:
        mine = await _open(901, "station.5")
        other_topic = Reader(f"ticket={_ticket(901, 'station.6')}")
        other_operator = Reader(f"ticket={_ticket(902, 'station.5')}")
        await _until(lambda: _hub().count == 3)
        await asyncio.sleep(0.2)

        await asyncio.to_thread(publish, 901, "station.5", "status", {"evse": 1})
        event = await mine.next()

        assert event == {"topic": "station.5", "event": "status", "data": {"evse": 1}}
        assert mine.headers[b"x-accel-buffering"] == b"no"
        for silent in (other_topic, other_operator):
            heard = [silent.chunks.get_nowait() for _ in range(silent.chunks.qsize())]
            assert not [c for c in heard if b"status" in c]
            await silent.leave()
        await mine.leave()
        assert _hub().count == 0

    asyncio.run(story())


@pytest.mark.usefixtures("fresh_process")
@pytest.mark.parametrize(
    ("query", "method", "status"),
    [("", "GET", 401), ("ticket=forged", "GET", 401), ("", "POST", 405)],
)
def test_no_stream_without_a_good_ticket(query: str, method: str, status: int) -> None:
    async def story() -> None:
        reader = Reader(query, method)
        await asyncio.wait_for(reader.task, 20)
        assert reader.status == status

    asyncio.run(story())


@pytest.mark.usefixtures("fresh_process")
def test_one_person_and_one_process_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_STREAMS_PER_USER", 2)
    monkeypatch.setattr(streams, "MAX_STREAMS", 3)

    async def story() -> None:
        held = [Reader(f"ticket={_ticket(903, 'network', user=1)}") for _ in range(2)]
        await _until(lambda: _hub().count == 2)
        refused = Reader(f"ticket={_ticket(903, 'network', user=1)}")
        await asyncio.wait_for(refused.task, 20)
        assert refused.status == 429

        held.append(Reader(f"ticket={_ticket(903, 'network', user=2)}"))
        await _until(lambda: _hub().count == 3)
        full = Reader(f"ticket={_ticket(903, 'network', user=3)}")
        await asyncio.wait_for(full.task, 20)
        assert (full.status, full.headers[b"retry-after"]) == (503, b"10")

        for reader in held:
            await reader.leave()
        again = Reader(f"ticket={_ticket(903, 'network', user=1)}")
        await _until(lambda: again.status == 200)
        await again.leave()

    asyncio.run(story())


@pytest.mark.usefixtures("fresh_process")
def test_a_stream_beats_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(streams, "LIFETIME_SECONDS", 0.4)

    async def story() -> None:
        reader = Reader(f"ticket={_ticket(904, 'network')}")
        await asyncio.wait_for(reader.task, 20)
        chunks = [reader.chunks.get_nowait() for _ in range(reader.chunks.qsize())]
        assert b": beat\n\n" in chunks
        assert chunks[-1] == b""

    asyncio.run(story())


@pytest.mark.usefixtures("fresh_process")
def test_after_a_lost_redis_connection_pages_are_told_to_look_again() -> None:
    async def story() -> None:
        reader = await _open(905, "network")

        await asyncio.to_thread(_cut_subscribers)

        async for event in reader.events():
            assert event["event"] == "lagged"
            break
        await asyncio.to_thread(publish, 905, "network", "status", {})
        assert (await reader.next())["topic"] == "network"
        await reader.leave()

    asyncio.run(story())


def test_a_slow_reader_loses_the_backlog_and_is_told() -> None:
    listener = Listener(1, frozenset({"network"}))
    for n in range(QUEUE_SIZE):
        listener.offer(b"%d" % n)

    listener.offer(b"one too many")

    assert listener.queue.qsize() == 1
    assert listener.queue.get_nowait() == LAGGED


def test_a_redis_that_is_gone_does_not_hurt_the_publisher() -> None:
    class Gone:
        def publish(self, channel: str, message: bytes) -> None:
            raise RedisGone("no")

    publish(1, "network", "status", {}, redis=Gone())

    assert orjson.loads(encode("network", "status", {"a": 1}))["data"] == {"a": 1}
    assert channel(12) == "portal.live.12"


def _ticket(operator: int, *topics: str, user: int = 1) -> str:
    return tickets.issue(operator_id=operator, user_id=user, topics=topics)


def _hub() -> Any:
    return streams._processes[asyncio.get_running_loop()].hub


async def _until(condition: Any) -> None:
    async with asyncio.timeout(3):
        loop = asyncio.get_running_loop()
        while not (loop in streams._processes and condition()):  # noqa: ASYNC110 - no event to wait for
            await asyncio.sleep(0.01)


def _cut_subscribers() -> None:
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
