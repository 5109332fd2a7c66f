"""Open streams and pages beside each other, on a real server with real sockets."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
import pytest
import uvicorn
from django.db import connections
from django.test import Client

from core.accounts.permissions import Role
from core.live import tickets
from core.live.publish import publish
from portal.asgi import application
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db(transaction=True)
STREAMS = 200


class Server(uvicorn.Server):
    """uvicorn on a thread of the test."""

    def install_signal_handlers(self) -> None:
        """Signals belong to the test run."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr("core.live.stream.MAX_STREAMS_PER_USER", STREAMS)
    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, lifespan="off", log_level="error",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)
    connections.close_all()


@dataclass(slots=True)
class Stream:
    """An open event stream."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def event(self, topic: str) -> dict[str, object]:
        """The next event of ``topic``."""
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 30)
            found = re.match(rb"data: (.*)", line)
            if found:
                event: dict[str, object] = orjson.loads(found.group(1))
                if event["topic"] == topic:
                    return event


async def open_stream(port: int, operator_id: int) -> Stream:
    ticket = tickets.issue(operator_id=operator_id, user_id=1, topics=["network"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /live/?{urlencode({'ticket': ticket})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    )
    status = await asyncio.wait_for(reader.readline(), 10)
    assert b" 200 " in status, status
    return Stream(reader, writer)


async def page(port: int, path: str, cookie: str) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={cookie}\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    head, _separator, body = answer.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0], body


async def tell_again_and_again(operator_id: int) -> None:
    """Publish the same event every half second: the subscription may still be on its way."""
    while True:
        await asyncio.to_thread(publish, operator_id, "network", "status", {"n": 1})
        await asyncio.sleep(0.5)


def test_a_page_loads_beside_200_open_streams_and_all_hear_an_event(
    client: Client, port: int
) -> None:
    operator = make_operator()
    person = make_person(operator=operator, role=Role.CONTROL_ROOM)
    make_station(operator=operator, name="Kiruna 7")
    client.force_login(person)
    cookie = client.cookies["sessionid"].value

    async def story() -> None:
        streams = [await open_stream(port, operator.pk) for _n in range(STREAMS)]

        status, body = await page(port, "/stations/", cookie)

        assert b" 200 " in status
        assert b"Kiruna 7" in body
        telling = asyncio.create_task(tell_again_and_again(operator.pk))
        events = await asyncio.gather(*(stream.event("network") for stream in streams))
        telling.cancel()
        assert events == [{"topic": "network", "event": "status", "data": {"n": 1}}] * STREAMS
        for stream in streams:
            stream.writer.close()

    asyncio.run(asyncio.wait_for(story(), 120))
