"""What a site's next charging basis has to take, read in a fixed number of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Upper

from billing.rating.models import BillingState, SessionBilling
from billing.sellers.models import ContractForm, SiteContract
from customers.basis.layout import Line
from customers.basis.whose import Charged, Home, Unknown, Whose, whose
from customers.residents.models import Resident
from customers.tokens.models import IdToken
from stations.sessions.models import SessionState
from stations.sites.models import Site

# What is due of a session is all of it, nothing where it was waived, dropped or free; less what
# bases took before. What an invoice has taken is no basis' any more.
_DUE: Final = """
SELECT s.id, s.public_id, s.id_token, s.evse_id, coalesce(r.started_at, s.started_at) AS started_at,
  r.delivered_on, coalesce(s.token_snapshot->>'driver', '') AS driver,
  coalesce(s.token_snapshot->>'driver_name', '') AS driver_name,
  coalesce(s.token_snapshot->>'company', '') AS company,
  coalesce(s.token_snapshot->>'company_name', '') AS company_name,
  b.state, r.currency, r.energy_wh, r.net, r.tax, r.gross, a.name AS station,
  c.host_is_vat_registered AS is_taxed, t.n, t.energy_wh AS taken_wh, t.net AS taken_net,
  t.tax AS taken_tax, t.gross AS taken_gross,
  (SELECT w.resident_id FROM customers_basisitem i JOIN customers_basisrow w ON w.id = i.row_id
   WHERE i.session_id = s.id ORDER BY i.number DESC LIMIT 1) AS taken_resident
FROM billing_ratedsession r
JOIN billing_sessionbilling b ON b.session_id = r.session_id
JOIN stations_session s ON s.id = r.session_id
JOIN stations_station a ON a.id = r.station_id
JOIN billing_sitecontract c ON c.site_id = r.site_id AND c.form = 'not_invoiced'
  AND (c.valid_from_on IS NULL OR c.valid_from_on <= r.delivered_on)
  AND (c.valid_until_on IS NULL OR r.delivered_on <= c.valid_until_on)
LEFT JOIN LATERAL (
  SELECT count(*) AS n, coalesce(sum(i.energy_wh), 0) AS energy_wh, coalesce(sum(i.net), 0) AS net,
    coalesce(sum(i.tax), 0) AS tax, coalesce(sum(i.gross), 0) AS gross
  FROM customers_basisitem i WHERE i.session_id = s.id) t ON true
WHERE r.operator_id = %(operator)s AND r.site_id = %(site)s AND r.is_current
  AND r.delivered_on <= %(until)s
  AND NOT EXISTS (SELECT FROM billing_billableitem x
    WHERE x.session_id = s.id AND x.taken_at IS NOT NULL)
  AND (t.n = 0 OR t.gross <> CASE WHEN b.state = 'rated' THEN r.gross ELSE 0 END
       OR t.energy_wh <> CASE WHEN b.state = 'rated' THEN r.energy_wh ELSE 0 END)
ORDER BY r.started_at, s.id
"""
_NOTHING: Final = (BillingState.WAIVED, BillingState.DROPPED, BillingState.FREE)
_UNDECIDED: Final = (BillingState.HELD, BillingState.WAITING, BillingState.AWAITING_PRICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One session with what is due of it: all, or what changed since a basis took it
    (``number`` is above 1 then)."""

    session_id: int
    session: str
    station: str
    token: str
    driver: str
    driver_name: str
    company_name: str
    started_at: datetime
    delivered_on: date
    number: int
    currency: str
    is_taxed: bool
    energy_wh: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    resident_id: int | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisDue:
    """What is due of a site up to a day: of residents, of nobody, and what is undecided by
    state."""

    residents: dict[int, Resident]
    known: list[Due]
    unknown: list[Due]
    undecided: Counter[str]

    def lines(self, currency: str) -> list[tuple[Resident, Line, list[Due]]]:
        """A line a resident, in the order of object, apartment, bay and name."""
        by_resident: dict[int, list[Due]] = {}
        for one in self.known:
            if one.currency == currency and one.resident_id is not None:
                by_resident.setdefault(one.resident_id, []).append(one)
        found = [
            (self.residents[key], _line(self.residents[key], items), items)
            for key, items in by_resident.items()
        ]
        return sorted(found, key=lambda row: _order(row[0]))

    @property
    def currencies(self) -> list[str]:
        """Of what is due; nearly always one."""
        return sorted({one.currency for one in self.known})


