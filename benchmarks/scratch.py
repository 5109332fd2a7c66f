"""A portal's empty database and cache for one benchmark, gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from portal.embedded import servers

ROOT: Final = Path(__file__).resolve().parent.parent


@contextmanager
def scratch_portal() -> Iterator[dict[str, str]]:
    """Servers of their own with all tables; gives the environment of a process that uses them."""
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as folder,
        servers(Path(folder), durable=False, environ={}, temporary=True) as pair,
    ):
        environ = os.environ | pair.urls | {
            "PORTAL_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "warning",
        }  # fmt: skip
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
        subprocess.run(migrate, cwd=ROOT, check=True, env=environ)
        yield environ
