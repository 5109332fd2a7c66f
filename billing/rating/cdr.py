"""CDRs of rated sessions: OCPI 2.2.1 and 2.3.0, and the Credit CDR of each."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from billing.rating.cdr_tariff import tariff_for
from billing.rating.models import PriceLine, PricePeriod, RatedSession
from billing.rating.signed_values import signed_records
from core.errors import RuleViolation
from stations.hardware.models import Connector
from stations.sessions.models import Session

VERSIONS: Final = ("2.2.1", "2.3.0")
PLACES: Final = Decimal("0.0001")
"""OCPI numbers have at most four decimals."""

_COUNTRIES: Final = {
    "AT": "AUT", "BE": "BEL", "CH": "CHE", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST",
    "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "IE": "IRL", "IS": "ISL", "IT": "ITA",
    "LT": "LTU", "LU": "LUX", "LV": "LVA", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT",
    "SE": "SWE",
}  # fmt: skip
_POWER: Final = {"AC_1_PHASE": "AC_1_PHASE", "AC_3_PHASE": "AC_3_PHASE", "DC": "DC"}
_TOKENS: Final = {"app": "APP_USER", "card": "RFID", "rfid": "RFID", "key": "RFID"}
_COSTS: Final = {
    "ENERGY": "total_energy_cost",
    "TIME": "total_time_cost",
    "PARKING_TIME": "total_parking_cost",
    "IDLE_CAP": "total_parking_cost",
    "FLAT": "total_fixed_cost",
}

MOST_PLAIN: Final = {"2.2.1": 512, "2.3.0": 5000}
MOST_SIGNED: Final = 5000
"""So many characters a signed value may have in a CDR, as it is and in Base64."""


def cdr_of(rated: RatedSession, version: str) -> dict[str, Any]:
    """The CDR of a revision; numbers are Decimals of at most four places.

    Raises RuleViolation where OCPI demands what the site does not say.
    """
    session = rated.session
    lines = list(PriceLine.objects.filter(rated_session=rated).order_by("position"))
    operator = rated.operator
    document: dict[str, Any] = {
        "country_code": operator.country_code,
        "party_id": operator.party_id,
        "id": rated.public_id,
        "start_date_time": moment(rated.started_at),
        "end_date_time": moment(rated.stopped_at),
        "session_id": session.public_id,
        "cdr_token": _token(session, operator.country_code, operator.party_id),
        "auth_method": "COMMAND" if session.remote_start_id else "AUTH_REQUEST",
        "cdr_location": _location(session),
        "currency": rated.currency,
        "tariffs": [tariff_for(rated, version)],
        "charging_periods": _periods(rated),
        "total_cost": price(rated.net, rated.taxes, rated.gross, version),
        "total_energy": number(rated.energy_wh / 1000),
        "total_time": number(_hours(rated)),
        "total_parking_time": number(Decimal(rated.parking_s) / 3600),
        **_costs(lines, version),
        "last_updated": moment(rated.created_at),
    }
    signed = _signed(session, version)
    return document | ({"signed_data": signed} if signed else {})


def credit_cdr_of(rated: RatedSession, version: str) -> dict[str, Any]:
    """The CDR that takes another one back: the same, with a negative total cost alone."""
    document = cdr_of(rated, version)
    taxes = [
        one | {name: str(-Decimal(one[name])) for name in ("net", "tax", "gross")}
        for one in rated.taxes
    ]
    return document | {
        "id": f"{rated.public_id}-C",
        "total_cost": price(-rated.net, taxes, -rated.gross, version),
        "credit": True,
        "credit_reference_id": rated.public_id,
    }


def number(value: Decimal) -> Decimal:
    """At most four decimals."""
    return value.quantize(PLACES)


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with Z, as OCPI writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def price(
    net: Decimal, taxes: Sequence[Mapping[str, Any]], gross: Decimal, version: str
) -> dict[str, Any]:
    """A price in the form of a version."""
    if version == "2.2.1":
        return {"excl_vat": number(net), "incl_vat": number(gross)}
    amounts = [
        {
            "name": "VAT",
            "percentage": number(Decimal(one["rate"])),
            "amount": number(Decimal(one["tax"])),
        }
        for one in taxes
        if one["rate"] is not None
    ]
    return {"before_taxes": number(net)} | ({"taxes": amounts} if amounts else {})


def plain(value: Any) -> Any:
    """The document with numbers of JSON: a float of so few digits is written as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def _costs(lines: Sequence[PriceLine], version: str) -> dict[str, Any]:
    """Costs by dimension; a least or highest price is in the total alone, as OCPI has it."""
    grouped: dict[str, list[PriceLine]] = {}
    for line in lines:
        if line.kind in _COSTS:
            grouped.setdefault(_COSTS[line.kind], []).append(line)
    return {name: _sum(own, version) for name, own in grouped.items()}


