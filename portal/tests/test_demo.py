"""``manage.py demo`` as a newcomer meets it: it starts, tells, answers, ends, starts again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from portal.embedded import servers
from portal.embedded.valkey import free_port
from portal.env import BASE_DIR
from portal.processes import Identity
from portal.supervision.ports import Port, is_answered
from tests.database import fill

pytestmark = pytest.mark.slow

PATIENCE_S = 90


@contextmanager
def demo(
    var_dir: Path, ports: tuple[int, int]
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The demo without its data and its fleet, and what it printed until it was ready."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--without", "seed", "--without", "fleet"],
        cwd=BASE_DIR,
        env={
            "PATH": os.defpath,
            "VAR_DIR": str(var_dir),
            "WEB_PORT": str(ports[0]),
            "BRIDGE_PORT": str(ports[1]),
            "PAYMENT_DOUBLE_PORT": str(free_port()),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Stop with"):
                break
        yield process, lines
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)


def family(process: subprocess.Popen[str]) -> list[Identity]:
    """All processes that the demo has started."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [found for child in children if (found := Identity.of(child.pid)) is not None]


def migrate(var_dir: Path) -> None:
    """Make the servers' data there with what migrations make; they alone take half a minute."""
    with servers(var_dir, environ={}) as pair:
        fill(pair.urls["DATABASE_URL"])


def test_the_demo_starts_survives_a_kill_and_ends(db: None) -> None:
    with TemporaryDirectory(prefix="portal demo ") as name:
        var_dir = Path(name)
        var_dir.chmod(0o711)
        migrate(var_dir)
        ports = (free_port(), free_port())

        with demo(var_dir, ports) as (killed, lines):
            assert f"URL: http://127.0.0.1:{ports[0]}/" in lines, lines
            assert any(re.match(rf"WebSocket URL: ws://127.0.0.1:{ports[1]}/", x) for x in lines)
            with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/health/live") as answer:
                assert answer.status == 200
            names = {path.stem for path in (var_dir / "run").glob("*.pid")}
            assert names == {"web", "bridge", "worker", "beat", "payments"}
            left_behind = family(killed)
            killed.kill()
            killed.wait()

            with demo(var_dir, ports) as (ended, second_lines):
                assert f"URL: http://127.0.0.1:{ports[0]}/" in second_lines, second_lines
                assert not any(identity.is_alive() for identity in left_behind)
                started = family(ended)

        assert ended.returncode == 130
        assert not any(identity.is_alive() for identity in started)
        assert not is_answered(Port("127.0.0.1", ports[1], "", ""))
