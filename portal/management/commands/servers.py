"""``manage.py servers -- <command>``: a command with the embedded servers up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from argparse import REMAINDER, ArgumentParser
from collections.abc import Mapping
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.embedded import AlreadyRunning, EmbeddedProblem, scratch_servers, servers


class Command(BaseCommand):
    """Runs a command with ``DATABASE_URL`` and ``REDIS_URL`` set, and ends with its exit code."""

    help = "Run a command with the embedded servers; without a command, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scratch", action="store_true", help="fast empty servers that vanish afterwards"
        )
        parser.add_argument("command", nargs=REMAINDER, help="the command and its arguments")

    def handle(self, *_args: Any, scratch: bool, command: list[str], **_options: Any) -> None:
        signal.signal(signal.SIGTERM, _leave)
        arguments = command[1:] if command[:1] == ["--"] else command
        try:
            # Ctrl-C reaches the command as well, which ends as it sees fit.
            if scratch:
                with scratch_servers() as pair:
                    code = self._call(arguments, pair.urls)
            else:
                with servers(settings.VAR_DIR, valkey_port=settings.EMBEDDED_REDIS_PORT) as pair:
                    code = self._call(arguments, pair.urls)
        except AlreadyRunning as error:
            if error.record is None or not error.record.is_alive():
                raise CommandError(f"{error} It is just starting or ending.") from error
            code = self._call(arguments, error.record.urls)
        except EmbeddedProblem as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            code = 130
        sys.exit(code)

    def _call(self, arguments: list[str], urls: Mapping[str, str]) -> int:
        if not arguments:
            for name, value in urls.items():
                self.stdout.write(f"{name}={value}")
            self.stdout.flush()
            signal.pause()
        try:
            return subprocess.call(arguments, env={**os.environ, **urls})
        except OSError as error:
            raise CommandError(f"{arguments[0]}: {error.strerror}") from error


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an exit that passes through all clean-up."""
    sys.exit(143)
