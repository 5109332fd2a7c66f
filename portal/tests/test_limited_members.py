"""A member limited to sites: every page, endpoint and live topic of another site is closed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import ScopeError
from rest_framework.test import APIClient

from billing.accounts.models import PriceGroup
from billing.tariffs.models import Tariff
from core.accounts.models import User
from core.accounts.permissions import WHOLE_OPERATOR, Permission, Role, allowed
from core.live import tickets
from core.tenancy.places import limited_to
from core.tenancy.scopes import across_operators, operator_scope
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.tokens.models import IdToken
from portal.tests.api_world import World, everything, patterns
from portal.tests.pages import MARK, Network
from portal.tests.routes import Page
from portal.tests.test_api_outsiders import (
    METHODS,
    PARTS,
    body_of,
    wrong_status,
)
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Connector, Evse, Station
from stations.ocpp.models import FrameJournal
from stations.sites.models import Site
from tests.factories.core import make_api_token
from tests.factories.stations import make_limited_member, make_session, make_site, make_station

pytestmark = pytest.mark.django_db

GOVERNED_BY_PERMISSION = {
    "notification_": "what a person is told, and how: the person's own",
    "token_": "a card is valid at all sites, unless its own limit says otherwise",
    "driver_": "a driver charges at any site",
    "company_": "a company's drivers charge at any site",
    "vehicle_": "a vehicle charges at any site",
    "template_": "a template is for a model, wherever its stations stand",
    "model_": "the catalogue is the operator's",
    "quirk_": "what a model does differently, wherever it stands",
    "tariff_": "a tariff is assigned to sites; who reads prices reads all of them",
    "spot_": "prices of the market",
    "exchange_rate_": "rates of the market",
}
"""Names of pages of rows that belong to no site, and why."""
OF_NO_SITE = {
    "/api/v1/tokens": "a card is valid at all sites, unless its own limit says otherwise",
    "/api/v1/token-use": "what a card used this month, at whatever sites",
    "/api/v1/drivers": "a driver charges at any site",
    "/api/v1/companies": "a company's drivers charge at any site",
    "/api/v1/vehicles": "a vehicle charges at any site",
    "/api/v1/charging-profiles": "templates of profiles, sent to any station",
    "/api/v1/configuration-templates": "a template is for a model, wherever its stations stand",
    "/api/v1/catalogue": "the catalogue is the operator's",
    "/api/v1/operator": "the operator itself; its right is one of whole operators",
    "/api/v1/audit": "its right is one of whole operators",
    "/api/v1/me": "the caller",
    "/api/v1/field/calendar": "the caller's own address of a calendar",
    "/api/v1/saved-views": "a person's own filters, without rows",
    "/api/v1/tariffs": "a tariff is assigned to sites; who reads prices reads all of them",
    "/api/v1/tariff-assignments": "who reads prices reads where each of them holds",
    "/api/v1/spot": "prices of the market",
}
"""Addresses of rows that belong to no site, and why."""
ONLY_POSTED = {
    "case_link",
    "case_note",
    "case_order",
    "cause_approve",
    "field_check",
    "field_note",
    "field_part",
    "field_photo",
    "field_time",
    "field_step",
    "file_share",
    "incident_acknowledge",
    "incident_note",
    "incident_order",
    "incident_wake",
    "note_pin",
    "order_note",
    "order_pause",
    "order_step",
    "station_hands_off",
}
"""Buttons without a page."""


@pytest.fixture
def network() -> Network:
    made = Network()
    with across_operators("tokens, their owners and prices belong to no site"):
        IdToken.objects.filter(pk=made.token.pk).update(uid="CAFE", uid_decimal="", uid_reversed="")
        Driver.objects.filter(pk=made.driver.pk).update(name="Dina")
        Company.objects.filter(pk=made.company.pk).update(name="Company")
        Vehicle.objects.filter(pk=made.vehicle.pk).update(make="Make")
        HardwareModel.objects.filter(pk=made.model.pk).update(vendor="Maker")
        PriceGroup.objects.filter(operator=made.operator).update(name="Group")
        for tariff in Tariff.objects.filter(operator=made.operator):
            Tariff.objects.filter(pk=tariff.pk).update(name=f"Tariff {tariff.pk}", note="")
    return made


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # A PDF is no text; what it says is looked at where it is made.
    return str(content.decode(errors="replace"))


def of_a_site(page: Page) -> bool:
    return bool(page.args) and not is_of_the_operator(page)


def may(role: str, page: Page) -> bool:
    """Whether a limited member has the page's right; a page without one asks for its row alone."""
    return not page.permission or allowed(role, page.permission, is_limited=True)


