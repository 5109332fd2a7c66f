"""Tells, once the processes answer, where they are and who may log in."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

from portal.supervision.ports import Port, is_answered

_POLL_S: Final = 0.1


def announce_when_ready(ports: list[Port], lines: list[str], out: TextIO | None = None) -> None:
    """Print the lines from a thread as soon as all ports answer."""
    target = sys.stdout if out is None else out

    def wait_and_print() -> None:
        while not all(is_answered(port) for port in ports):
            time.sleep(_POLL_S)
        print(*lines, sep="\n", file=target, flush=True)

    threading.Thread(target=wait_and_print, name="announce", daemon=True).start()


def summary(web_url: str, bridge_url: str, seed_path: Path) -> list[str]:
    """One line each for the URL, the WebSocket URL, the log-ins, an API token.

    ``seed_path`` is the JSON that the seed leaves: ``{"logins": [{"email", "password", "role",
    "operator"}, ...], "api_token": "..."}``.
    """
    facts = _facts(seed_path)
    lines = ["", f"URL: {web_url}", f"WebSocket URL: {bridge_url}/<station identity>"]
    lines += [f"Login: {_login(entry)}" for entry in facts.get("logins", [])]
    if facts.get("api_token"):
        lines.append(f"API token: {facts['api_token']}")
    return [*lines, "Stop with Ctrl-C.", ""]


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _login(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    known = [str(entry[key]) for key in ("email", "password") if entry.get(key)]
    about = [str(entry[key]) for key in ("role", "operator") if entry.get(key)]
    return " / ".join(known) + (f" ({', '.join(about)})" if about else "")
