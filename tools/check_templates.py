"""Fails when a template breaks a house rule (docs/architecture.md) or djade would change it.

Rules: ``extends`` is the first tag; no inline script, style or event handler (a strict
Content-Security-Policy would block it); at most 200 lines. E-mails carry their own styles.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MOST_LINES: Final = 200
_TAG: Final = re.compile(r"\{%-?\s*(\w+)")
_COMMENT: Final = re.compile(r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}", re.S)
_PATTERNS: Final = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>", re.I
    ),
    "an inline style sheet": re.compile(r"<style[\s>]", re.I),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "an event handler attribute": re.compile(r"<[a-z][^<>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.I),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.I),
    "an address of another host": re.compile(
        r"<(?:script|link|img)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//", re.I
    ),
}


def problems(text: str, *, is_email: bool = False) -> list[str]:
    """What is wrong with one template, in words."""
    bare = _COMMENT.sub("", text)
    found = []
    tags = _TAG.findall(bare)
    if "extends" in tags and tags[0] != "extends":
        found.append("extends is not the first tag")
    if len(text.splitlines()) > MOST_LINES:
        found.append(f"has more than {MOST_LINES} lines")
    if not is_email:
        found += [f"holds {what}" for what, pattern in _PATTERNS.items() if pattern.search(bare)]
    return found


def templates() -> list[Path]:
    """All HTML templates of the product."""
    folders = [ROOT / "templates", *ROOT.glob("*/templates")]
    return sorted(path for folder in folders for path in folder.rglob("*.html"))


def main() -> int:
    """Check all templates."""
    paths = templates()
    failed = False
    for path in paths:
        name = path.relative_to(ROOT)
        is_email = "emails" in name.parts or name.name.startswith("base_email")
        for problem in problems(path.read_text(encoding="utf-8"), is_email=is_email):
            print(f"{name}: {problem}")
            failed = True
    if paths:
        djade = Path(sys.executable).with_name("djade")
        arguments = ["--check", "--target-version", "5.2", *map(str, paths)]
        failed |= subprocess.call([str(djade), *arguments]) != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
