"""What the intake of EV-ChART checks of a module's file, written down from its published rules."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from typing import Any

DECIMAL = "decimal"
MOMENT = "moment"
TEXT = "text"
WORD = "boolean"
NUMBER = "integer"
Rule = tuple[str, bool, dict[str, Any]]
_ID: dict[str, Any] = {"most": 36}
_FREE: dict[str, Any] = {"most": 255}
FIELDS: dict[int, dict[str, Rule]] = {
    2: {
        "port_id": (TEXT, True, _ID),
        "charger_id": (TEXT, False, _ID),
        "session_id": (TEXT, True, _ID),
        "connector_id": (TEXT, False, _ID),
        "session_start": (MOMENT, True, {}),
        "session_end": (MOMENT, True, {}),
        "session_error": (TEXT, True, _FREE),
        "error_other": (TEXT, False, _FREE),
        "energy_kwh": (DECIMAL, True, {"digits": 7, "least": 0}),
        "power_kw": (DECIMAL, True, {"digits": 7, "least": 0}),
        "payment_method": (TEXT, True, _FREE),
        "payment_other": (TEXT, False, _FREE),
    },
    3: {
        "port_id": (TEXT, True, _ID),
        "uptime_reporting_start": (MOMENT, True, {}),
        "uptime_reporting_end": (MOMENT, True, {}),
        "uptime": (DECIMAL, False, {"digits": 5, "least": 0}),
        "total_outage": (DECIMAL, True, {"digits": 8, "least": 0}),
        "total_outage_excl": (DECIMAL, True, {"digits": 8, "least": 0}),
    },
    4: {
        "port_id": (TEXT, True, _ID),
        "outage_id": (MOMENT, True, {}),
        "outage_duration": (DECIMAL, True, {"digits": 8, "least": 0.01}),
        "excluded_outage": (WORD, True, {}),
        "excluded_outage_reason": (NUMBER, False, {"from": 1, "until": 6}),
        "excluded_outage_notes": (TEXT, False, _FREE),
    },
}
KEYS = {
    2: ("station_id", "port_id", "session_id"),
    3: ("station_id", "port_id", "uptime_reporting_start", "uptime_reporting_end"),
    4: ("station_id", "port_id", "outage_id"),
}
_OWN = {"station_id", "network_provider"}
_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?")


def read(body: bytes) -> list[dict[str, str]]:
    """The rows; ValueError for a file that is no plain UTF-8 CSV of equally long lines."""
    lines = list(csv.reader(body.decode("ascii").splitlines()))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def problems(module: int, body: bytes) -> list[str]:
    """What the intake would refuse."""
    rows, fields = read(body), FIELDS[module]
    header = body.decode().splitlines()[0].split(",")
    found = [f"unknown {name}" for name in header if name not in fields and name not in _OWN]
    found += [f"missing {name}" for name in (*fields, *_OWN) if name not in header]
    found += [f"twice {name}" for name in set(header) if header.count(name) > 1]
    if not rows:
        found.append("empty")
    for place, row in enumerate(rows, 2):
        found += [f"{place} {name}: empty" for name in (*_OWN, "port_id") if not row[name]]
        told = {name for name in fields if name != "port_id" and row[name]}
        if module == 3 or told:  # a row without anything says that there was nothing
            found += [f"{place} {one}" for one in _row(row, fields)]
    keys = [tuple(row[name] for name in KEYS[module]) for row in rows]
    return found + [f"duplicate {key}" for key in set(keys) if keys.count(key) > 1]


def _row(row: dict[str, str], fields: dict[str, Rule]) -> list[str]:
    found = []
    for name, (kind, is_required, limits) in fields.items():
        value = row[name]
        if value == "":
            found += [f"{name}: empty"] if is_required else []
        elif not _CHECKS[kind](value, limits):
            found.append(f"{name}: {value}")
    return found


def _decimal(value: str, limits: dict[str, Any]) -> bool:
    whole, _dot, places = value.lstrip("+-").partition(".")
    fits = len(whole) <= limits["digits"] - 2 and len(places) <= 2
    return fits and float(value) >= limits["least"]


def _moment(value: str, _limits: dict[str, Any]) -> bool:
    datetime.fromisoformat(value)
    return _PATTERN.fullmatch(value) is not None


_CHECKS: dict[str, Any] = {
    DECIMAL: _decimal,
    MOMENT: _moment,
    TEXT: lambda value, limits: len(value) <= limits["most"] and not value.isspace(),
    WORD: lambda value, _limits: value.upper() in {"TRUE", "FALSE"},
    NUMBER: lambda value, limits: limits["from"] <= int(value) <= limits["until"],
}
