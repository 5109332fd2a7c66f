"""The search over everything: page, palette and API."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.accounts.permissions import Permission, Role
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_evse, make_session, make_site, make_station

pytestmark = pytest.mark.django_db


def test_the_api_finds_each_kind_by_a_part_and_only_what_the_caller_may_see() -> None:
    operator = make_operator()
    station = make_station(site=make_site(operator=operator, name="Zq7 torget"), name="Zq7 kaj")
    make_evse(station=station, number=2, public_id="SE*ABC*EZQ7*2")
    make_session(station=station, id_token="04ZQ7", evse=None)
    make_token(operator=operator, uid="APP-ZQ7-1")
    make_station(name="Zq7 of another")

    every = api_client(operator).get("/api/v1/search/", {"q": "zq7"}).json()
    few = api_client(operator, [Permission.NETWORK_VIEW]).get("/api/v1/search/?q=zq7").json()
    printed = api_client(operator).get("/api/v1/search/", {"q": "SEABCEZQ"}).json()

    assert {group["kind"]: len(group["hits"]) for group in every} == {
        "station": 1,
        "evse": 1,
        "site": 1,
        "session": 1,
        "token": 1,
    }
    assert [group["kind"] for group in few] == ["station", "evse", "site"]
    assert [hit["label"] for hit in printed[0]["hits"]] == ["SE*ABC*EZQ7*2"]


def test_the_palette_shows_rows_with_links(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    operator = make_operator()
    station = make_station(operator=operator, name="Kaj <3>")
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    client.get("/search/rows/", {"q": "kaj"})

    with django_assert_max_num_queries(12):
        text = client.get("/search/rows/", {"q": "kaj"}).content.decode()

    assert f'href="/stations/{station.public_id}/"' in text
    assert "Kaj &lt;3&gt;" in text
    assert client.get("/search/rows/", {"q": "\x00\x00"}).status_code == 200


def test_members_are_found_only_by_who_manages_people() -> None:
    operator = make_operator()
    make_person(operator=operator, email="zq8@example.com", name="Zelda Qvist")
    make_person(operator=make_operator(), email="zq8@example.org")

    owner = api_client(operator).get("/api/v1/search/?q=zq8").json()
    viewer = api_client(operator, [Permission.NETWORK_VIEW]).get("/api/v1/search/?q=zq8").json()

    assert [(g["kind"], [h["label"] for h in g["hits"]]) for g in owner] == [
        ("member", ["Zelda Qvist"])
    ]
    assert viewer == []
