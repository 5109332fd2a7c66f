"""PostgreSQL's own programs, pointed at the database of the settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress

from django.db import connection

from portal.embedded.places import EmbeddedProblem, postgres_folder


class ProgramFailed(Exception):
    """pg_dump or pg_restore ended with an error; its last words."""


def run(name: str, *options: str) -> None:
    """Run a program against the database; the password goes by the environment, never by the
    list of processes."""
    given = connection.settings_dict
    own = {
        "PGHOST": given.get("HOST"),
        "PGPORT": given.get("PORT"),
        "PGUSER": given.get("USER"),
        "PGPASSWORD": given.get("PASSWORD"),
        "PGDATABASE": given.get("NAME"),
        "PGSSLMODE": given.get("OPTIONS", {}).get("sslmode"),
    }
    environment = os.environ | {key: str(value) for key, value in own.items() if value}
    done = subprocess.run(  # noqa: S603 - programs of ours, no shell
        [program(name), *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProgramFailed(f"{name}: {done.stderr.strip()[-2000:]}")


def program(name: str) -> str:
    """The program of the embedded PostgreSQL, else the machine's."""
    with suppress(EmbeddedProblem):
        path = postgres_folder() / "bin" / name
        if path.is_file():
            return str(path)
    found = shutil.which(name)
    if found is None:
        raise ProgramFailed(f"{name} is not installed here.")
    return found
