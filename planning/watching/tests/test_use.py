"""Use of sites: who waited, who left, what helps; the page, its file and the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from planning.watching.rules import Place, Stay, use_of
from stations.hardware.models import Evse
from tests.factories.core import make_operator, make_person
from tests.factories.planning import make_study
from tests.factories.stations import make_session, make_site, make_station

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=28)


def stay(hour: float, hours: float = 1.0, evse: int = 1, kwh: float = 10.0) -> Stay:
    began = BEGIN + timedelta(hours=hour)
    return Stay(evse, began, began + timedelta(hours=hours), kwh)


def test_who_plugs_in_right_after_a_full_site_has_a_place_waited() -> None:
    stays = [stay(0), stay(1.05), stay(5), stay(6.5)]

    use = use_of(Place({1: 11.0}), stays, BEGIN, END, [0, 1, 5, 6])

    assert (use.waited, use.sessions, use.kwh) == (1, 4, 40)
    assert use.full_share == pytest.approx(4 / (28 * 24))
    assert use.busy_share == use.full_share


def test_a_full_site_is_too_small_and_an_empty_one_hardly_used() -> None:
    full = [stay(day * 24 + hour, 0.98) for day in range(28) for hour in range(8, 20)]
    hours = [hour for _day in range(28) for hour in range(8, 20)]

    busy = use_of(Place({1: 11.0}), full, BEGIN, END, hours)
    idle = use_of(Place({1: 11.0, 2: 11.0}), [stay(9)], BEGIN, END, [9])
    new = use_of(Place({1: 11.0}, END - timedelta(days=3)), [], BEGIN, END, [])

    assert (busy.verdict, idle.verdict, new.verdict) == ("over", "under", "new")
    assert busy.waited == 28 * 11
    assert busy.more >= 1
    assert not busy.wants_power or busy.at_limit_share >= 0.5
    assert (idle.more, idle.left) == (0, 0)


def test_a_week_tells_of_old_sites_and_each_evse_has_its_own_power() -> None:
    week = END - timedelta(days=7)
    stays = [stay(22 * 24 + hour, 0.95, evse=2, kwh=20.0) for hour in range(40)]
    gone = [stay(22 * 24, 48, evse=9, kwh=5.0)]
    hours = [hour % 24 for hour in range(41)]

    use = use_of(Place({1: 150.0, 2: 22.0}), [*stays, *gone], week, END, hours)
    young = use_of(Place({2: 22.0}, END - timedelta(days=2)), stays, BEGIN, END, hours[:40])

    assert use.verdict == "fine"
    assert use.busy_share == pytest.approx(40 * 0.95 / (2 * 7 * 24))
    assert (use.sessions, use.kwh, use.full_share) == (41, 805, 0)
    assert use.at_limit_share == 1
    assert (young.verdict, young.days) == ("new", 2)


@pytest.mark.django_db
def test_the_page_the_file_and_the_api_say_the_same() -> None:
    operator = make_operator()
    site = make_site(operator=operator, name="Torget")
    station = make_station(site=site)
    study = make_study(operator=operator)
    now = timezone.now()
    with across_operators("tests make rows of any operator"):
        study.sites.update(site=site)
        evse = Evse.objects.filter(station=station).order_by("number")[0]
    for hours in (30, 20):
        make_session(
            station=station, evse=evse, state="ended", started_at=now - timedelta(hours=hours),
            stopped_at=now - timedelta(hours=hours - 1), energy_wh=Decimal(14_000),
        )  # fmt: skip
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    page = client.get("/network-use/")
    text = client.get("/network-use/?days=7&format=csv").content.decode("utf-8-sig")
    answer = client.get("/api/v1/network-use/?days=28").json()

    (row,) = page.context["rows"]
    assert (row["use"].sessions, row["use"].kwh) == (2, 28.0)
    assert text.splitlines()[1].startswith(f"{site.public_id},Torget,")
    assert answer["sites"][0]["sessions"] == 2
    (real,) = answer["planned"]
    assert real["real_kwh"] == pytest.approx(28 / 28 * 365)
    assert (real["planned_kwh"], real["study"]) == (24.0, study.public_id)
