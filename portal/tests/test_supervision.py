"""One supervisor: ports that are taken, leftovers of a killed run, an end that leaves nothing."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.env import BASE_DIR
from portal.processes import Identity
from portal.supervision.announce import announce_when_ready, summary
from portal.supervision.children import procfile_names
from portal.supervision.pidfiles import end_leftovers
from portal.supervision.ports import Port, problem

SLEEPER = "import portal, time; print('ready', flush=True); time.sleep(600)"
SUPERVISOR = """
import os, sys
from pathlib import Path
from portal.supervision.children import run
folder = Path(sys.argv[1])
sys.exit(run(folder / "Procfile", dict(os.environ), folder, set(sys.argv[2:])))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "with space"
    place.mkdir()
    lines = [f'{name}: exec "${{PYTHON}}" -c "{SLEEPER}"' for name in ("one", "two")]
    (place / "Procfile").write_text("\n".join([*lines, "short: sleep 1; exit 3"]) + "\n")
    return place


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


def supervise(folder: Path, *names: str, **options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(folder), *names],
        cwd=BASE_DIR,
        env={**os.environ, "PYTHONPATH": str(BASE_DIR), **options},
        stdout=subprocess.DEVNULL,
    )


def pids(folder: Path, *names: str) -> list[Identity]:
    """The processes as their pid files name them, once all are there."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        texts = [
            (folder / f"{name}.pid").read_text() if (folder / f"{name}.pid").exists() else ""
            for name in names
        ]
        found = [Identity.parse(text) for text in texts]
        if all(found):
            return [identity for identity in found if identity is not None]
        time.sleep(0.05)
    raise AssertionError("the processes did not start")


def test_an_interrupt_ends_all_processes(folder: Path) -> None:
    supervisor = supervise(folder, "one", "two")
    children = pids(folder, "one", "two")

    supervisor.terminate()

    assert supervisor.wait(20) == 143
    assert not any(child.is_alive() for child in children)
    assert list(folder.glob("*.pid")) == []


def test_the_end_of_one_process_ends_the_others_with_its_code(folder: Path) -> None:
    supervisor = supervise(folder, "one", "short")
    (child,) = pids(folder, "one")

    assert supervisor.wait(20) == 3
    assert not child.is_alive()


def test_an_interrupt_during_the_start_leaves_nothing(folder: Path) -> None:
    supervisor = supervise(folder, "one", "two")
    time.sleep(0.6)

    supervisor.terminate()

    assert supervisor.wait(30) != 0
    assert end_leftovers(folder) == []


def test_processes_of_a_killed_supervisor_end_themselves(folder: Path) -> None:
    supervisor = supervise(folder, "one", "two")
    children = pids(folder, "one", "two")

    supervisor.kill()
    supervisor.wait()

    assert all(child.wait(15) for child in children)


def test_a_process_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """A worker whose broker is gone waits for ever at its shutdown."""
    code = """
import os, signal, time, portal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0:
    time.sleep(600)
open(os.environ["CHILD"], "w").write(str(child))
time.sleep(600)
"""
    command = tmp_path / "hangs.py"
    command.write_text(code)
    (tmp_path / "Procfile").write_text('one: exec "${PYTHON}" -W ignore hangs.py\n')
    supervisor = supervise(tmp_path, "one", CHILD=str(tmp_path / "child"))
    (process,) = pids(tmp_path, "one")
    until = time.monotonic() + 20
    while not (tmp_path / "child").exists() and time.monotonic() < until:
        time.sleep(0.05)
    grandchild = Identity.of(int((tmp_path / "child").read_text()))
    assert grandchild is not None

    supervisor.kill()
    supervisor.wait()

    assert process.wait(20)
    assert grandchild.wait(5)


def test_a_start_ends_what_a_killed_run_left(tmp_path: Path) -> None:
    leftover = subprocess.Popen(["sleep", "600"], start_new_session=True)
    identity = Identity.of(leftover.pid)
    (tmp_path / "web.pid").write_text(str(identity))

    assert end_leftovers(tmp_path) == [identity]

    assert leftover.wait(5) != 0
    assert list(tmp_path.iterdir()) == []


def test_a_pid_given_to_another_process_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    started = Identity.of(stranger.pid)
    assert started is not None
    try:
        (tmp_path / "web.pid").write_text(str(Identity(stranger.pid, started.started - 60)))
        (tmp_path / "bridge.pid").write_bytes(b"\xff not a pid")

        assert end_leftovers(tmp_path) == []

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_named_with_its_holder_and_its_variable(listener: socket.socket) -> None:
    number = listener.getsockname()[1]

    words = problem(Port("127.0.0.1", number, "WEB_PORT", "web"))

    assert words is not None
    assert f"Port {number} on 127.0.0.1 (web) is taken" in words
    assert f"(process {os.getpid()})" in words
    assert "WEB_PORT" in words


def test_a_free_port_and_an_impossible_address_are_told_apart(listener: socket.socket) -> None:
    number = listener.getsockname()[1]
    listener.close()

    assert problem(Port("127.0.0.1", number, "WEB_PORT", "web")) is None
    elsewhere = problem(Port("203.0.113.1", number, "WEB_HOST", "web"))
    assert elsewhere is not None
    assert "cannot be used" in elsewhere


def test_the_demo_names_the_port_that_is_taken(listener: socket.socket, tmp_path: Path) -> None:
    number = str(listener.getsockname()[1])
    environ = {"PATH": os.defpath, "PORTAL_ENV": "development", "WEB_PORT": number}
    names = [name for name in procfile_names(BASE_DIR / "Procfile") if name != "web"]
    without = [part for name in names for part in ("--without", name)]

    result = subprocess.run(
        [sys.executable, "manage.py", "demo", *without],
        cwd=BASE_DIR,
        env={
            **environ,
            "VAR_DIR": str(tmp_path / "var"),
            "DATABASE_URL": "postgresql://u@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert f"Port {number} on 127.0.0.1 (web) is taken" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_summary_tells_addresses_logins_and_token(tmp_path: Path) -> None:
    seed = tmp_path / "demo.json"
    login = {"email": "olga@example.com", "password": "pw", "role": "owner", "operator": "Nord"}
    seed.write_text(json.dumps({"logins": [login], "api_token": "tok_1"}))

    lines = summary("http://127.0.0.1:8000/", "ws://127.0.0.1:9000/ocpp", seed)

    assert lines == [
        "",
        "URL: http://127.0.0.1:8000/",
        "WebSocket URL: ws://127.0.0.1:9000/ocpp/<station identity>",
        "Login: olga@example.com / pw (owner, Nord)",
        "API token: tok_1",
        "Stop with Ctrl-C.",
        "",
    ]
    assert "Login" not in "".join(summary("http://a/", "ws://b", tmp_path / "none.json"))


def test_the_summary_is_printed_once_all_ports_answer(listener: socket.socket) -> None:
    out = io.StringIO()

    announce_when_ready([Port("127.0.0.1", listener.getsockname()[1], "", "")], ["here"], out)

    until = time.monotonic() + 10
    while not out.getvalue() and time.monotonic() < until:
        time.sleep(0.02)
    assert out.getvalue() == "here\n"
