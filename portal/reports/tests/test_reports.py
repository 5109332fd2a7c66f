"""The reports: true sums in the zone of the site, shares, connection, pages, CSV and API."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.accounts.models import Operator
from core.accounts.permissions import Permission, Role
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from portal.reports.connections import stations_report
from portal.reports.energy import energy_report
from portal.reports.utilisation import utilisation_report
from stations.hardware.journal_models import ConnectionJournal
from stations.hardware.models import Station
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_ids = itertools.count(1)


def charge(station: Station, begin: datetime, hours: float, energy_wh: int) -> None:
    make_session(
        station=station,
        state="ended",
        started_at=begin,
        stopped_at=begin + hours * HOUR,
        energy_wh=Decimal(energy_wh),
    )


@pytest.fixture
def operator() -> Operator:
    return make_operator(time_zone="Europe/Stockholm")


def test_a_day_is_the_day_of_the_site_and_empty_days_are_rows(operator: Operator) -> None:
    stockholm = make_station(operator=operator)
    tokyo = make_station(site=make_site(operator=operator, time_zone="Asia/Tokyo"))
    charge(stockholm, datetime(2026, 11, 10, 22, 59, tzinfo=UTC), 1, 1000)  # 23:59 on the 10th
    charge(stockholm, datetime(2026, 11, 10, 23, 1, tzinfo=UTC), 1, 2000)  # the 11th
    charge(tokyo, datetime(2026, 11, 11, 15, 30, tzinfo=UTC), 1, 4000)  # 00:30 on the 12th
    charge(stockholm, datetime(2026, 11, 13, 12, 0, tzinfo=UTC), 1, 9000)

    with operator_scope(operator):
        report = energy_report(from_on=date(2026, 11, 9), to_on=date(2026, 11, 12))

    assert [(r.label, r.sessions, int(r.energy_wh)) for r in report.rows] == [
        ("2026-11-09", 0, 0),
        ("2026-11-10", 1, 1000),
        ("2026-11-11", 1, 2000),
        ("2026-11-12", 1, 4000),
    ]
    assert (report.total.sessions, int(report.total.energy_wh)) == (3, 7000)
    assert report.total.plugged_in == 3 * HOUR


def test_sites_and_stations_are_ordered_by_energy_and_kept_to_the_scope(
    operator: Operator,
) -> None:
    first = make_station(site=make_site(operator=operator, name="Norr"), name="A")
    second = make_station(site=make_site(operator=operator, name="Söder"), name="B")
    charge(first, NOW - HOUR, 1, 1000)
    charge(second, NOW - HOUR, 1, 5000)
    charge(make_station(), NOW - HOUR, 1, 70_000)
    period: dict[str, Any] = {"from_on": NOW.date(), "to_on": NOW.date()}

    with operator_scope(operator):
        by_site = energy_report(**period, by="site")
        by_station = energy_report(**period, by="station", site=first.site)
        with limited_to(frozenset({first.site_id})):
            limited = energy_report(**period, by="site")
            used = utilisation_report(**period, now=NOW)

    assert [(row.label, int(row.energy_wh)) for row in by_site.rows] == [
        ("Söder", 5000),
        ("Norr", 1000),
    ]
    assert [(r.label, r.url) for r in by_station.rows] == [("A", f"/stations/{first.public_id}/")]
    assert [row.label for row in limited.rows] == ["Norr"]
    assert (used.evses, used.total.occupied_s) == (1, 3600)


def test_utilisation_splits_stays_at_the_hours_of_the_site(operator: Operator) -> None:
    site = make_site(operator=operator, time_zone="Asia/Kolkata")
    station = make_station(site=site, evses=2)
    begin = datetime(2026, 11, 16, 4, 45, tzinfo=UTC)  # Monday 10:15 in Kolkata
    charge(station, begin, 1.5, 1)  # to 11:45
    charge(make_station(operator=operator), begin, 1, 1)

    with operator_scope(operator):
        report = utilisation_report(
            from_on=date(2026, 11, 16), to_on=date(2026, 11, 16), now=NOW, station=station
        )

    shares = {(h.weekday, h.hour): h.share for h in report.hours if h.share}
    assert shares == {(0, 10): pytest.approx(45 / 120), (0, 11): pytest.approx(45 / 120)}
    assert report.evses == 2


def journal(station: Station, *events: tuple[str, float]) -> None:
    """Events of a station, each so many hours ago."""
    ConnectionJournal.objects.bulk_create(
        [
            ConnectionJournal(
                id=next(_ids),
                operator_id=station.operator_id,
                station_id=station.pk,
                received_at=NOW - hours * HOUR,
                happened_at=NOW - hours * HOUR,
                generation=1,
                kind=kind,
            )
            for kind, hours in events
        ]
    )


def test_connection_is_measured_from_the_journal_without_our_own_outages(
    operator: Operator,
) -> None:
    long_ago: dict[str, Any] = {"operator": operator, "commissioned_on": date(2025, 1, 1)}
    shaky, ours, quiet, away = (make_station(**long_ago, name=n) for n in ("a", "b", "c", "d"))
    fresh = make_station(operator=operator, name="e", commissioned_on=NOW.date())
    journal(shaky, ("disconnected", 72), ("connected", 36), ("replaced", 1), ("connected", 1))
    journal(ours, ("csms_outage", 240), ("connected", 120))
    journal(away, ("disconnected", 360))
    journal(fresh, ("connected", 6))

    with operator_scope(operator):
        rows = {row.station.name: row for row in stations_report(now=NOW).rows}

    assert rows["a"].connected_share == pytest.approx(1 - 36 / 720)
    assert rows["a"].losses_per_day == pytest.approx(2 / 30)
    assert (rows["b"].connected_share, rows["b"].losses) == (1.0, 0)
    assert (rows["c"].connected_share, rows["c"].station) == (1.0, quiet)
    assert rows["d"].connected_share == pytest.approx(0.5)
    assert rows["e"].connected_share == pytest.approx(0.5)
    assert next(iter(rows)) in {"d", "e"}


def test_stations_are_counted_by_firmware(operator: Operator) -> None:
    site = make_site(operator=operator)
    for version in ("1.0", "1.1", "1.1"):
        make_station(site=site, vendor="Alfen", model="Eve", firmware_version=version)

    with operator_scope(operator):
        report = stations_report(now=NOW)

    assert [(r.version, r.stations, r.connected) for r in report.firmware] == [
        ("1.0", 1, 1),
        ("1.1", 2, 2),
    ]
    assert [(low, count) for low, _tone, count in report.bands if count] == [(0.999, 3)]


@time_machine.travel(NOW, tick=False)
def test_pages_print_view_csv_and_api_show_the_same(client: Client, operator: Operator) -> None:
    station = make_station(site=make_site(operator=operator, name="<Norr>"), name="=cmd")
    charge(station, NOW - 5 * HOUR, 2, 12_340)
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    page = client.get("/reports/energy/?by=site").content.decode()
    paper = client.get("/reports/energy/?by=site&print=1").content.decode()
    lines = client.get("/reports/energy/?by=station&format=csv").content.decode().splitlines()
    told = api_client(operator).get("/api/v1/reports/energy/?by=site").json()
    week = client.get("/reports/utilisation/?format=csv").content.decode().splitlines()
    hours = api_client(operator).get("/api/v1/reports/utilisation/").json()["hours"]

    for text in (page, paper):
        assert "&lt;Norr&gt;" in text
        assert "<title>&lt;Norr&gt;: 12.34\xa0kWh</title>" in text
    assert 'class="side"' in page
    assert 'class="side"' not in paper
    assert lines[1] == f"'=cmd,{station.public_id},1,12340.0000,7200,0"
    assert told["total"]["energy_wh"] == "12340.0000"
    assert (len(week), len(hours)) == (169, 168)
    assert sum(hour["occupied_s"] for hour in hours) == 7200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from_on=2026-11-10&to_on=2026-11-01", 422),
        ("from_on=2024-01-01&to_on=2026-01-01", 422),
        ("from_on=nonsense", 422),
        ("site=site_of_another", 422),
    ],
)
def test_a_wrong_question_is_answered_in_words(
    client: Client, operator: Operator, query: str, status: int
) -> None:
    make_site(public_id="site_of_another")
    client.force_login(make_person(operator=operator, role=Role.OWNER))

    for name in ("energy", "utilisation"):
        page = client.get(f"/reports/{name}/?{query}")
        told = api_client(operator).get(f"/api/v1/reports/{name}/?{query}")
        assert (page.status_code, told.status_code) == (200, status)
        assert "form-error" in page.content.decode()
        assert client.get(f"/reports/{name}/?{query}&format=csv").status_code == 400


def test_reports_need_their_permission(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    network = api_client(operator, [Permission.NETWORK_VIEW])

    for name in ("energy", "utilisation", "stations"):
        assert client.get(f"/reports/{name}/").status_code == 403
        assert network.get(f"/api/v1/reports/{name}/").status_code == 403
