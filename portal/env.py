"""Settings from the environment: typed, declared once, loud when something is missing.

Every variable stands in ``portal/variables.py``; ``.env.example`` is generated from it.
``NAME_FILE`` names a file that holds a secret or a URL. Importable without Django.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from portal.variables import BY_NAME, DEVELOPMENT_SECRET, VARIABLES

BASE_DIR: Final = Path(__file__).resolve().parent.parent
RUNNING_NAMES: Final = {"DATABASE_URL", "REDIS_URL"}
_TRUE: Final = {"1", "true", "yes", "on"}
LEAST_SECRET: Final = 24
_FALSE: Final = {"0", "false", "no", "off", ""}


class EnvironmentProblem(RuntimeError):
    """Names every variable that is missing or wrong, at once."""

    def __init__(self, problems: list[str]) -> None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The environment is not complete:\n{lines}")
        self.problems = problems


class Environment:
    """Reads declared variables; problems are collected and raised together by ``check``."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source
        self.problems: list[str] = []

    @property
    def is_production(self) -> bool:
        """Whether the strict rules hold."""
        return self._raw("PORTAL_ENV") == "production"

    def _raw(self, name: str) -> str:
        variable = BY_NAME[name]
        file_name = self._source.get(f"{name}_FILE", "") if variable.may_be_file else ""
        if file_name:
            try:
                return Path(file_name).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self._report(f"{name}_FILE: cannot read {file_name}: {error}")
                return ""
        return self._source.get(name, "").strip() or self._running(name) or variable.default

    def _running(self, name: str) -> str:
        """The address of an embedded server that runs for this checkout now, if any."""
        if (
            name not in RUNNING_NAMES
            or self._source.get("PORTAL_ENV", "development") != "development"
        ):
            return ""
        record = self.var_dir() / "run" / "servers.json"
        try:
            return str(json.loads(record.read_text(encoding="utf-8"))["urls"].get(name, ""))
        except (OSError, ValueError, KeyError, AttributeError):
            return ""

    def var_dir(self) -> Path:
        """The folder for data, logs and pid files, absolute."""
        return (BASE_DIR / (self._source.get("VAR_DIR") or BY_NAME["VAR_DIR"].default)).resolve()

    def _report(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, name: str) -> str:
        """Text, stripped."""
        return self._raw(name).strip()

    secret = text

    def choice(self, name: str) -> str:
        """One of the declared choices."""
        value = self.text(name).lower()
        if value not in BY_NAME[name].choices:
            self._report(f"{name}: {value!r} is none of {', '.join(BY_NAME[name].choices)}")
            return BY_NAME[name].default
        return value

    def flag(self, name: str) -> bool:
        """1/true/yes/on or 0/false/no/off."""
        value = self.text(name).lower()
        if value not in _TRUE | _FALSE:
            self._report(f"{name}: {value!r} is neither 1 nor 0")
        return value in _TRUE

    def number(self, name: str) -> int:
        """A whole number within the declared bounds."""
        variable = BY_NAME[name]
        value = self.text(name)
        try:
            number = int(value)
        except ValueError:
            self._report(f"{name}: {value!r} is not a whole number")
            return int(variable.default)
        if not variable.least <= number <= variable.most:
            self._report(f"{name}: {number} is not within {variable.least} to {variable.most}")
            return int(variable.default)
        return number

    def url(self, name: str) -> str:
        """A URL with one of the declared schemes; empty where none is given."""
        value = self.text(name)
        schemes = BY_NAME[name].schemes
        try:
            scheme = urlsplit(value).scheme
        except ValueError as error:
            self._report(f"{name}: not a URL: {error}")
            return ""
        if value and scheme not in schemes:
            self._report(f"{name}: needs a URL starting with {' or '.join(schemes)}://")
        return value

    def listing(self, name: str) -> list[str]:
        """Comma-separated parts."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def path(self, name: str) -> Path | None:
        """A file or folder; None where none is given."""
        value = self.text(name)
        return Path(value) if value else None

    def check(self) -> None:
        """Raise EnvironmentProblem with everything that is missing or unsafe."""
        problems = [*self.problems, *(self._production_problems() if self.is_production else [])]
        if problems:
            raise EnvironmentProblem(problems)

    def _production_problems(self) -> list[str]:
        problems = []
        for variable in VARIABLES:
            if not variable.required_in_production:
                continue
            if not self._is_given(variable.name):
                problems.append(f"{variable.name}: missing ({variable.help})")
            elif variable.kind == "secret" and len(self.secret(variable.name)) < LEAST_SECRET:
                problems.append(f"{variable.name}: needs at least {LEAST_SECRET} characters")
            elif variable.kind == "secret" and self.secret(variable.name) == DEVELOPMENT_SECRET:
                problems.append(f"{variable.name}: is the development default; set a secret")
        if self.flag("DEBUG"):
            problems.append("DEBUG: must be off in production")
        if self.text("STRIPE_API_URL"):
            problems.append("STRIPE_API_URL: payments in production go to Stripe itself")
        if self.text("TERMINAL_API_URL").startswith("http:"):
            problems.append("TERMINAL_API_URL: card payments in production need https")
        return problems

    def _is_given(self, name: str) -> bool:
        from_file = BY_NAME[name].may_be_file and self._source.get(f"{name}_FILE")
        return bool(self._source.get(name) or from_file)
