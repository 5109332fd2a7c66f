"""The embedded servers: started from nothing, killed, restarted, found by others."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis

from portal.embedded import AlreadyRunning, EmbeddedProblem, Servers, servers
from portal.embedded.places import Account, data_home
from portal.embedded.record import Record
from portal.env import BASE_DIR, Environment
from portal.processes import Identity

pytestmark = pytest.mark.slow

# Starts the pair, says so, and waits to be killed.
HOLDER = """
import sys, time
from pathlib import Path
from portal.embedded import servers
with servers(Path(sys.argv[1]), durable=False, environ={}):
    print("up", flush=True)
    time.sleep(600)
"""

# The same, with a child of its own (honcho's runners are such) that lives on.
FORKER = """
import os, sys, time
from pathlib import Path
from portal.embedded import servers
with servers(Path(sys.argv[1]), durable=False, environ={}):
    if not os.fork():
        print(os.getpid(), flush=True)  # Only a child that runs has let go of the lock.
    time.sleep(60)
"""


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """A folder with spaces that the account of the servers can pass through."""
    with TemporaryDirectory(prefix="portal test ") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def rows(pair: Servers) -> list[tuple[int]]:
    with psycopg.connect(pair.urls["DATABASE_URL"]) as connection:
        return connection.execute("SELECT a FROM kept ORDER BY a").fetchall()


def fill(pair: Servers) -> None:
    with psycopg.connect(pair.urls["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (a integer)")
        connection.execute("INSERT INTO kept VALUES (1), (2)")


def process(record: Record, name: str) -> Identity:
    identity = Identity.parse(record.processes[name])
    assert identity is not None
    return identity


def read_record(var_dir: Path) -> Record:
    record = Record.read(var_dir / "run" / "servers.json")
    assert record is not None
    return record


def test_data_outlives_stop_crash_and_start(var_dir: Path) -> None:
    with servers(var_dir, environ={}) as pair:
        fill(pair)
        address = pair.urls["DATABASE_URL"]

        pair.restart_postgres(crash=True)

        assert pair.urls["DATABASE_URL"] == address
        assert rows(pair) == [(1,), (2,)]
        record = read_record(var_dir)

    assert not process(record, "postgres").is_alive()
    assert not process(record, "valkey").is_alive()
    assert not any(Path(folder).exists() for folder in record.folders)
    with servers(var_dir, environ={}) as pair:
        assert rows(pair) == [(1,), (2,)]


def test_the_database_sorts_and_folds_swedish_letters(var_dir: Path) -> None:
    with (
        servers(var_dir, durable=False, environ={}) as pair,
        psycopg.connect(pair.urls["DATABASE_URL"]) as connection,
    ):
        found = connection.execute("SELECT 'ÅÄÖ' ILIKE 'åäö', current_setting('fsync')").fetchone()

    assert found == (True, "off")


def test_valkey_asks_for_a_password(var_dir: Path) -> None:
    with servers(var_dir, durable=False, environ={}) as pair:
        assert pair.valkey is not None
        stranger = redis.Redis(port=pair.valkey.port)
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        before = pair.urls["REDIS_URL"]

        pair.restart_valkey()

        assert pair.urls["REDIS_URL"] == before
        with redis.Redis.from_url(before) as client:
            assert client.ping() is True


def test_what_the_environment_names_is_not_started(var_dir: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/portal", "REDIS_URL": "redis://elsewhere/0"}

    with servers(var_dir, environ=given) as pair:
        assert pair.urls == given
        assert pair.postgres is None
        assert pair.valkey is None


def test_a_killed_owner_leaves_no_server_behind(var_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var_dir)], cwd=BASE_DIR, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    record = read_record(var_dir)
    with pytest.raises(AlreadyRunning) as refusal, servers(var_dir, environ={}):
        pass
    assert str(owner.pid) in str(refusal.value)

    owner.kill()
    owner.communicate()

    assert process(record, "postgres").wait(30)
    assert process(record, "valkey").wait(30)


def test_a_start_ends_what_an_earlier_run_left(var_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var_dir)], cwd=BASE_DIR, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    record = read_record(var_dir)
    owner.kill()
    owner.communicate()

    with servers(var_dir, durable=False, environ={}) as pair:
        assert not process(record, "postgres").is_alive()
        fill(pair)
        assert rows(pair) == [(1,), (2,)]


def test_a_forked_child_does_not_hold_the_lock_on(var_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", FORKER, str(var_dir)], cwd=BASE_DIR, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    child = Identity.of(int(owner.stdout.readline()))
    assert child is not None
    owner.kill()
    owner.wait()
    owner.stdout.close()

    try:
        with servers(var_dir, durable=False, environ={}) as pair:
            fill(pair)
            assert child.is_alive()
    finally:
        child.send(signal.SIGKILL)


def test_a_pid_file_of_another_process_is_forgotten(var_dir: Path) -> None:
    with servers(var_dir, durable=False, environ={}) as pair:
        assert pair.postgres is not None
        data = pair.postgres.data
        lock = data / "postmaster.pid"
        content = lock.read_text(encoding="utf-8").splitlines()
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **Account.choose().popen_options())
    content[0] = str(stranger.pid)
    lock.write_text("\n".join(content) + "\n", encoding="utf-8")

    try:
        with servers(var_dir, durable=False, environ={}) as pair:
            fill(pair)
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_other_commands_find_the_running_servers(var_dir: Path) -> None:
    with servers(var_dir, durable=False, environ={}) as pair:
        development = Environment({"VAR_DIR": str(var_dir)})
        assert development.url("DATABASE_URL") == pair.urls["DATABASE_URL"]
        assert Environment({"VAR_DIR": str(var_dir), "PORTAL_ENV": "test"}).url("REDIS_URL") == ""
    assert Environment({"VAR_DIR": str(var_dir)}).url("REDIS_URL") == ""


def test_a_folder_of_someone_else_is_refused_untouched(var_dir: Path) -> None:
    mine = Account.choose()
    other = Account(uid=mine.uid + 1, gid=mine.gid, switch=False)
    (var_dir / "servers").mkdir(mode=0o750)
    var_dir.chmod(0o755)

    with pytest.raises(EmbeddedProblem, match="does not belong"):
        other.own_folder(var_dir / "servers")

    assert (var_dir / "servers").stat().st_mode & 0o777 == 0o750


def test_data_goes_elsewhere_when_the_account_is_locked_out(var_dir: Path) -> None:
    account = Account.choose()
    if not account.switch:
        pytest.skip("only root hands the servers to another account")
    var_dir.chmod(0o700)

    home = data_home(var_dir, account)
    try:
        assert account.can_pass(home)
        assert var_dir not in home.parents
        assert data_home(var_dir, account) == home
        assert var_dir.stat().st_mode & 0o777 == 0o700
    finally:
        home.rmdir()


@pytest.mark.parametrize("mode", [0o700, 0o711])
def test_a_temporary_pair_takes_all_its_data_with_it(var_dir: Path, mode: int) -> None:
    folder = var_dir / "temporary"
    folder.mkdir(mode=mode)

    with servers(folder, durable=False, environ={}, temporary=True) as pair:
        assert pair.postgres is not None
        home = pair.postgres.home
        assert home.is_dir()

    assert not home.exists()
    assert not folder.exists()


def test_a_temporary_folder_goes_with_given_servers_too(var_dir: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/portal", "REDIS_URL": "redis://elsewhere/0"}
    folder = var_dir / "temporary"

    with servers(folder, environ=given, temporary=True):
        assert folder.is_dir()

    assert not folder.exists()


def test_a_second_start_is_quick(var_dir: Path) -> None:
    with servers(var_dir, environ={}):
        pass

    began = time.monotonic()
    with servers(var_dir, environ={}):
        took_s = time.monotonic() - began

    assert took_s < 10