def _sum(lines: Sequence[PriceLine], version: str) -> dict[str, Any]:
    by_rate: dict[str | None, Decimal] = {}
    for line in lines:
        rate = None if line.tax_rate is None else str(line.tax_rate)
        by_rate[rate] = by_rate.get(rate, Decimal()) + line.tax
    taxes = [{"rate": rate, "tax": str(tax)} for rate, tax in by_rate.items()]
    net = sum((line.net for line in lines), Decimal())
    return price(net, taxes, sum((line.gross for line in lines), Decimal()), version)


def _periods(rated: RatedSession) -> list[dict[str, Any]]:
    rows = PricePeriod.objects.filter(rated_session=rated).order_by("position")
    found = [
        {"start_date_time": moment(one.started_at), "dimensions": _dimensions(one)} for one in rows
    ]
    return found or [
        {
            "start_date_time": moment(rated.started_at),
            "dimensions": [{"type": "TIME", "volume": number(_hours(rated))}],
        }
    ]


def _dimensions(period: PricePeriod) -> list[dict[str, Any]]:
    seconds = Decimal((period.stopped_at - period.started_at).total_seconds())
    kind = {"idle": "PARKING_TIME", "reserved": "RESERVATION_TIME"}.get(period.kind, "TIME")
    found = [{"type": kind, "volume": number(seconds / 3600)}]
    if period.energy_wh:
        found.insert(0, {"type": "ENERGY", "volume": number(period.energy_wh / 1000)})
    return found


def _hours(rated: RatedSession) -> Decimal:
    return Decimal((rated.stopped_at - rated.started_at).total_seconds()) / 3600


def _token(session: Session, country: str, party: str) -> dict[str, Any]:
    snapshot: Mapping[str, Any] = session.token_snapshot or {}
    uid = (session.id_token or "unknown")[:36]
    return {
        "country_code": country,
        "party_id": party,
        "uid": uid,
        "type": _TOKENS.get(str(snapshot.get("kind", "")), "OTHER"),
        "contract_id": str(snapshot.get("printed_number") or uid)[:36],
    }


def _location(session: Session) -> dict[str, Any]:
    """The place as it was used: one EVSE with one connector."""
    site, evse = session.station.site, session.evse
    if site.latitude is None or site.longitude is None:
        raise RuleViolation(
            "site_position_missing",
            _("A CDR needs the position of the site %(site)s on the map.") % {"site": site},
        )
    connector = (
        Connector.objects.filter(evse=evse, number=session.connector_number or 1).first()
        if evse is not None
        else None
    )
    standard = connector.connector_type if connector else "UNKNOWN"
    return {
        "id": site.public_id,
        "name": site.name[:255],
        "address": (site.address or site.name)[:45],
        "city": (site.city or site.name)[:45],
        **({"postal_code": site.postal_code[:10]} if site.postal_code else {}),
        "country": _COUNTRIES.get(site.country_code, "SWE"),
        "coordinates": {"latitude": str(site.latitude), "longitude": str(site.longitude)},
        "evse_uid": str(evse.pk if evse else session.station.public_id),
        "evse_id": (evse.public_id if evse and evse.public_id else session.station.public_id)[:48],
        "connector_id": str(session.connector_number or 1),
        "connector_standard": "IEC_62196_T2" if standard == "UNKNOWN" else standard,
        "connector_format": "CABLE" if connector and connector.is_tethered else "SOCKET",
        "connector_power_type": _POWER.get(evse.current_type if evse else "", "AC_3_PHASE"),
    }


def _signed(session: Session, version: str) -> dict[str, Any] | None:
    """Signed values as sent, so that the driver can check them; what a CDR cannot carry whole is
    left out, since a part proves nothing."""
    records = signed_records([session]).get(session.pk, ())
    if not records:
        return None
    natures = {"B": "Start", "E": "End"}
    values = []
    for record in records:
        blob = base64.b64encode(record.data.encode()).decode()
        if len(blob) > MOST_SIGNED:
            continue
        reason = record.readings[-1].reason if record.readings else ""
        values.append(
            {
                "nature": natures.get(reason, "End" if reason else "Intermediate"),
                "plain_data": record.data[: MOST_PLAIN[version]],
                "signed_data": blob,
            }
        )
    if not values:
        return None
    key = next((one.public_key for one in records if one.public_key), "")
    return {"encoding_method": "OCMF", "signed_values": values} | (
        {"public_key": key[:512]} if key else {}
    )
