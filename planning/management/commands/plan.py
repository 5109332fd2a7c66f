"""Choose the best sites of a problem: JSON in, JSON out."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand

from planning.management.plan_items import UnreadableInput, plan_items


class Command(BaseCommand):
    """Pure: touches no database and no Redis. Unreadable input exits with 2."""

    help = (
        "Reads one problem of site planning as a JSON object, or a list of them, on standard "
        "input and prints which sites serve most, with a bound (docs/planning.md)."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with _libraries_on_stderr():
                planned = plan_items(sys.stdin.buffer.read())
        except UnreadableInput as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(planned, indent=2, allow_nan=False))


@contextmanager
def _libraries_on_stderr() -> Iterator[None]:
    """HiGHS greets on standard output, whatever it is told; that is for JSON alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
