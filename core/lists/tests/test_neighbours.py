"""Previous and next within the list that the reader came from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import Operator
from core.accounts.permissions import Role
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Operator:
    operator = make_operator()
    client.force_login(make_person(operator=operator, role=Role.VIEWER))
    return operator


def links(text: str) -> dict[str, str]:
    found = re.findall(r'rel="(prev|next)" href="([^"]+)"', text)
    return {rel: href.replace("&amp;", "&") for rel, href in found}


def from_list(client: Client, url: str, query: str) -> str:
    came = f"http://testserver/stations/?{query}"
    return client.get(url, headers={"referer": came}).content.decode()


def test_the_reader_walks_through_the_filtered_list_in_its_order(
    client: Client, operator: Operator
) -> None:
    north, south = make_site(operator=operator), make_site(operator=operator)
    first, second, third = (make_station(site=north, name=n) for n in ("A", "C", "D"))
    make_station(site=south, name="B")
    query = f"site={north.public_id}&sort=-name"

    begin = from_list(client, f"/stations/{third.public_id}/", query)
    middle = client.get(links(begin)["next"]).content.decode()
    end = client.get(links(middle)["next"]).content.decode()

    assert list(links(begin)) == ["next"]
    assert links(begin)["next"].startswith(f"/stations/{second.public_id}/?in=")
    assert links(middle)["next"].startswith(f"/stations/{first.public_id}/?in=")
    assert links(middle)["prev"].startswith(f"/stations/{third.public_id}/?in=")
    assert list(links(end)) == ["prev"]


def test_the_walk_goes_on_over_the_end_of_a_page(client: Client, operator: Operator) -> None:
    site, now = make_site(operator=operator), timezone.now()
    sessions = [
        make_session(
            station=make_station(site=site, evses=0),
            evse=None,
            state="ended",
            first_received_at=now - timedelta(minutes=n),
        )
        for n in range(27)
    ]

    url = f"/sessions/{sessions[24].public_id}/?in=per_page%3D25"
    following = client.get(links(client.get(url).content.decode())["next"]).content.decode()

    assert "page%3D2" in links(client.get(url).content.decode())["next"]
    assert links(following)["next"].startswith(f"/sessions/{sessions[26].public_id}/")
    assert links(following)["prev"].startswith(f"/sessions/{sessions[24].public_id}/")


@pytest.mark.parametrize("carried", ["", "?in=q%3Dnothing", "?in=page%3D999999999", "?in=%00%FF"])
def test_without_a_list_or_outside_of_it_there_is_no_walk(
    client: Client, operator: Operator, carried: str
) -> None:
    station = make_station(operator=operator)

    answer = client.get(f"/stations/{station.public_id}/{carried}")

    assert answer.status_code == 200
    assert links(answer.content.decode()) == {}


def test_walking_costs_one_query(client: Client, operator: Operator) -> None:
    url = f"/stations/{make_station(operator=operator).public_id}/commands/"
    client.get(url)

    with CaptureQueriesContext(connection) as plain:
        client.get(url)
    with CaptureQueriesContext(connection) as walked:
        client.get(f"{url}?in=")

    assert len(walked) == len(plain) + 1