def is_of_the_operator(page: Page) -> bool:
    whole = page.permission in WHOLE_OPERATOR
    return whole or page.name.startswith(tuple(GOVERNED_BY_PERMISSION))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_pages_of_another_site_are_not_there(client: Client, network: Network, role: Role) -> None:
    elsewhere = make_station(operator=network.operator)
    client.force_login(make_limited_member(elsewhere.site, operator=network.operator, role=role))

    for page in network.pages():
        answer = client.get(page.url)
        # Market prices and the files that they came from belong to no site. Who may be given work
        # are people and partners of the operator, and so are checklists: their names are the mark
        # alone.
        mark = f"{MARK} s" if page.name in ("order_create", "plan_create") else MARK
        assert mark not in text_of(answer) or page.name.startswith("spot_"), page
        if of_a_site(page):
            there = 405 if page.name in ONLY_POSTED else 404
            expected = there if may(role, page) else 403
            assert answer.status_code == expected, (page, answer.status_code)


def test_nothing_of_another_site_is_changed_by_a_page(client: Client, network: Network) -> None:
    elsewhere = make_station(operator=network.operator)
    client.force_login(
        make_limited_member(elsewhere.site, operator=network.operator, role=Role.CONTROL_ROOM)
    )
    values = {"reason": "because", "type": "soft", "hands_off": "1", "name": "x", "number": "7"}
    values |= {"stations": network.station.public_id, "command": "reset", "parameters": "{}"}
    values |= {"site": str(network.site.pk), "identity": "NEW-1", "security_profile": "1"}
    with across_operators("the whole database is compared"):
        before = dict(everything())

    for page in network.pages():
        if of_a_site(page):
            answer = client.post(page.url, values)
            there = 404 if "POST" in answer.headers.get("Allow", "POST") else 405
            expected = there if may(Role.CONTROL_ROOM, page) else 403
            assert answer.status_code == expected, (page, answer.status_code)
    for name in ("command_to_many", "station_create", "site_create"):
        assert client.post(reverse(name), values).status_code == 200

    with across_operators("the whole database is compared"):
        after = dict(everything())
    changed = {label for label, rows in before.items() if rows != after[label]}
    assert changed <= {"core.User"}


def test_lists_and_exports_hold_the_own_sites_and_no_other(
    client: Client, network: Network
) -> None:
    person = make_limited_member(network.site, operator=network.operator, role=Role.CONTROL_ROOM)
    other = make_station(operator=network.operator, name="Other station", identity="OTHER-1")
    make_session(station=other, id_token="OTHER-CARD")
    client.force_login(person)
    lists = [page for page in network.pages() if page.name.endswith("_list")]

    for page in lists:
        if is_of_the_operator(page) or not allowed(Role.CONTROL_ROOM, page.permission):
            continue
        csv = text_of(client.get(page.url, {"format": "csv"}))
        assert MARK in csv or network.station.public_id in csv, page
        assert "OTHER" not in csv.upper(), page
        assert other.public_id not in csv, page
    found = client.get("/search/", {"q": "OTHER"})
    assert "Other station" not in text_of(found)
    assert "Other station" not in text_of(client.get("/"))


def member(world: World, role: str = Role.CONTROL_ROOM) -> APIClient:
    elsewhere = make_station(operator=world.operator)
    client = APIClient()
    client.force_login(make_limited_member(elsewhere.site, operator=world.operator, role=role))
    return client


