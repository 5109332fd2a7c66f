"""The command line that connects a simulated station in place of a real one (pure)."""

from __future__ import annotations

import shlex


def simulate_line(identity: str, password: str, version: str) -> str:
    """A line for a shell in the folder of this product; an empty password: none is sent."""
    words = [".venv/bin/python", "manage.py", "simulate", "--identities", identity]
    if password:
        words += ["--password", password]
    return shlex.join([*words, "--versions", version])
