"""Fails when a committed file holds a secret, a package host, or a path of one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SKIP: Final = re.compile(r"^static/vendor/|\.(png|jpg|ico|woff2?|mo|gz|pmtiles)$")
RULES: Final = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a live payment key": re.compile(r"\b[sr]k_live_[0-9A-Za-z]{10,}"),
    "a package host": re.compile(r"--(extra-)?index-url|--find-links|^\s*-i https?://", re.M),
    "a path of one machine": re.compile(r"(?<![\w.$~/-])/(?:root|home/[a-z]+)/[\w.]"),
}
# The rules themselves.
OWN: Final = {"tools/check_tree.py"}


def findings(name: str, text: str) -> list[str]:
    """``file:line: holds ...`` for every rule that the text breaks."""
    found = []
    for what, pattern in RULES.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: holds {what}")
    return found


def main() -> int:
    """Check every committed text file."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = []
    for name in filter(None, listing.split("\0")):
        path = ROOT / name
        if name in OWN or SKIP.search(name) or not path.is_file():
            continue
        try:
            found += findings(name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