def load_basis(site: Site, until_on: date) -> BasisDue:
    """What is due at a site up to a day, included; inside the operator's scope."""
    values: dict[str, int | date] = {
        "operator": site.operator_id,
        "site": site.pk,
        "until": until_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    residents = {
        one.pk: one for one in Resident.objects.filter(site=site).select_related("bay", "driver")
    }
    homes = [_home(one) for one in residents.values()]
    owners = _owners([row["id_token"] for row in rows if not (row["driver"] or row["company"])])
    known: list[Due] = []
    unknown: list[Due] = []
    for row in rows:
        if row["state"] in _UNDECIDED:
            continue
        due = _due(row, _charged(row, owners, site), homes)
        if due is not None:
            (known if due.resident_id is not None else unknown).append(due)
    return BasisDue(
        residents=residents, known=known, unknown=unknown, undecided=_undecided(site, until_on)
    )


def _undecided(site: Site, until_on: date) -> Counter[str]:
    """Sessions that began up to the day, while nobody invoices, and may still come right."""
    zone = ZoneInfo(site.time_zone)
    ends_at = datetime.combine(until_on + timedelta(days=1), time(), zone)
    rows = SessionBilling.objects.filter(
        session__station__site=site, state__in=_UNDECIDED, session__started_at__lt=ends_at
    ).exclude(session__state=SessionState.ACTIVE)
    contracts = SiteContract.objects.filter(site=site, form=ContractForm.NOT_INVOICED)
    first = contracts.order_by(F("valid_from_on").asc(nulls_first=True)).first()
    if first is not None and first.valid_from_on is not None:
        since = datetime.combine(first.valid_from_on, time(), zone)
        rows = rows.filter(session__started_at__gte=since)
    return Counter(
        {row["state"]: row["n"] for row in rows.order_by().values("state").annotate(n=Count("pk"))}
    )


def _home(resident: Resident) -> Home:
    return Home(
        id=resident.pk,
        driver=resident.driver.public_id if resident.driver else "",
        evse_id=resident.bay.evse_id if resident.bay else None,
        from_on=resident.valid_from_on,
        until_on=resident.valid_until_on,
    )


def _owners(tokens: Sequence[str]) -> dict[str, tuple[str, str, str, str]]:
    """Driver and company of cards that were nobody's when they began a session, as of now."""
    wanted = {token.strip().upper() for token in tokens} - {""}
    rows = (
        IdToken.objects.annotate(upper_uid=Upper("uid"))
        .filter(upper_uid__in=wanted)
        .select_related("driver", "company")
    )
    return {
        token.uid.upper(): (
            token.driver.public_id if token.driver else "",
            token.driver.name if token.driver else "",
            token.company.public_id if token.company else "",
            token.company.name if token.company else "",
        )
        for token in rows
    }


def _charged(row: dict[str, Any], owners: Mapping[str, tuple[str, ...]], site: Site) -> Charged:
    """Who charged. Names of owners of now are put into the row."""
    owner = owners.get(row["id_token"].strip().upper())
    if owner is not None and not (row["driver"] or row["company"]):
        row["driver"], row["driver_name"], row["company"], row["company_name"] = owner
    return Charged(
        day=row["started_at"].astimezone(ZoneInfo(site.time_zone)).date(),
        evse_id=row["evse_id"],
        token=row["id_token"],
        driver=row["driver"],
        company=row["company"],
    )


def _due(row: dict[str, Any], charged: Charged, homes: Sequence[Home]) -> Due | None:
    """What is due of a session; None where that is nothing and nothing was taken."""
    is_nothing = row["state"] in _NOTHING
    if is_nothing and not row["n"]:
        return None
    found = Whose(row["taken_resident"]) if row["n"] else whose(charged, homes)
    zero = Decimal(0)
    gross = zero if is_nothing else row["gross"]
    tax = zero if is_nothing or not row["is_taxed"] else row["tax"]
    energy_wh = zero if is_nothing else row["energy_wh"]
    return Due(
        session_id=row["id"],
        session=row["public_id"],
        station=row["station"],
        token=row["id_token"],
        driver=row["driver"],
        driver_name=row["driver_name"],
        company_name=row["company_name"],
        started_at=row["started_at"],
        delivered_on=row["delivered_on"],
        number=row["n"] + 1,
        currency=row["currency"],
        is_taxed=row["is_taxed"],
        energy_wh=energy_wh - row["taken_wh"],
        net=gross - tax - row["taken_net"],
        tax=tax - row["taken_tax"],
        gross=gross - row["taken_gross"],
        resident_id=found.resident_id,
        unknown=found.unknown,
    )


def _line(resident: Resident, items: Sequence[Due]) -> Line:
    return Line(
        object_number=resident.object_number,
        apartment=resident.apartment,
        bay=resident.bay.name if resident.bay else "",
        name=resident.name,
        email=resident.email,
        energy_wh=sum((one.energy_wh for one in items), Decimal(0)),
        session_count=sum(one.number == 1 for one in items),
        net=sum((one.net for one in items), Decimal(0)),
        tax=sum((one.tax for one in items), Decimal(0)),
        gross=sum((one.gross for one in items), Decimal(0)),
        adjustment=sum((one.gross for one in items if one.number > 1), Decimal(0)),
    )


def _order(resident: Resident) -> tuple[str, str, str, str, int]:
    bay = resident.bay.name if resident.bay else ""
    return resident.object_number, resident.apartment, bay, resident.name, resident.pk
