"""Files that simulated stations fetch and send where the portal is at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from stations.simulator import files


class Portal(BaseHTTPRequestHandler):
    """Serves one address, and keeps what is sent."""

    kept: dict[str, bytes]

    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith("/2.0.bin") else 404)
        self.end_headers()
        self.wfile.write(b"firmware")

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Portal.kept = {}
    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/station-files"
        server.shutdown()
        thread.join()


def test_files_of_the_portal_are_fetched_and_sent(url: str) -> None:
    assert files.fetch(f"{url}/firmware/x/2.0.bin")
    assert not files.fetch(f"{url}/firmware/x/other")
    assert files.send(f"{url}/logs/x", "a.log", b"line\n")
    assert Portal.kept == {"/station-files/logs/x/a.log": b"line\n"}
    assert not files.send("http://127.0.0.1:1/station-files/logs/x", "a.log", b"")


def test_only_the_portal_is_called_and_a_name_may_tell_the_version() -> None:
    assert files.is_ours("https://portal.example/station-files/logs/x")
    assert not files.is_ours("https://vendor.example/2.0.bin")
    assert not files.is_ours("ftp://portal.example/station-files/logs/x")
    assert files.version_in("https://vendor.example/eve-1.4.2.bin") == "1.4.2"
    assert files.version_in("https://vendor.example/firmware") == ""
