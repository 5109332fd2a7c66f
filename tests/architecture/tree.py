"""The product's own source files, read once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PACKAGES: Final = ("core", "stations", "customers", "billing", "planning", "portal")


@cache
def sources() -> tuple[Path, ...]:
    """All Python files but migrations, tests included."""
    folders = [ROOT / name for name in (*PACKAGES, "tests", "tools", "benchmarks")]
    paths = (path for folder in folders for path in folder.rglob("*.py"))
    return tuple(sorted(path for path in paths if "migrations" not in path.parts))


@cache
def product() -> tuple[Path, ...]:
    """The same without tests and tools."""
    return tuple(
        path
        for path in sources()
        if path.relative_to(ROOT).parts[0] in PACKAGES and "tests" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The file as people write it."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