def of_a_limited_member(permission: str) -> bool:
    return allowed(Role.CONTROL_ROOM, permission, is_limited=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_api_is_closed_for_another_site(part: int) -> None:
    world = World()
    client = member(world)
    with across_operators("the whole database is compared"):
        before = dict(everything())

    wrong: list[str] = []
    for pattern in patterns()[part::PARTS]:
        address = world.address(pattern)
        belongs_to_no_site = address.startswith(tuple(OF_NO_SITE))
        for method in METHODS if not belongs_to_no_site else ("get",):
            body = body_of(world, pattern, method)
            call = getattr(client, method)
            answer = call(address) if method == "get" else call(address, body)
            told = (method, address, answer.status_code, answer.content)
            if belongs_to_no_site:
                assert answer.status_code in (200, 403, 404, 405), told
                continue
            own = world.is_own(address)
            wrong.append(wrong_status(pattern, method, own, of_a_limited_member, answer))
            assert b"SECRET" not in answer.content, told
            assert f'"{world.station.public_id}"'.encode() not in answer.content, told

    assert not list(filter(None, wrong))
    with across_operators("the whole database is compared"):
        assert dict(everything()) == before


def test_a_token_limited_to_sites_reads_and_changes_nothing_of_another() -> None:
    world = World()
    elsewhere = make_station(operator=world.operator)
    rights = [p for p in Permission.values if p not in WHOLE_OPERATOR]
    station = f'"{world.station.public_id}"'.encode()
    _token, secret = make_api_token(
        operator=world.operator, permissions=rights, places=[elsewhere.site_id]
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    with across_operators("the whole database is compared"):
        before = dict(everything())

    wrong: list[str] = []
    for pattern in patterns():
        address = world.address(pattern)
        if address.startswith(tuple(OF_NO_SITE)):
            continue
        for method in METHODS:
            body = body_of(world, pattern, method)
            call = getattr(client, method)
            answer = call(address) if method == "get" else call(address, body)
            own = world.is_own(address)
            wrong.append(wrong_status(pattern, method, own, rights.__contains__, answer))
            assert b"SECRET" not in answer.content, address
            assert station not in answer.content, address

    assert not list(filter(None, wrong))
    with across_operators("the whole database is compared"):
        assert dict(everything()) == before
    seen = client.get("/api/v1/stations/").json()["results"]
    assert [row["id"] for row in seen] == [elsewhere.public_id]


def ticket_of(client: Client, topics: list[str]) -> tickets.Ticket:
    answer = client.get("/live/ticket/", {"topic": topics})
    query = parse_qs(urlsplit(answer.json()["url"]).query)
    ticket = tickets.read(query["ticket"][0])
    assert ticket is not None
    return ticket


def test_live_events_of_another_site_are_not_heard(client: Client, network: Network) -> None:
    other = make_station(operator=network.operator)
    client.force_login(
        make_limited_member(network.site, operator=network.operator, role=Role.CONTROL_ROOM)
    )
    own = [
        f"station.{network.station.pk}",
        f"journal.{network.station.pk}",
        f"session.{network.session.pk}",
        f"command.{network.command.public_id}",
    ]
    foreign = [
        f"station.{other.pk}",
        f"journal.{other.pk}",
        f"session.{make_session(station=other).pk}",
        "command.cmd_none",
    ]

    ticket = ticket_of(client, ["network", *own, *foreign])

    assert ticket.topics == frozenset(own)
    assert ticket.network == {f"station.{network.station.pk}"}


def test_a_limit_without_sites_shows_nothing(client: Client, network: Network) -> None:
    client.force_login(make_limited_member(operator=network.operator))

    assert "0 found" in text_of(client.get("/stations/?use=all"))
    assert client.get(f"/sites/{network.site.public_id}/").status_code == 404


def test_joins_relations_and_writes_keep_to_the_limit(network: Network) -> None:
    other = make_station(operator=network.operator, evses=2)
    with operator_scope(network.operator), limited_to(frozenset({network.site.pk})):
        assert list(Site.objects.all()) == [network.site]
        assert list(Station.objects.all()) == [network.station]
        assert Evse.objects.count() == Connector.objects.count() == 1
        assert Station.objects.filter(pk=other.pk).update(name="x") == 0
        assert not Station.objects.filter(pk=other.pk).exists()
        assert other.evses.count() == 0
        assert FrameJournal.objects.count() == 1
        with pytest.raises(ScopeError):
            Evse(operator=network.operator, station=other, number=9).save()
        with pytest.raises(ScopeError):
            Evse.objects.bulk_create([Evse(operator=network.operator, station=other, number=9)])
        network.station.site = other.site
        with pytest.raises(ScopeError):
            network.station.save()


def test_a_limited_member_never_reads_what_concerns_the_whole_operator(
    client: Client, network: Network
) -> None:
    person: User = make_limited_member(
        network.site, operator=network.operator, role=Role.CONTROL_ROOM
    )
    client.force_login(person)

    assert client.get("/audit/").status_code == 403
    site = make_site(operator=network.operator)
    assert site.name not in text_of(client.get("/sites/"))
