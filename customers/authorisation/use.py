"""What a token, its driver and its company use now: one statement over the sessions.

Sessions belong to the driver and company that their token snapshot names: those of the time
when they began. A session that began before the last two months counts no more, be it running;
that bounds the rows read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from core.database import prepared
from customers.authorisation.limits import Level, Use, month_began_at
from customers.authorisation.lookup import KnownToken
from stations.ocpp.authorisation.protocol import AuthorisationRequest

_LOOK_BACK: Final = timedelta(days=31)
_WHOSE: Final[dict[Level, str]] = {
    "token": "upper(id_token) = %s",
    "driver": "(token_snapshot ->> 'driver') = %s",
    "company": "(token_snapshot ->> 'company') = %s",
}
_COUNT: Final = """
SELECT '{level}',
       count(*) FILTER (WHERE state = 'active' AND NOT (station_id = %s
         AND COALESCE(ocpp_transaction_id = %s OR evse_number = %s, false))),
       COALESCE(sum(COALESCE(energy_wh, register_wh - meter_start_wh, 0))
         FILTER (WHERE first_received_at >= %s), 0)
FROM stations_session
WHERE operator_id = %s AND {whose} AND first_received_at >= %s
"""


def use_of(token: KnownToken, request: AuthorisationRequest) -> dict[Level, Use]:
    """Use of every level that has a countable limit, apart from the session that asks: its
    transaction, or the EVSE where a new start ends the old one."""
    began_at = month_began_at(request.at, token.operator_zone)
    statements, values = [], []
    for level, name in _names(token).items():
        statements.append(_COUNT.format(level=level, whose=_WHOSE[level]))
        own = (request.station_id, request.transaction_id, request.evse_number)
        values += [*own, began_at, request.operator_id, name, began_at - _LOOK_BACK]
    if not statements:
        return {}
    rows = prepared(" UNION ALL ".join(statements), values)
    return {level: Use(running, int(energy_wh)) for level, running, energy_wh in rows}


def _names(token: KnownToken) -> dict[Level, str]:
    """What names the sessions of each level whose use counts."""
    names: dict[Level, str] = {"token": token.uid.upper()}
    if token.driver is not None:
        names["driver"] = token.driver.public_id
    if token.company is not None:
        names["company"] = token.company.public_id
    return {one.level: names[one.level] for one in token.levels if one.counts_use}
