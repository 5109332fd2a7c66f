"""The attention list as page, CSV and API: filtered, counted, only what the caller may see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.permissions import Permission, Role
from core.attention.sources import Overview, concerns, counted, overview
from core.tenancy.scopes import operator_scope
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db


def test_the_list_is_filtered_by_reason_and_site_and_counts_trouble(client: Client) -> None:
    operator = make_operator()
    north, south = make_site(operator=operator, name="Norr"), make_site(operator=operator)
    make_station(site=north, name="Away <1>", is_connected=False)
    make_station(site=south, name="Away 2", is_connected=False)
    make_session(station=make_station(site=north, name="Stays"))
    client.force_login(make_person(operator=operator, role=Role.VIEWER))

    every = client.get("/attention/").content.decode()
    one = client.get("/attention/", {"reason": "offline", "site": north.public_id}).content.decode()
    none = client.get("/attention/", {"reason": "no-such"}).content.decode()
    lines = client.get("/attention/", {"reason": "offline", "format": "csv"}).content.decode()

    assert "<title>(2) Needs attention" in every
    assert "favicon-alert" in every
    assert "Away &lt;1&gt;" in one
    assert "Away 2" not in one
    assert "Nothing matches" in none
    assert [line.split(",")[:2] for line in lines.splitlines()[1:]] == [
        ["offline", "Away 2"],
        ["offline", "Away <1>"],
    ]


@pytest.mark.parametrize("most", [1, 9])
def test_an_overview_is_the_head_of_the_list_with_its_numbers(most: int) -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    for version in ("1.0", "1.0", "1.1", "2.0"):
        make_station(site=site, vendor="A", model="M", firmware_version=version)
    make_station(site=site, name="Away", is_connected=False)
    now = timezone.now()

    with operator_scope(operator):
        every = concerns(lambda _permission: True, now)
        seen = overview(lambda _permission: True, now, most)
        nothing = overview(lambda _permission: False, now, most)

    assert [one.reason.code for one in every] == ["offline", *["firmware_old"] * 3]
    assert seen == Overview(every[:most], 4, counted(every))
    assert nothing == Overview([], 0, [])


def test_the_api_gives_the_same_and_refuses_an_unknown_reason() -> None:
    operator = make_operator()
    station = make_station(operator=operator, is_connected=False)
    make_session(station=station)
    make_station(is_connected=False)

    every = api_client(operator).get("/api/v1/attention/")
    network = api_client(operator, [Permission.NETWORK_VIEW]).get("/api/v1/attention/")
    wrong = api_client(operator).get("/api/v1/attention/", {"reason": "nonsense"})

    assert [row["reason"] for row in every.json()] == ["offline", "long_stay", "no_energy"]
    assert network.json() == [
        {
            "reason": "offline",
            "severity": "bad",
            "subject": str(station),
            "text": "The connection was lost.",
            "since_at": None,
            "site": station.site.name,
            "site_id": station.site.public_id,
            "url": f"/stations/{station.public_id}/connections/",
        }
    ]
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "reason")
