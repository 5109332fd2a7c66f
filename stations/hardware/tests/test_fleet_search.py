"""Stations are found by a part of any of their names, of their site's, or of an EVSE's id."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from core.tenancy.scopes import operator_scope
from stations.hardware.filters import StationFilter
from stations.hardware.models import StationLink
from stations.hardware.selectors import stations
from tests.factories.core import make_operator
from tests.factories.stations import make_evse, make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kaj", {"Kaj 1"}),
        ("HARB", {"Kaj 1", "Pier"}),
        ("harbour pier", {"Pier"}),
        ("E00077", {"Pier"}),
        ("lund", {"Mall"}),
        ("kaj e00077", set()),
    ],
)
def test_every_word_must_be_found_somewhere(text: str, found: set[str]) -> None:
    operator = make_operator()
    harbour = make_site(operator=operator, name="Harbour", city="Malmo")
    make_station(site=harbour, name="Kaj 1", identity="K-1", evses=2)
    pier = make_station(site=harbour, name="Pier", identity="P-1", evses=1)
    make_evse(station=pier, number=9, public_id="SE*ABC*E00077")
    make_station(site=make_site(operator=operator, city="Lund"), name="Mall", identity="M-1")
    make_station(name="Kaj of another operator")

    with operator_scope(operator):
        rows = StationFilter({"q": text}, queryset=stations()).result
        assert sorted(station.name for station in rows) == sorted(found)
        assert rows.count() == len(found)


@time_machine.travel("2026-03-10T12:00:00Z", tick=False)
def test_stations_are_told_apart_by_the_readers_day_on_which_they_were_last_heard() -> None:
    operator = make_operator()
    heard = {
        "this morning": datetime(2026, 3, 9, 23, 0, tzinfo=UTC),
        "last night": datetime(2026, 3, 9, 22, 59, tzinfo=UTC),
        "long ago": datetime(2026, 3, 8, 22, 59, tzinfo=UTC),
        "silent": None,
    }
    for name, at in heard.items():
        station = make_station(operator=operator, name=name)
        StationLink.objects.filter(station=station).update(last_seen_at=at)

    with operator_scope(operator), timezone.override(ZoneInfo("Europe/Stockholm")):
        found = {
            day: [s.name for s in StationFilter({"heard": day}, queryset=stations()).result]
            for day in ("today", "yesterday", "earlier", "never")
        }

    assert found == {
        "today": ["this morning"],
        "yesterday": ["last night"],
        "earlier": ["long ago"],
        "never": ["silent"],
    }
