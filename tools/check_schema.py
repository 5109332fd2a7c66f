"""Fails when ``docs/openapi.yaml`` differs from the API, or the API cannot be described."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "docs" / "openapi.yaml"


def main() -> int:
    """Generate the schema anew and compare."""
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        result = subprocess.run(
            [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn",
             "--file", str(fresh)],
            cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if result.returncode != 0:
            print(result.stderr)
            return 1
        new = fresh.read_text(encoding="utf-8")
    old = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    if new == old:
        return 0
    changes = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "docs/openapi.yaml", "the API", lineterm="", n=1
    )
    print(*list(changes)[:60], "docs/openapi.yaml is out of date: make schema", sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
