"""Options of ``manage.py simulate`` and what they make of a fleet."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from stations.simulator.crowd import Tokens
from stations.simulator.fleet import Fleet
from stations.simulator.scenario import Scenario
from stations.simulator.specs import VERSIONS, SpecError, StationSpec, make_fleet, read_fleet

DEMO: Final[dict[str, Any]] = {
    "speed": 1.0,
    "least_busy": 0.2,
    "most_busy": 0.32,
    "faulted": 2,
    "offline": 1,
    "sample_s": 60.0,
    "boot_spread_s": 6.0,
}
"""The demo's day: alive at any hour, and modest with the processor."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare all options."""
    whom = parser.add_argument_group("stations")
    whom.add_argument("--demo", action="store_true", help="the demo network's stations, for ever")
    whom.add_argument(
        "--fleet", type=Path, help="JSON file of stations (as var/demo-stations.json)"
    )
    whom.add_argument("--identities", help="comma-separated socket identities")
    whom.add_argument("--count", type=int, help="so many stations SIM0001, SIM0002, ...")
    whom.add_argument("--prefix", default="SIM", help="of identities with --count")
    whom.add_argument("--password", help="of all stations given by --identities or --count")
    whom.add_argument("--versions", default=",".join(VERSIONS), help="taken in turn")
    whom.add_argument("--url", help="bridge, without identity (default: this installation's)")
    whom.add_argument(
        "--tokens", type=Path, help="file with one id token a line (default: database)"
    )
    day = parser.add_argument_group("the day")
    day.add_argument("--seed", type=int, default=1)
    day.add_argument("--duration", type=float, help="real seconds; default: until interrupted")
    day.add_argument("--speed", type=float, help="simulated seconds a second (default 1)")
    day.add_argument(
        "--begin", type=_instant, help="time of the simulated day at the begin (ISO; default now)"
    )
    day.add_argument("--busy", type=float, help="share of EVSEs with a car at any hour (0 to 1)")
    day.add_argument("--sample", type=float, help="simulated seconds between readings")
    day.add_argument("--faulted", type=int, help="EVSEs faulted at any time")
    day.add_argument("--offline", type=int, help="stations without connection at any time")
    day.add_argument(
        "--storm-every", type=float, help="drop all connections that often (simulated)"
    )
    day.add_argument("--bad-meters", type=float, help="share of stations with a bad meter")
    day.add_argument("--drifting", type=float, help="share of stations with a wrong clock")


def _instant(text: str) -> datetime:
    """An ISO time; without a zone in UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def scenario_from(options: Mapping[str, Any], time_zone: str) -> Scenario:
    """The scenario that the options describe. Raises SpecError for impossible values."""
    values: dict[str, Any] = dict(DEMO) if options["demo"] else {}
    names = {
        "speed": "speed",
        "begin": "begin_at",
        "busy": "least_busy",
        "sample": "sample_s",
        "faulted": "faulted",
        "offline": "offline",
        "storm_every": "storm_every_s",
        "bad_meters": "bad_meters",
        "drifting": "drifting",
        "duration": "duration_s",
    }
    for option, name in names.items():
        if options[option] is not None:
            values[name] = options[option]
    scenario = Scenario(seed=options["seed"], time_zone=time_zone, **values)
    for share in ("least_busy", "bad_meters", "drifting"):
        if not 0 <= getattr(scenario, share) <= 1:
            raise SpecError(f"{share} must lie between 0 and 1")
    for positive in ("speed", "sample_s"):
        if getattr(scenario, positive) <= 0:
            raise SpecError(f"{positive} must be greater than 0")
    return scenario


def fleet_from(
    options: Mapping[str, Any],
    *,
    url: str,
    scenario: Scenario,
    demo_file: Path,
    known: Callable[[Sequence[str]], Tokens],
) -> Fleet:
    """The fleet that the options name. ``known``: gives the database's tokens by station
    identity; asked only where no other tokens are given."""
    url = options["url"] or url
    path = demo_file if options["demo"] else options["fleet"]
    if path is None:
        specs = make_fleet(
            _identities(options),
            seed=options["seed"],
            versions=_versions(options["versions"]),
            password=options["password"],
        )
        specs, good = _with_tokens(specs, _tokens(options["tokens"]), known)
        return Fleet(url=url, specs=specs, scenario=scenario, good=good)
    specs = read_fleet(path)
    good, bad = tokens_of(path)
    if options["tokens"] or not good:
        specs, good = _with_tokens(specs, _tokens(options["tokens"]), known)
    fleet = Fleet(url=url, specs=specs, scenario=scenario, good=good, bad=bad)
    if options["demo"]:
        fleet.lean, fleet.memory = True, path.with_name("demo-fleet.json")
    return fleet


def _with_tokens(
    specs: Sequence[StationSpec], given: Tokens, known: Callable[[Sequence[str]], Tokens]
) -> tuple[list[StationSpec], Tokens]:
    """Stations whose drivers carry the given tokens, else those of their operator."""
    if given:
        return [replace(spec, token_group="") for spec in specs], given
    identities = [spec.identity for spec in specs]
    return [replace(spec, token_group=spec.identity) for spec in specs], known(identities)


def _identities(options: Mapping[str, Any]) -> list[str]:
    if options["identities"]:
        return [part.strip() for part in options["identities"].split(",") if part.strip()]
    if options["count"] and options["count"] > 0:
        return [f"{options['prefix']}{number:04d}" for number in range(1, options["count"] + 1)]
    raise SpecError("say which stations: --demo, --fleet, --identities or --count")


def _versions(text: str) -> Sequence[str]:
    versions = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [version for version in versions if version not in VERSIONS]
    if unknown or not versions:
        raise SpecError(f"--versions: give some of {', '.join(VERSIONS)}")
    return versions


def _tokens(path: Path | None) -> dict[str, list[str]]:
    if path is None:
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from error
    return {"": [line.strip() for line in lines if line.strip()]}


def tokens_of(path: Path) -> tuple[Tokens, Tokens]:
    """Good and bad tokens by group of a fleet file, where it has any."""
    content = json.loads(path.read_text(encoding="utf-8"))
    groups = content.get("tokens", {}) if isinstance(content, dict) else {}
    good = {name: list(group.get("good", [])) for name, group in groups.items()}
    bad = {name: list(group.get("bad", [])) for name, group in groups.items()}
    return good, bad
