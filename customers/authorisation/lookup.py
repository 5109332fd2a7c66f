"""Finding a presented token fast, with its driver, company and limits: one statement, no model
instances.

Every start of every session comes through here, so it does what ``find_token`` does for
people with a hundredth of the work. The operator is part of the statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.database import prepared
from customers.authorisation.limits import Limits
from customers.limits.hours import read_windows
from customers.limits.usage import Level
from customers.tokens.uid import normalise

_LIMITS: Final = (
    "{0}.max_concurrent_sessions, {0}.max_energy_wh_per_month, {0}.max_gross_per_month,"
    " {0}.limit_currency, {0}.allowed_hours::text,"
    " ARRAY(SELECT s.site_id FROM {1}_allowed_sites s WHERE s.{2}_id = {0}.id)"
)
# Whoever pays today: of the driver, else of the company.
_PAYER: Final = (
    "(SELECT l.account_id FROM {0} l WHERE l.owner_id = {1}.id AND"
    " daterange(l.valid_from_on, l.valid_until_on, '[]')"
    " @> (now() AT TIME ZONE o.time_zone)::date)"
)
_FIND: Final = f"""
SELECT t.id, t.uid, t.status, t.expires_at, t.group_id, t.label, t.purpose, t.kind,
       t.printed_number, o.time_zone, p.time_zone,
       {_LIMITS.format("t", "customers_idtoken", "idtoken")},
       d.public_id, d.name, d.employee_number, d.status, d.valid_from_on, d.valid_until_on,
       {_LIMITS.format("d", "customers_driver", "driver")},
       c.public_id, c.name, c.status,
       {_LIMITS.format("c", "customers_company", "company")},
       (SELECT a.status FROM billing_billingaccount a WHERE a.id = COALESCE(
         {_PAYER.format("customers_driveraccount", "d")},
         {_PAYER.format("customers_companyaccount", "c")})),
       d.cost_centre, v.public_id, v.registration_number, v.cost_centre, q.site_id
FROM unnest(%s::bigint[], %s::text[]) AS q(site_id, uid)
JOIN customers_idtoken t ON t.operator_id = %s AND upper(t.uid) = q.uid
JOIN core_operator o ON o.id = t.operator_id
LEFT JOIN stations_site p ON p.id = q.site_id
LEFT JOIN customers_driver d ON d.id = t.driver_id
LEFT JOIN customers_company c ON c.id = COALESCE(t.company_id, d.company_id)
LEFT JOIN customers_vehicle v ON v.id = t.vehicle_id AND
  daterange(v.valid_from_on, v.valid_until_on, '[]') @> (now() AT TIME ZONE o.time_zone)::date
"""  # noqa: S608 - names of ours


@dataclass(frozen=True, slots=True)
class KnownDriver:
    """Whose token it is."""

    public_id: str
    name: str
    employee_number: str
    cost_centre: str
    status: str
    valid_from_on: date | None
    valid_until_on: date | None


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """The company of the driver, or of the pool."""

    public_id: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class KnownVehicle:
    """What the card sits in, on its days of validity."""

    public_id: str
    registration_number: str
    cost_centre: str


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token as the authoriser needs it; ``levels`` from the token up."""

    pk: int
    uid: str
    status: str
    expires_at: datetime | None
    group_id: str
    label: str
    purpose: str
    kind: str
    printed_number: str
    operator_zone: ZoneInfo
    site_zone: ZoneInfo
    driver: KnownDriver | None
    company: KnownCompany | None
    vehicle: KnownVehicle | None
    account_status: str | None
    levels: tuple[Limits, ...]


def find_known_token(operator_id: int, presented: str, site_id: int) -> KnownToken | None:
    """The operator's token with this UID, compared without case; the exact spelling first."""
    return find_known_tokens(operator_id, [(presented, site_id)])[0]


def find_known_tokens(
    operator_id: int, presented: Sequence[tuple[str, int]]
) -> list[KnownToken | None]:
    """The same for several (UID, site) at once, in their order, by one statement."""
    asked = [(site_id, _forms(uid)) for uid, site_id in presented]
    found = _read(operator_id, {(site_id, form) for site_id, forms in asked for form in forms})
    return [
        next((found[key] for form in forms if (key := (site_id, form)) in found), None)
        for site_id, forms in asked
    ]


def _forms(presented: str) -> tuple[str, str]:
    plain = presented.strip()
    return plain.upper(), normalise(plain).uid.upper()


def known_tokens(operator_id: int, uids: list[str], site_id: int) -> dict[str, KnownToken]:
    """The operator's tokens with these UIDs in upper case, by UID in upper case."""
    found = _read(operator_id, {(site_id, uid) for uid in uids})
    return {uid: token for (_site_id, uid), token in found.items()}


def _read(operator_id: int, keys: set[tuple[int, str]]) -> dict[tuple[int, str], KnownToken]:
    """Tokens by site and UID in upper case."""
    sites, uids = [key[0] for key in keys], [key[1] for key in keys]
    rows = prepared(_FIND, [sites, uids, operator_id])
    return {(row[-1], row[1].upper()): _known(row) for row in rows}


def _known(row: tuple[Any, ...]) -> KnownToken:
    own, zones, rest = row[:9], row[9:11], row[11:]
    token_limits, driver, driver_limits = rest[:6], rest[6:12], rest[12:18]
    company, company_limits = rest[18:21], rest[21:27]
    levels = [_limits("token", token_limits)]
    if driver[0] is not None:
        levels.append(_limits("driver", driver_limits))
    if company[0] is not None:
        levels.append(_limits("company", company_limits))
    return KnownToken(
        pk=own[0],
        uid=own[1],
        status=own[2],
        expires_at=own[3],
        group_id=own[4],
        label=own[5],
        purpose=own[6],
        kind=own[7],
        printed_number=own[8],
        operator_zone=ZoneInfo(zones[0]),
        site_zone=ZoneInfo(zones[1] or zones[0]),
        driver=_driver(driver, rest[28]),
        company=KnownCompany(*company) if company[0] is not None else None,
        vehicle=KnownVehicle(*rest[29:32]) if rest[29] is not None else None,
        account_status=rest[27],
        levels=tuple(levels),
    )


def _driver(row: tuple[Any, ...], cost_centre: str) -> KnownDriver | None:
    public_id, name, employee_number, status, valid_from_on, valid_until_on = row
    if public_id is None:
        return None
    return KnownDriver(
        public_id, name, employee_number, cost_centre, status, valid_from_on, valid_until_on
    )


def _limits(level: Level, row: tuple[Any, ...]) -> Limits:
    sessions, energy_wh, gross, currency, hours, sites = row
    return Limits(
        level=level,
        max_concurrent_sessions=sessions,
        max_energy_wh_per_month=energy_wh,
        max_gross_per_month=gross,
        limit_currency=currency or "",
        allowed_site_ids=frozenset(sites or ()),
        allowed_hours=read_windows(json.loads(hours)) if hours not in (None, "[]") else (),
    )
