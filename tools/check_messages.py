"""Fails when a text of the pages has no Swedish, or an uncertain one.

The texts are extracted anew in a copy, so that a forgotten ``make messages`` shows. Needs GNU
gettext (msgfmt, xgettext).
"""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LANGUAGES: Final = ("sv",)
_LEFT_OUT: Final = (
    ".git", ".venv", "var", "node_modules", "static", "static-root", "docs", "benchmarks", "*.mo",
    "__pycache__", "test-results", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
)  # fmt: skip
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[a-z]")


@dataclass(slots=True)
class Entry:
    """One text and its translations (several where it has plural forms)."""

    source: str
    plural: str
    translations: list[str]
    is_fuzzy: bool


def entries(text: str) -> list[Entry]:
    """The texts of a .po file, without its head and what is obsolete."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            if match := re.match(
                r'(msgid_plural|msgid|msgstr(?:\[\d+\])?|msgctxt)\s+"(.*)"$', line
            ):
                current = match[1]
                fields[current] = match[2]
            elif current and (match := re.match(r'"(.*)"$', line)):
                fields[current] += match[1]
        if fields.get("msgid"):
            translations = [text for name, text in fields.items() if name.startswith("msgstr")]
            is_fuzzy = bool(re.search(r"^#,.*\bfuzzy\b", block, re.M))
            plural = fields.get("msgid_plural", "")
            found.append(Entry(fields["msgid"], plural, translations, is_fuzzy))
    return found


def problem(entry: Entry) -> str | None:
    """What is wrong with one text, in words."""
    if entry.is_fuzzy:
        return "uncertain (fuzzy)"
    if not all(entry.translations) or not entry.translations:
        return "not translated"
    wanted = set(_PLACEHOLDER.findall(entry.plural or entry.source))
    for translation in entry.translations:
        given = set(_PLACEHOLDER.findall(translation))
        if given - wanted or (wanted - given and not entry.plural):
            return "has other placeholders"
    return None


def check(language: str, copy: Path) -> list[str]:
    """Extract into the copy and list what is wrong."""
    ignored = [f"--ignore={pattern}" for pattern in ("tests/*", "*/tests/*", "tools/*")]
    result = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", language, "--no-obsolete", *ignored],
        cwd=copy, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if result.returncode != 0:
        return [result.stderr or result.stdout]
    catalogue = copy / "locale" / language / "LC_MESSAGES" / "django.po"
    if not catalogue.exists():
        return []
    return [
        f"{language}: {words}: {entry.source[:100]!r}"
        for entry in entries(catalogue.read_text(encoding="utf-8"))
        if (words := problem(entry)) is not None
    ]


def compiled(path: Path) -> dict[str, str]:
    """The texts of a .mo file; none where there is no such file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no public way to all texts
    return {str(key): text for key, text in catalogue.items() if key}


def check_compiled(language: str, folder: Path) -> list[str]:
    """The .mo file is kept beside its source, so that a start needs no gettext."""
    source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    if not source.exists():
        return []
    fresh = folder / f"{language}.mo"
    subprocess.run(["msgfmt", "-o", str(fresh), str(source)], check=True)
    if compiled(fresh) == compiled(source.with_suffix(".mo")):
        return []
    return [f"{language}: django.mo is not compiled from django.po: make messages"]


def main() -> int:
    """Check every language."""
    if shutil.which("xgettext") is None or shutil.which("msgfmt") is None:
        print("GNU gettext is missing (on Debian: apt install gettext).")
        return 1
    found = []
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT), symlinks=True)
        (copy / "static").mkdir()
        for language in LANGUAGES:
            found += check(language, copy)
            found += check_compiled(language, Path(folder))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
