"""``manage.py demo``: the whole product with a living demo network, from nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.embedded import AlreadyRunning, EmbeddedProblem, servers
from portal.env import BASE_DIR
from portal.supervision.announce import announce_when_ready, summary
from portal.supervision.children import environment, procfile_names, run
from portal.supervision.pidfiles import end_leftovers
from portal.supervision.ports import Port, problem


class Command(BaseCommand):
    """Starts the servers, migrates, seeds, runs all processes; Ctrl-C ends them in order."""

    help = "Run the whole product with a demo network on this machine."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            choices=[*procfile_names(BASE_DIR / "Procfile"), "seed"],
            help="leave a process or the demo's data out (repeatable)",
        )
        parser.add_argument(
            "--prepare", action="store_true", help="only migrate and seed the given database"
        )

    def handle(self, *_args: Any, without: list[str], prepare: bool, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo does not run with PORTAL_ENV=production.")
        signal.signal(signal.SIGTERM, _leave)
        try:
            if prepare:
                code = self._prepare(seed="seed" not in without)
            else:
                code = self._run(settings.VAR_DIR, set(without))
        except KeyboardInterrupt:
            code = 130
        except AlreadyRunning as error:
            raise CommandError(f"{error} Stop the other demo first.") from error
        except EmbeddedProblem as error:
            raise CommandError(str(error)) from error
        sys.exit(code)

    def _prepare(self, *, seed: bool) -> int:
        call_command("migrate", interactive=False, verbosity=0)
        if seed:
            call_command("seed_demo")
        return 0

    def _prepare_apart(self, environ: dict[str, str], *, seed: bool) -> None:
        """Migrate and seed in a process that reads the servers' addresses afresh."""
        self.stdout.write("Preparing the demo network ...")
        self.stdout.flush()
        command = [sys.executable, str(BASE_DIR / "manage.py"), "demo", "--prepare"]
        command += [] if seed else ["--without", "seed"]
        if subprocess.run(command, env=environ, check=False).returncode != 0:
            raise CommandError("The demo network could not be prepared; see above.")

    def _run(self, var_dir: Path, without: set[str]) -> int:
        names = set(procfile_names(BASE_DIR / "Procfile")) - without
        with ExitStack() as stack:
            pair = stack.enter_context(servers(var_dir, valkey_port=settings.EMBEDDED_REDIS_PORT))
            # Ctrl-C while everything is being stopped must not leave half of it running.
            stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
            if end_leftovers(var_dir / "run"):
                self.stdout.write("Ended what an earlier run had left.")
            ports = _ports(names)
            problems = [words for port in ports if (words := problem(port)) is not None]
            if problems:
                raise CommandError("\n".join(problems))
            environ = {**_test_payments(names), **environment(pair.urls)}
            self._prepare_apart(environ, seed="seed" not in without)
            lines = summary(
                settings.PUBLIC_URL + "/", settings.BRIDGE_PUBLIC_URL, var_dir / "demo.json"
            )
            announce_when_ready(ports, lines)
            return run(BASE_DIR / "Procfile", environ, var_dir / "run", names)


def _test_payments(names: set[str]) -> dict[str, str]:
    """The double of Stripe, where it runs."""
    url = f"http://127.0.0.1:{settings.PAYMENT_DOUBLE_PORT}"
    if "payments" not in names:
        return {}
    return {"STRIPE_API_URL": url, "TERMINAL_API_URL": f"{url}/terminal"}


def _ports(names: set[str]) -> list[Port]:
    ports = []
    if "payments" in names:
        number = settings.PAYMENT_DOUBLE_PORT
        ports.append(Port("127.0.0.1", number, "PAYMENT_DOUBLE_PORT", "test payments"))
    if "web" in names:
        ports.append(Port(settings.WEB_HOST, settings.WEB_PORT, "WEB_PORT", "web"))
    if "bridge" in names:
        host = settings.BRIDGE_HOST
        for variable, purpose in (
            ("BRIDGE_PORT", "stations"),
            ("BRIDGE_TLS_PORT", "stations, TLS"),
            ("BRIDGE_METRICS_PORT", "metrics of the bridge"),
        ):
            number = getattr(settings, variable)
            if number:
                ports.append(Port(host, number, variable, purpose))
    return ports


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an exit that passes through all clean-up."""
    sys.exit(143)
