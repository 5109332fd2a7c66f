"""A session keeps the place class that its site had when it began."""

from __future__ import annotations

import pytest

from core.tenancy.scopes import operator_scope
from stations.sites.services import change_site
from tests.factories.api import api_client
from tests.factories.stations import make_session, make_site, make_station


@pytest.mark.django_db
def test_a_session_keeps_the_class_of_then_and_takes_a_first_one() -> None:
    site = make_site()
    station = make_station(site=site)
    before = make_session(station=station)
    with operator_scope(site.operator):
        change_site(site=site, place_class="workplace")
    during = make_session(station=make_station(site=site))

    with operator_scope(site.operator):
        change_site(site=site, place_class="public")
    client = api_client(site.operator)
    listed = client.get("/api/v1/sessions/").json()["results"]
    public = client.get("/api/v1/sessions/", {"place_class": "public"}).json()["results"]

    assert {one["id"]: one["place_class"] for one in listed} == {
        before.public_id: "public", during.public_id: "workplace",
    }  # fmt: skip
    assert [one["id"] for one in public] == [before.public_id]
