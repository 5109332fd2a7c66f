"""Choose the best sites of a problem: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from planning.management.plan_items import UnreadableInput, plan_items
from planning.management.quiet import libraries_on_stderr


class Command(BaseCommand):
    """Pure: touches no database and no Redis. Unreadable input exits with 2."""

    help = (
        "Reads one problem of site planning as a JSON object, or a list of them, on standard "
        "input and prints which sites serve most, with a bound (docs/planning.md)."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with libraries_on_stderr():
                planned = plan_items(sys.stdin.buffer.read())
        except UnreadableInput as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(planned, indent=2, allow_nan=False))
