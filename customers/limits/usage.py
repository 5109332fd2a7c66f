"""What a token, a driver or a company uses: one statement over the sessions.

Sessions belong to the driver and company that their token snapshot names: those of the time
when they began. A session that began before the last two months counts no more, be it running;
that bounds the rows read. What a session costs is its price, or what it has cost so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from core.database import prepared

Level = Literal["token", "driver", "company"]

_LOOK_BACK: Final = timedelta(days=31)
_WHOSE: Final[dict[Level, str]] = {
    "token": "upper(s.id_token) = %s",
    "driver": "(s.token_snapshot ->> 'driver') = %s",
    "company": "(s.token_snapshot ->> 'company') = %s",
}
_COUNT: Final = """
SELECT '{level}',
       count(*) FILTER (WHERE s.state = 'active' AND NOT (s.station_id = %s
         AND COALESCE(s.ocpp_transaction_id = %s OR s.evse_number = %s, false))),
       COALESCE(sum(COALESCE(s.energy_wh, s.register_wh - s.meter_start_wh, 0))
         FILTER (WHERE s.first_received_at >= %s), 0),
       {gross}
FROM stations_session s {joined}
WHERE s.operator_id = %s AND {whose} AND s.first_received_at >= %s
"""
_NO_GROSS: Final = "0::numeric"
_GROSS: Final = """
       COALESCE(sum(COALESCE(r.gross, b.running_gross))
         FILTER (WHERE s.first_received_at >= %s
           AND COALESCE(r.currency, b.running_currency) = %s
           AND b.state NOT IN ('free', 'waived', 'dropped')), 0)
"""
_PRICED: Final = """
LEFT JOIN billing_sessionbilling b ON b.session_id = s.id
LEFT JOIN billing_ratedsession r ON r.session_id = s.id AND r.is_current
"""


@dataclass(frozen=True, slots=True)
class Use:
    """What a level uses now: running sessions elsewhere, energy of this month, and what the
    sessions of this month cost with tax, in the currency that was asked for."""

    running_sessions: int
    energy_wh: int
    gross: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose use is wanted: ``name`` is the UID, or the owner's public id. Without ``currency``
    money is left out, with the tables that know it."""

    level: Level
    name: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """The session that asks, which does not count as running elsewhere."""

    station_id: int | None = None
    transaction_id: str | None = None
    evse_number: int | None = None


def month_began_at(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the month of ``at`` in ``zone``."""
    return at.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def use_since(
    began_at: datetime, *, operator_id: int, asked: Sequence[Asked], own: Own
) -> dict[Level, Use]:
    """The use of each level since ``began_at``; one statement, none for nobody."""
    if not asked:
        return {}
    statements, values = [], []
    for one in asked:
        money = (_GROSS, _PRICED) if one.currency else (_NO_GROSS, "")
        name = one.name.upper() if one.level == "token" else one.name
        statements.append(
            _COUNT.format(level=one.level, gross=money[0], joined=money[1], whose=_WHOSE[one.level])
        )
        values += [own.station_id, own.transaction_id, own.evse_number, began_at]
        values += [began_at, one.currency] if one.currency else []
        values += [operator_id, name, began_at - _LOOK_BACK]
    rows = prepared(" UNION ALL ".join(statements), values)
    return {level: Use(running, int(energy_wh), gross) for level, running, energy_wh, gross in rows}
