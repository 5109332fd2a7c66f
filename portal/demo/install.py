"""Making an installation a demo: once, and again where its files are gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from core.accounts.apitokens import create_api_token
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.tenancy.scopes import across_operators
from portal.demo.history import HISTORY
from portal.demo.logins import LOGINS_FILE, STATIONS_FILE, fleet, logins, write_private
from portal.demo.plan import DemoPlan
from portal.demo.seeding import SeedReport, is_seeded, plan_for, seed
from stations.hardware.models import Station
from stations.hardware.passwords import digest_password, make_password


def install(
    *,
    now: datetime,
    var_dir: Path,
    url: str,
    websocket_url: str,
    length: timedelta = HISTORY,
) -> SeedReport | None:
    """Seed once; returns None when the demo was there already.

    Where it is there but its files are gone, stations get new passwords and people a new API
    token, since neither can be read back from the database.
    """
    plan = plan_for(now)
    identities = [station.identity for op in plan.operators for station in op.stations]
    stored = _read(var_dir / LOGINS_FILE)
    if is_seeded(plan):
        if stored is None or not (var_dir / STATIONS_FILE).exists():
            _write_files(plan, _renew_passwords(identities), now, var_dir, url, websocket_url)
        elif (stored.get("url"), stored.get("websocket_url")) != (url, websocket_url):
            moved = {**stored, "url": url, "websocket_url": websocket_url}
            write_private(var_dir / LOGINS_FILE, moved)
        return None
    passwords = {identity: make_password() for identity in identities}
    report = seed(plan=plan, now=now, passwords=passwords, length=length)
    _write_files(plan, passwords, now, var_dir, url, websocket_url)
    return report


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _renew_passwords(identities: list[str]) -> dict[str, str]:
    passwords = {identity: make_password() for identity in identities}
    with across_operators("the demo has two operators"):
        stations = list(Station.objects.filter(identity__in=identities))
        for station in stations:
            password = passwords[station.identity].encode()
            station.password_digest = digest_password(password, settings.STATION_KEY)
        Station.objects.bulk_update(stations, ["password_digest"])
    return passwords


def _write_files(
    plan: DemoPlan,
    passwords: Mapping[str, str],
    now: datetime,
    var_dir: Path,
    url: str,
    websocket_url: str,
) -> None:
    with across_operators("an API token of the demo's first operator"):
        _token, secret = create_api_token(
            operator=Operator.objects.get(slug=plan.operators[0].slug),
            name="Demo",
            permissions=Permission.values,
        )
    write_private(var_dir / STATIONS_FILE, fleet(plan, passwords, now))
    write_private(
        var_dir / LOGINS_FILE, logins(url=url, websocket_url=websocket_url, api_token=secret)
    )
