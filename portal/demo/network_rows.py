"""Writing the demo's operators, people, sites, stations and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.accounts.models import Membership, Operator, User
from customers.tokens.models import IdToken
from customers.tokens.uid import normalise
from portal.demo.cards import DemoToken
from portal.demo.disclosure import evse_fields, site_fields
from portal.demo.model_rows import match, write_models
from portal.demo.owners import Owners, write_owners
from portal.demo.people import DEMO_PASSWORD, PEOPLE
from portal.demo.plan import TIME_ZONE, DemoOperator, DemoPlan, DemoSite, DemoStation
from stations.hardware.choices import CurrentType
from stations.hardware.models import Connector, Evse, Station
from stations.hardware.passwords import digest_password
from stations.sites.models import MembershipSite, Site


@dataclass(slots=True)
class Ids:
    """Primary keys by the plan's own names."""

    operators: dict[str, int] = field(default_factory=dict)  # by slug
    stations: dict[str, int] = field(default_factory=dict)  # by identity
    evses: dict[tuple[str, int], int] = field(default_factory=dict)  # identity, number
    tokens: dict[str, int] = field(default_factory=dict)  # by UID
    owners: dict[str, dict[str, Any]] = field(default_factory=dict)  # snapshots, by UID


def write_network(plan: DemoPlan, passwords: Mapping[str, str]) -> Ids:
    """Write everything that is there before history; ``passwords`` by socket identity."""
    ids = Ids()
    for demo in plan.operators:
        operator = Operator.objects.create(
            name=demo.name,
            slug=demo.slug,
            party_id=demo.party_id,
            time_zone=TIME_ZONE,
            created_at=_opening(demo.sites[0].commissioned_on),
        )
        ids.operators[demo.slug] = operator.pk
        _write_sites(operator, demo, passwords, ids)
        _write_tokens(operator, demo, ids, write_owners(operator, demo, plan.today))
    _write_people(ids)
    return ids


def _opening(day: date) -> datetime:
    return datetime.combine(day, time(7), tzinfo=UTC)


def _write_people(ids: Ids) -> None:
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email, DEMO_PASSWORD, name=person.name, language=person.language
        )
        if person.is_member:
            member = Membership.objects.create(
                user=user,
                operator_id=ids.operators[person.operator],
                role=person.role,
                is_limited=bool(person.chosen_sites),
            )
            sites = Site.objects.filter(operator_id=member.operator_id).order_by("pk")
            MembershipSite.objects.bulk_create(
                MembershipSite(membership=member, operator_id=member.operator_id, site=site)
                for site in sites[: person.chosen_sites]
            )


def _write_sites(
    operator: Operator, demo: DemoOperator, passwords: Mapping[str, str], ids: Ids
) -> None:
    sites = Site.objects.bulk_create(
        [_site(operator, site, at) for at, site in enumerate(demo.sites)]
    )
    models = write_models(operator)
    rows = [
        _station(site, station, passwords[station.identity])
        for site, planned in zip(sites, demo.sites, strict=True)
        for station in planned.stations
    ]
    match(rows, models)
    stations = Station.objects.bulk_create(rows)
    places = [at for at, planned in enumerate(demo.sites) for _station in planned.stations]
    ids.stations.update({station.identity: station.pk for station in stations})
    for station, planned, at in zip(stations, demo.stations, places, strict=True):
        evses = Evse.objects.bulk_create(_evses(station, planned, at))
        ids.evses.update({(station.identity, evse.number): evse.pk for evse in evses})
        Connector.objects.bulk_create(_connectors(evses, planned))


def _site(operator: Operator, site: DemoSite, at: int) -> Site:
    return Site(
        operator=operator,
        public_id=site.public_id,
        name=site.name,
        address=site.address,
        postal_code=site.postal_code,
        city=site.town.name,
        latitude=f"{site.latitude:.6f}",
        longitude=f"{site.longitude:.6f}",
        time_zone=TIME_ZONE,
        power_limit_w=site.power_limit_w,
        commissioned_on=site.commissioned_on,
        created_at=_opening(site.commissioned_on),
        **site_fields(site, operator.name, at),
    )


def _station(site: Site, station: DemoStation, password: str) -> Station:
    return Station(
        operator_id=site.operator_id,
        site=site,
        public_id=station.public_id,
        identity=station.identity,
        name=station.name,
        password_digest=digest_password(password.encode(), settings.STATION_KEY),
        vendor=station.make.vendor,
        model=station.make.model,
        serial_number=station.serial_number,
        firmware_version=station.firmware_version,
        commissioned_on=station.commissioned_on,
        created_at=_opening(station.commissioned_on),
    )


def _evses(station: Station, planned: DemoStation, at: int) -> list[Evse]:
    return [
        Evse(
            operator_id=station.operator_id,
            station=station,
            number=evse.number,
            public_id=evse.public_id,
            max_power_w=evse.max_power_w,
            current_type=CurrentType.DC if evse.is_dc else CurrentType.AC_3_PHASE,
            phases=3,
            commissioned_on=station.commissioned_on,
            **evse_fields(evse, planned, at),
        )
        for evse in planned.evses
    ]


def _connectors(evses: list[Evse], planned: DemoStation) -> list[Connector]:
    return [
        Connector(
            operator_id=evse.operator_id,
            evse=evse,
            number=at + 1,
            connector_type=connector_type,
            is_tethered=demo.is_dc,
        )
        for evse, demo in zip(evses, planned.evses, strict=True)
        for at, connector_type in enumerate(demo.connector_types)
    ]


def _write_tokens(operator: Operator, demo: DemoOperator, ids: Ids, owners: Owners) -> None:
    tokens = IdToken.objects.bulk_create([_token(operator, token, owners) for token in demo.tokens])
    ids.tokens.update({token.uid: token.pk for token in tokens})
    ids.owners.update({token.uid: owners.snapshot(token.uid) for token in demo.tokens})


def _token(operator: Operator, token: DemoToken, owners: Owners) -> IdToken:
    forms = normalise(token.uid)
    return IdToken(
        operator=operator,
        uid=forms.uid,
        uid_decimal=forms.decimal,
        uid_reversed=forms.reversed,
        printed_number=token.printed_number,
        label=token.label,
        kind=token.kind,
        purpose=token.purpose,
        status=token.status,
        expires_at=token.expires_at,
        group_id=token.group_id,
        driver=owners.drivers.get(token.uid),
        company=owners.companies.get(token.uid),
        vehicle=owners.vehicles.get(token.uid),
        created_at=timezone.now(),
    )
