"""What a token, its driver and its company use when somebody asks to charge."""

from __future__ import annotations

from customers.authorisation.lookup import KnownToken
from customers.limits.usage import Asked, Level, Own, Use, month_began_at, use_since
from stations.ocpp.authorisation.protocol import AuthorisationRequest


def use_of(token: KnownToken, request: AuthorisationRequest) -> dict[Level, Use]:
    """Use of every level that has a countable limit, apart from the session that asks: its
    transaction, or the EVSE where a new start ends the old one. One statement at most."""
    return use_since(
        month_began_at(request.at, token.operator_zone),
        operator_id=request.operator_id,
        asked=_asked(token),
        own=Own(request.station_id, request.transaction_id, request.evse_number),
    )


def _asked(token: KnownToken) -> list[Asked]:
    """What names the sessions of each level whose use counts."""
    names: dict[Level, str] = {"token": token.uid}
    if token.driver is not None:
        names["driver"] = token.driver.public_id
    if token.company is not None:
        names["company"] = token.company.public_id
    return [
        Asked(
            one.level,
            names[one.level],
            "" if one.max_gross_per_month is None else one.limit_currency,
        )
        for one in token.levels
        if one.counts_use
    ]
