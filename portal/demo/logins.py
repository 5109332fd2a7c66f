"""Files beside the demo's data: log-ins for people, passwords for the simulated stations."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from portal.demo.people import DEMO_PASSWORD, PEOPLE
from portal.demo.plan import DemoOperator, DemoPlan, DemoSite, DemoStation

LOGINS_FILE: Final = "demo.json"
STATIONS_FILE: Final = "demo-stations.json"


def write_private(path: Path, content: Any) -> None:
    """Write JSON that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")
    draft.chmod(0o600)
    draft.replace(path)


def logins(*, url: str, websocket_url: str, api_token: str) -> dict[str, Any]:
    """What ``make demo`` prints."""
    return {
        "url": url,
        "websocket_url": websocket_url,
        "logins": [
            {"role": person.role, "email": person.email, "password": DEMO_PASSWORD}
            for person in PEOPLE
        ],
        "api_token": api_token,
    }


def fleet(plan: DemoPlan, passwords: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The stations and tokens as ``manage.py simulate`` reads them
    (stations/simulator/specs.py)."""
    return {
        "stations": [
            _station(operator, site, station, passwords[station.identity])
            for operator in plan.operators
            for site in operator.sites
            for station in site.stations
        ],
        "tokens": {
            operator.slug: {
                "good": [token.uid for token in operator.tokens if token.may_charge_at(now)],
                "bad": [token.uid for token in operator.tokens if not token.may_charge_at(now)],
            }
            for operator in plan.operators
        },
    }


def _station(
    operator: DemoOperator, site: DemoSite, station: DemoStation, password: str
) -> dict[str, Any]:
    return {
        "identity": station.identity,
        "password": password,
        "version": station.make.ocpp_version,
        "vendor": station.make.vendor,
        "model": station.make.model,
        "serial_number": station.serial_number,
        "firmware_version": station.firmware_version,
        "kind": site.kind.value,
        "token_group": operator.slug,
        "evses": [
            {
                "number": evse.number,
                "max_power_w": evse.max_power_w,
                "is_dc": evse.is_dc,
                "connectors": len(evse.connector_types),
            }
            for evse in station.evses
        ],
    }
