"""Starts and stops the pair of embedded servers, and leaves none behind."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from portal.embedded.places import (
    Account,
    EmbeddedProblem,
    data_home,
    postgres_programs,
    valkey_program,
)
from portal.embedded.postgres import Postgres
from portal.embedded.record import Lock, Record
from portal.embedded.valkey import Valkey
from portal.processes import Identity

logger = logging.getLogger(__name__)

NAMES: Final = ("DATABASE_URL", "REDIS_URL")
_CODE: Final = Path(__file__).resolve().parent.parent.parent
# A socket's path has at most 107 bytes; what PostgreSQL appends takes 20 of them.
_LONGEST_SOCKETS: Final = 80


class AlreadyRunning(EmbeddedProblem):
    """Another process of this checkout owns the servers; ``record`` says how to reach them."""

    def __init__(self, record: Record | None) -> None:
        who = f" (process {record.supervisor.partition(':')[0]})" if record else ""
        super().__init__(f"The embedded servers of this folder run already{who}.")
        self.record = record


class Servers:
    """The embedded pair over one folder; ``urls`` holds what the environment lacked too."""

    def __init__(
        self,
        var_dir: Path,
        *,
        durable: bool,
        given: Mapping[str, str],
        valkey_port: int = 0,
        temporary: bool = False,
    ) -> None:
        self.urls = {name: given[name] for name in NAMES if given.get(name)}
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._var_dir = var_dir.resolve()
        self._durable = durable
        self._valkey_port = valkey_port
        self._keeper: subprocess.Popen[bytes] | None = None
        self._record = Record(supervisor=str(Identity.mine()))
        self._temporary = temporary
        if temporary:
            self._record.folders.append(str(self._var_dir))

    @property
    def record_path(self) -> Path:
        """Where the record of this pair lies."""
        return self._var_dir / "run" / "servers.json"

    def start(self) -> None:
        """Start what the environment does not name; on failure nothing is left running."""
        missing = [name for name in NAMES if name not in self.urls]
        if not missing:
            return
        account = Account.choose()
        home = data_home(self._var_dir, account)
        if self._temporary:
            self._record.folders.append(str(home))
        self.note()
        self._start_keeper()
        try:
            if "DATABASE_URL" in missing:
                self._start_postgres(home, account)
            if "REDIS_URL" in missing:
                self._start_valkey(home, account)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in reverse order and remove the traces."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self._record.remove_folders()
        self.record_path.unlink(missing_ok=True)
        if self._keeper is not None:
            self._keeper.terminate()
            self._keeper.wait()
            self._keeper = None

    def restart_postgres(self, *, crash: bool = False) -> None:
        """Restart in order or as after a crash; the address stays."""
        if self.postgres is None:
            raise EmbeddedProblem("PostgreSQL is not an embedded one here.")
        if crash:
            self.postgres.kill()
        else:
            self.postgres.stop()
        self.postgres.start()
        self.note()

    def restart_valkey(self) -> None:
        """Restart; the address stays, the content is gone."""
        if self.valkey is None:
            raise EmbeddedProblem("Valkey is not an embedded one here.")
        self.valkey.stop()
        self.valkey.start()
        self.note()

    def note(self) -> None:
        """Write down what runs now."""
        for name, server in (("postgres", self.postgres), ("valkey", self.valkey)):
            identity = server.identity if server is not None else None
            if identity is not None:
                self._record.processes[name] = str(identity)
        self._record.urls = dict(self.urls)
        self._record.write(self.record_path)

    def _start_postgres(self, home: Path, account: Account) -> None:
        programs = postgres_programs(home, account)
        sockets = _sockets_folder(account)
        self._record.folders.append(str(sockets))
        self.note()
        self.postgres = Postgres(programs, home, sockets, account, self._durable)
        self.postgres.start()
        self.urls["DATABASE_URL"] = self.postgres.url
        self.note()

    def _start_valkey(self, home: Path, account: Account) -> None:
        self.valkey = Valkey(valkey_program(home, account), home, account, self._valkey_port)
        self.valkey.start()
        self.urls["REDIS_URL"] = self.valkey.url
        self.note()

    def _start_keeper(self) -> None:
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded.keeper", self._record.supervisor,
             str(self.record_path)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=_CODE, start_new_session=True,
        )  # fmt: skip


def _sockets_folder(account: Account) -> Path:
    """A new private folder with a short path."""
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > _LONGEST_SOCKETS - 20 or not account.can_pass(Path(base)):
        base = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=base))
    if account.switch:
        os.chown(folder, account.uid, account.gid)
    return folder


@contextmanager
def scratch_servers(environ: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """Run a fast pair of its own over a new folder that goes away with it (tests, checks)."""
    folder = Path(tempfile.mkdtemp(prefix="portal-scratch-"))
    # The account of the servers passes through to its own private folder in here.
    folder.chmod(0o711)
    with servers(folder, durable=False, environ=environ, temporary=True) as pair:
        yield pair


@contextmanager
def servers(
    var_dir: Path,
    *,
    durable: bool = True,
    environ: Mapping[str, str] | None = None,
    valkey_port: int = 0,
    temporary: bool = False,
) -> Iterator[Servers]:
    """Run the pair over ``var_dir`` for the length of the block.

    ``durable=False`` (tests) trades safety against a crash of the machine for speed;
    ``temporary`` removes ``var_dir`` at the end. Servers named in the environment are used
    instead. Leftovers of a killed run are ended first.

    Raises ``AlreadyRunning`` when a living process owns them, ``EmbeddedProblem`` when they
    cannot run.
    """
    run = var_dir / "run"
    run.mkdir(parents=True, exist_ok=True)
    lock = Lock(run / "servers.lock")
    pair = Servers(
        var_dir,
        durable=durable,
        given=os.environ if environ is None else environ,
        valkey_port=valkey_port,
        temporary=temporary,
    )
    try:
        if not lock.take():
            raise AlreadyRunning(Record.read(pair.record_path))
        leftover = Record.read(pair.record_path)
        if leftover is not None:
            leftover.end_all()
            pair.record_path.unlink(missing_ok=True)
        pair.start()
        try:
            yield pair
        finally:
            pair.stop()
    finally:
        lock.release()
