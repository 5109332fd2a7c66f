"""The environment: typed, complete, loud."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.env import BASE_DIR, Environment, EnvironmentProblem
from portal.variables import DEVELOPMENT_SECRET, VARIABLES, example

SECRET = "x" * 50
COMPLETE = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": SECRET,
    "STATION_KEY": SECRET,
    "DATABASE_URL": "postgresql://portal:pw@db/portal",
    "REDIS_URL": "redis://cache/0",
    "PUBLIC_URL": "https://portal.example",
    "BRIDGE_PUBLIC_URL": "wss://ocpp.example/ocpp",
    "ALLOWED_HOSTS": "portal.example",
}


def problems(source: dict[str, str]) -> list[str]:
    with pytest.raises(EnvironmentProblem) as refusal:
        Environment(source).check()
    return refusal.value.problems


def test_an_empty_environment_is_a_complete_development_one() -> None:
    env = Environment({})

    env.check()

    assert env.choice("PORTAL_ENV") == "development"
    assert env.number("WEB_PORT") == 8000
    assert env.flag("DEBUG") is False
    assert env.listing("ALLOWED_HOSTS") == ["localhost", "127.0.0.1", "[::1]"]
    assert env.path("MAP_PMTILES_PATH") is None


def test_every_default_is_of_its_kind() -> None:
    env = Environment({"VAR_DIR": "/nonexistent"})

    for variable in VARIABLES:
        getattr(env, variable.kind)(variable.name)

    assert env.problems == []


def test_production_names_all_that_is_missing_at_once() -> None:
    found = problems({"PORTAL_ENV": "production"})

    needed = {variable.name for variable in VARIABLES if variable.required_in_production}
    assert {problem.partition(":")[0] for problem in found} == needed


def test_a_complete_production_environment_passes() -> None:
    Environment(COMPLETE).check()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY: is the development default"),
        ({"STATION_KEY": DEVELOPMENT_SECRET}, "STATION_KEY: is the development default"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY: needs at least 24 characters"),
        ({"DEBUG": "1"}, "DEBUG: must be off in production"),
        ({"DATABASE_URL": ""}, "DATABASE_URL: missing"),
    ],
)
def test_production_refuses_what_is_unsafe(change: dict[str, str], words: str) -> None:
    (problem,) = problems({**COMPLETE, **change})

    assert problem.startswith(words)


@pytest.mark.parametrize(
    ("kind", "name", "value", "words"),
    [
        ("number", "WEB_PORT", "eighty", "WEB_PORT: 'eighty' is not a whole number"),
        ("number", "WEB_PORT", "70000", "WEB_PORT: 70000 is not within 0 to 65535"),
        ("flag", "DEBUG", "maybe", "DEBUG: 'maybe' is neither 1 nor 0"),
        ("choice", "LOG_FORMAT", "xml", "LOG_FORMAT: 'xml' is none of json, text"),
        ("url", "DATABASE_URL", "mysql://a/b", "DATABASE_URL: needs a URL starting with postgres"),
        ("url", "REDIS_URL", "redis://[::1/0", "REDIS_URL: not a URL"),
        ("url", "PUBLIC_URL", "portal.example", "PUBLIC_URL: needs a URL starting with http"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(
    kind: str, name: str, value: str, words: str
) -> None:
    env = Environment({name: value})

    getattr(env, kind)(name)

    (problem,) = env.problems
    assert problem.startswith(words)
    with pytest.raises(EnvironmentProblem, match=name):
        env.check()


def test_secrets_and_addresses_may_come_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    address = tmp_path / "database"
    address.write_text("postgresql://portal:pw@db/portal\n")
    given = {
        name: value
        for name, value in COMPLETE.items()
        if name not in ("SECRET_KEY", "DATABASE_URL")
    }

    env = Environment({**given, "SECRET_KEY_FILE": str(secret), "DATABASE_URL_FILE": str(address)})
    env.check()

    assert env.secret("SECRET_KEY") == SECRET
    assert env.url("DATABASE_URL") == "postgresql://portal:pw@db/portal"


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    env = Environment({"SECRET_KEY_FILE": str(tmp_path / "none")})

    env.secret("SECRET_KEY")

    assert env.problems[0].startswith("SECRET_KEY_FILE: cannot read")


def test_the_example_is_current_and_complete() -> None:
    text = (BASE_DIR / ".env.example").read_text(encoding="utf-8")

    assert text == example(), "run: manage.py env-example > .env.example"
    assert all(f"\n{variable.name}=" in text for variable in VARIABLES)


def test_settings_refuse_an_unsafe_production_start() -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={"PATH": os.defpath, "PORTAL_ENV": "production", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    for name in ("SECRET_KEY", "STATION_KEY", "DATABASE_URL", "REDIS_URL", "DEBUG"):
        assert f"  - {name}: " in result.stderr


def test_the_environment_is_read_without_django() -> None:
    code = "import sys, portal.env; sys.exit('django' in sys.modules)"

    assert subprocess.call([sys.executable, "-c", code], cwd=BASE_DIR) == 0
