"""``manage.py servers``: a command sees the servers, and its exit code comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.env import BASE_DIR
from portal.processes import Identity

pytestmark = pytest.mark.slow

PROBE = """
import os, sys, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT 40 + 2").fetchone()[0])
print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
sys.exit(7)
"""


def servers(*arguments: str, var_dir: Path, **options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "servers", *arguments],
        cwd=BASE_DIR,
        env={"PATH": os.defpath, "VAR_DIR": str(var_dir), **options},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_runs_with_scratch_servers_and_gives_its_code(tmp_path: Path) -> None:
    result = servers("--scratch", "--", sys.executable, "-c", PROBE, var_dir=tmp_path / "var")

    assert result.stdout == "42\nTrue\n"
    assert result.returncode == 7
    assert not (tmp_path / "var").exists()


def test_given_servers_are_handed_on(tmp_path: Path) -> None:
    code = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    given = {"DATABASE_URL": "postgresql://elsewhere/portal", "REDIS_URL": "redis://elsewhere/0"}

    result = servers("--", sys.executable, "-c", code, var_dir=tmp_path / "var", **given)

    assert result.stdout == "postgresql://elsewhere/portal redis://elsewhere/0\n"


def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = servers("--scratch", "--", "no-such-program", var_dir=tmp_path / "var")

    assert result.returncode == 1
    assert "no-such-program: No such file or directory" in result.stderr
    assert "Traceback" not in result.stderr


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_the_servers_quietly(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "servers", "--scratch"],
        cwd=BASE_DIR,
        env={"PATH": os.defpath, "VAR_DIR": str(tmp_path / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A run in the background ignores interrupts, and what it starts inherits that.
        preexec_fn=_interruptible,  # noqa: PLW1509 - nothing here holds a lock
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        second = process.stdout.readline()
        assert {first.partition("=")[0], second.partition("=")[0]} == {"DATABASE_URL", "REDIS_URL"}
        identity = Identity.of(process.pid)
        assert identity is not None

        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)

    assert (process.returncode, rest, errors) == (130, "", "")
