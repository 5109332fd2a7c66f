"""The embedded Valkey: on a loopback port of its own choice, behind a generated password.

Nothing that must survive lives only here, so it writes nothing to disk.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import redis

from portal.embedded.places import Account, EmbeddedProblem
from portal.processes import Identity

_TRIES: Final = 5
_START_S: Final = 30.0


@dataclass(slots=True)
class Valkey:
    """One server; port 0 means any free one, kept over restarts."""

    program: Path
    home: Path
    account: Account
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address of database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        """The server's log of this run."""
        return self.home / "valkey.log"

    @property
    def identity(self) -> Identity | None:
        """The running server process."""
        return Identity.of(self.process.pid) if self.process is not None else None

    def start(self) -> None:
        """Start and wait for an answer; a free port that is snatched away is replaced."""
        wanted = self.port
        for _try in range(_TRIES):
            self.port = wanted or free_port()
            if self._launch():
                return
            self.stop()
            if wanted:
                break
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        raise EmbeddedProblem(
            "\n  ".join([f"Valkey did not start on port {self.port}; its log says:", *tail])
        )

    def stop(self) -> None:
        """Stop; nothing needs to be written."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _configure(self) -> Path:
        """Write the configuration: the password must not show in the list of processes."""
        quoted = str(self.home).replace("\\", "\\\\").replace('"', '\\"')
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{quoted}"',
            'save ""',
            "appendonly no",
            "databases 64",
            "daemonize no",
        ]
        path = self.home / "valkey.conf"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if self.account.switch:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def _launch(self) -> bool:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(self.program), str(self._configure())],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=self.home, **self.account.popen_options(),
            )  # fmt: skip
        until = time.monotonic() + _START_S
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            while self.process.poll() is None and time.monotonic() < until:
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.03)
                else:
                    return True
        return False


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
