"""``manage.py env-example``: the text of ``.env.example``, from the table of variables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.variables import example


class Command(BaseCommand):
    """Prints every variable with its default and purpose."""

    help = "Print .env.example."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(example(), ending="")
