"""Stations as the bridge knows them: looked up by identity at each handshake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[Any]]

_FIND = """
SELECT s.id, s.operator_id, s.site_id, s.identity, s.security_profile, s.password_digest,
       coalesce(nullif(s.assume_subprotocol, ''), s.quirks->>'assume_subprotocol',
                s.catalogue_quirks->>'assume_subprotocol', '') AS assume_subprotocol,
       s.hands_off, s.quirks, s.retired_on,
       site.time_zone, site.allow_profile_0,
       EXISTS (SELECT 1 FROM stations_devicevariable v WHERE v.station_id = s.id
               AND v.component = 'TariffCostCtrlr' AND v.variable = 'Enabled'
               AND v.variable_instance = 'Tariff' AND v.attribute = 'Actual'
               AND lower(v.value) = 'true') AS shows_prices
FROM stations_station s JOIN stations_site site ON site.id = s.site_id
JOIN core_operator o ON o.id = s.operator_id AND o.is_active
WHERE """
_BY_NAME = _FIND + "upper(s.identity) = upper(%s)"
_BY_OLD_UNIT = (
    _FIND + "s.id = (SELECT station_id FROM stations_hardwareunit"  # noqa: S608 - our own text
    " WHERE upper(identity) = upper(%s) ORDER BY removed_at DESC LIMIT 1)"
)
"""A unit that was replaced still knocks under its old identity; a station in use comes first."""


@dataclass(frozen=True, slots=True)
class KnownStation:
    """What the bridge needs of a station row while it is connected. ``shows_prices``: its device
    model says so (2.0.1 I01: TariffCostCtrlr, Enabled[Tariff])."""

    id: int
    operator_id: int
    site_id: int
    identity: str
    security_profile: int
    password_digest: str
    assume_subprotocol: str
    hands_off: bool
    zone: ZoneInfo
    allow_profile_0: bool
    is_retired: bool
    is_replaced: bool = False
    shows_prices: bool = False
    quirks: dict[str, Any] = field(default_factory=dict)


async def find_station(pool: Pool, identity: str) -> KnownStation | None:
    """The station with this identity in any letter case; None when there is none."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(_BY_NAME, [identity])
        row = await cursor.fetchone()
        known = row is not None
        if not known:
            await cursor.execute(_BY_OLD_UNIT, [identity])
            row = await cursor.fetchone()
    if row is None:
        return None
    return KnownStation(
        id=row["id"],
        operator_id=row["operator_id"],
        site_id=row["site_id"],
        identity=row["identity"],
        security_profile=row["security_profile"],
        password_digest=row["password_digest"],
        assume_subprotocol=row["assume_subprotocol"],
        hands_off=row["hands_off"],
        zone=_zone(row["time_zone"]),
        allow_profile_0=row["allow_profile_0"],
        is_retired=row["retired_on"] is not None,
        is_replaced=not known,
        shows_prices=row["shows_prices"],
        quirks=row["quirks"] or {},
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
