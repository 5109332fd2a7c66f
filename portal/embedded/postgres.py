"""The embedded PostgreSQL: made once, run in the foreground, stopped in order.

It listens on a socket in a private folder only, so no port is taken and trust is safe. Only what
PostgreSQL 15 has is used.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from portal.embedded.places import Account, EmbeddedProblem
from portal.processes import Identity

logger = logging.getLogger(__name__)

USER: Final = "portal"
DATABASE: Final = "portal"
_POLL_S: Final = 0.05
_NOTICE_S: Final = 10.0
_OLD_BACKENDS_S: Final = 60.0
# fsync off is for tests only: a crash of the machine would destroy the data.
_FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# The second works where the system has no C.UTF-8 of its own.
_LOCALES: Final = (
    ["--locale=C.UTF-8"],
    ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
)
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}


@dataclass(slots=True)
class Postgres:
    """One server over one data folder."""

    programs: Path
    home: Path
    sockets: Path
    account: Account
    durable: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The server's log of this run."""
        return self.home / "postgres.log"

    @property
    def url(self) -> str:
        """The address of the portal's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of any database of this server."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Make the data folder when there is none, start, wait for readiness however long."""
        self._initialise()
        self._end_leftover()
        until = time.monotonic() + _OLD_BACKENDS_S
        while not self._launch():
            if time.monotonic() > until:
                raise EmbeddedProblem(self._failure("did not start"))
            time.sleep(0.5)
        self._ensure_database()

    def stop(self) -> None:
        """Stop in order: sessions are ended, everything is written."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self._control("stop", "-m", "fast", "-w", "-t", "60")
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._control("stop", "-m", "immediate", "-w", "-t", "30")
            self.process.wait(timeout=30)
        self.process = None

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        part = self.home / "postgres.part"
        for locale in _LOCALES:
            shutil.rmtree(part, ignore_errors=True)
            result = self._run(
                "initdb", "-D", str(part), "-U", USER, "-E", "UTF8", "--auth-local=trust",
                "--auth-host=reject", "--no-instructions", *locale, *self._initdb_options(),
            )  # fmt: skip
            if result.returncode == 0:
                part.rename(self.data)
                return
        raise EmbeddedProblem(f"initdb failed: {result.stderr.decode(errors='replace').strip()}")

    def _initdb_options(self) -> list[str]:
        return [] if self.durable else ["--no-sync"]

    def _end_leftover(self) -> None:
        """End a server of an earlier run that was killed; forget a pid that is reused."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if self._is_server(pid):
            logger.warning("ending a PostgreSQL left over from an earlier run (pid %s)", pid)
            self._control("stop", "-m", "fast", "-w", "-t", "60")
        elif psutil.pid_exists(pid):
            lock.unlink(missing_ok=True)

    def _is_server(self, pid: int) -> bool:
        try:
            return str(self.data) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def _launch(self) -> bool:
        """Start and wait; False when backends of a killed server still hold the memory."""
        settings = _SETTINGS | ({} if self.durable else _FAST)
        settings["unix_socket_directories"] = f'"{self.sockets}"'
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=self.home, env=_environment(), **self.account.popen_options(),
            )  # fmt: skip
        if self._wait_ready(self.process):
            return True
        if b"pre-existing shared memory block" in self.log.read_bytes():
            return False
        raise EmbeddedProblem(self._failure("ended at its start"))

    def _wait_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for an answer. Recovery after a crash takes what it takes: no limit."""
        began = noticed = time.monotonic()
        while process.poll() is None:
            try:
                psycopg.connect(self.url_of("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(_POLL_S)
            else:
                return True
            if time.monotonic() - noticed > _NOTICE_S:
                noticed = time.monotonic()
                logger.warning("PostgreSQL is recovering (%d s so far)", noticed - began)
        return False

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _control(self, *arguments: str) -> None:
        result = self._run("pg_ctl", *arguments, "-D", str(self.data))
        if result.returncode != 0:
            logger.warning("pg_ctl: %s", result.stderr.decode(errors="replace").strip())

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=self.home,
            env=_environment(), **self.account.popen_options(),
        )  # fmt: skip

    def _failure(self, what: str) -> str:
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        return "\n  ".join([f"PostgreSQL {what}; its log ({self.log}) says:", *tail])

    @property
    def identity(self) -> Identity | None:
        """The running server process."""
        return Identity.of(self.process.pid) if self.process is not None else None

    def kill(self) -> None:
        """End without any order, as a crash does (for tests of recovery)."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


def _environment() -> dict[str, str]:
    """A clean environment: no PG* variables of the caller, no switching of languages."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
