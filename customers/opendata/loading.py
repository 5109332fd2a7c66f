"""Reads the public places of the operator in scope with their prices for anyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from billing.rating.cdr_tariff import document_of
from billing.rating.coming import coming_prices
from billing.rating.price_text import price_text
from billing.rating.pricing import tariff_of
from billing.rating.session_facts import NotRateable
from billing.tariffs.afir import is_for_ad_hoc
from billing.tariffs.model import Tariff, TariffError
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from customers.attribution.attributor import answer_all
from customers.attribution.loading import Question
from customers.opendata.facts import AdHoc, Plug, Point, Pole, Price, Spot, status_of
from stations.hardware import fleet
from stations.hardware.models import Connector, Evse
from stations.sessions.models import Session, SessionState
from stations.sites.choices import PublicAccess
from stations.sites.models import Site

_SHOWN: Final = (PublicAccess.PUBLIC, PublicAccess.PART_TIME)


def public_sites() -> QuerySet[Site]:
    """Places that are stated to be accessible to the public, at least part of the time."""
    rows: QuerySet[Site] = Site.objects.filter(public_access__in=_SHOWN, retired_on=None)
    return rows.order_by("name", "pk")


def is_complete() -> Q:
    """What a place must have to be published: where it is."""
    return ~Q(address="") & ~Q(city="") & Q(latitude__isnull=False, longitude__isnull=False)


def load_spots(operator: Operator, now: datetime) -> list[Spot]:
    """All public places with their EVSEs; a fixed number of queries. An EVSE without a connector
    of a known type is left out: both forms ask for one."""
    sites = list(public_sites().filter(is_complete()))
    evses = [one for one in _evses().filter(station__site__in=sites) if one.connectors.all()]
    prices = _prices(operator, evses, now)
    by_site: dict[int, dict[str, list[Point]]] = {}
    for evse in evses:
        poles = by_site.setdefault(evse.station.site_id, {})
        point = _point(evse, prices.get(evse.pk))
        poles.setdefault(evse.station.public_id, []).append(point)
    return [_spot(site, by_site[site.pk]) for site in sites if site.pk in by_site]


def _evses() -> QuerySet[Any]:
    live = Session.objects.filter(evse=OuterRef("pk"), state=SessionState.ACTIVE)
    rows: QuerySet[Any] = Evse.objects.filter(
        retired_on=None, station__retired_on=None, is_confirmed=True
    ).exclude(public_access=PublicAccess.PRIVATE)
    known = Connector.objects.filter(retired_on=None).exclude(connector_type="UNKNOWN")
    plugs = Prefetch("connectors", known.order_by("number"))
    found: QuerySet[Any] = (
        rows.annotate(
            worst=fleet.worst_status(evse=OuterRef("pk")),
            connected=Coalesce("station__link__is_connected", False),
            busy=Exists(live),
        )
        .select_related("station__site", "station__link")
        .prefetch_related(plugs)
        .order_by("station__name", "station_id", "number")
    )
    return found


def _point(evse: Any, price: AdHoc | None) -> Point:
    plugs = [
        Plug(one.number, one.connector_type, one.is_tethered, one.max_power_w or 0)
        for one in evse.connectors.all()
    ]
    word = status_of(evse.worst, is_connected=evse.connected, has_session=evse.busy)
    return Point(
        id=f"{evse.station.public_id}-{evse.number}",
        evse_id=evse.public_id or "",
        current=evse.current_type,
        power_w=evse.max_power_w or max((one.power_w for one in plugs), default=0),
        status=word,
        changed_at=_changed_at(evse),
        plugs=plugs,
        payment_ways=evse.payment_ways,
        restrictions=evse.parking_restrictions,
        price=price,
    )


def _changed_at(evse: Any) -> datetime:
    link = getattr(evse.station, "link", None)
    told = [one.status_received_at for one in evse.connectors.all() if one.status_received_at]
    linked = [at for at in (link.connected_at, link.disconnected_at) if at] if link else []
    found: datetime = max([*told, *linked], default=evse.station.created_at)
    return found


def _spot(site: Site, poles: Mapping[str, Sequence[Point]]) -> Spot:
    assert site.latitude is not None
    assert site.longitude is not None
    return Spot(
        id=site.public_id,
        name=site.name,
        address=site.address,
        postal_code=site.postal_code,
        city=site.city,
        country=site.country_code,
        latitude=site.latitude,
        longitude=site.longitude,
        zone=site.time_zone,
        parking=site.parking_type,
        directions=site.directions,
        operator_phone=site.operator_phone,
        owner=site.owner_name,
        is_renewable=site.is_renewable,
        hours=site.opening_hours,
        poles=[Pole(ref, points) for ref, points in poles.items()],
        created_at=site.created_at,
    )


def _prices(operator: Operator, evses: Sequence[Any], now: datetime) -> dict[int, AdHoc]:
    """What somebody without a card pays at each EVSE, where anybody may."""
    questions = {
        one.pk: Question(
            at=now, site_id=one.station.site_id, station_id=one.station_id, evse_id=one.pk
        )
        for one in evses
    }
    if not questions:
        return {}
    chosen = {
        pk: answer.choice.version.id
        for pk, answer in answer_all(questions, operator).items()
        if answer.choice is not None and answer.choice.version is not None
    }
    zones = {one.pk: one.station.site.time_zone for one in evses}
    keys = {(version, zones[pk]) for pk, version in chosen.items()}
    known = _ad_hoc(operator, keys, now)
    found = {pk: known.get((version, zones[pk])) for pk, version in chosen.items()}
    return {pk: price for pk, price in found.items() if price is not None}


def _ad_hoc(
    operator: Operator, keys: Iterable[tuple[int, str]], now: datetime
) -> dict[tuple[int, str], AdHoc]:
    wanted = sorted(keys)
    rows = TariffVersion.objects.filter(pk__in={pk for pk, _zone in wanted})
    versions = {row.pk: row for row in rows.select_related("tariff")}
    found = {}
    for pk, zone in wanted:
        made = _price_of(versions[pk], operator, zone, now) if pk in versions else None
        if made is not None:
            found[pk, zone] = made
    return found


def _price_of(row: TariffVersion, operator: Operator, zone: str, now: datetime) -> AdHoc | None:
    try:
        tariff = tariff_of(row).tariff
    except (NotRateable, TariffError, ValueError):
        return None
    if not is_for_ad_hoc(tariff) or tariff.extras.announced_afterwards:
        return None
    prices: list[Price] = _parts(tariff)
    elements: list[dict[str, Any]] = []
    if tariff.extras.spot is not None and all(one.kind != "ENERGY" for one in prices):
        energy = _spot_now(tariff, operator, zone, now)
        if energy is None:
            return None
        prices.insert(0, energy)
        elements = [{"price_components": [_component(energy)]}]
    if not prices:
        return None
    document = document_of(row, operator, "2.2.1", elements) | {"type": "AD_HOC_PAYMENT"}
    return AdHoc(
        id=document["id"],
        currency=tariff.currency,
        is_with_tax=tariff.tax_included == "YES",
        prices=prices,
        words={
            "sv": price_text(tariff, "sv", with_tax=True),
            "en": price_text(tariff, "en", with_tax=True),
        },
        document=document,
    )


def _parts(tariff: Tariff) -> list[Price]:
    """The first price of each kind that holds always; the words tell the others."""
    found: dict[str, Price] = {}
    for element in tariff.elements:
        if element.restrictions != type(element.restrictions)():
            continue
        for one in element.price_components:
            found.setdefault(one.type, Price(one.type, one.price, one.vat))
    return list(found.values())


def _spot_now(tariff: Tariff, operator: Operator, zone: str, now: datetime) -> Price | None:
    """The spot price of this quarter; None while it is not known: without it the rest would
    look like all that is paid."""
    coming = coming_prices(tariff, operator_id=operator.pk, zone=zone, now=now)
    if not coming or coming[0].price is None or tariff.extras.spot is None:
        return None
    return Price("ENERGY", coming[0].price, tariff.extras.spot.vat)


def _component(price: Price) -> dict[str, Any]:
    found: dict[str, Any] = {"type": price.kind, "price": price.amount, "step_size": 1}
    return found if price.vat is None else found | {"vat": price.vat}
