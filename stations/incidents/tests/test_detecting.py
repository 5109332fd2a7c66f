"""From facts in the database to incidents: opened, grouped, suppressed, closed, collected."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.hardware.models import Connector, Station, StationLink
from stations.incidents import detecting, services
from stations.incidents.models import Incident
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.incidents.words import explained
from stations.uptime.models import CauseStatement
from stations.uptime.tests.journals import told
from tests.factories.core import make_operator
from tests.factories.incidents import make_incident
from tests.factories.stations import make_session, make_site, make_station
from tests.factories.uptime import make_cause

pytestmark = pytest.mark.django_db
_WHY = "tests look at everything"


def say(station: Station, status: str, at: datetime, **fields: str) -> None:
    told(station, at, status, code=fields.get("error_code", ""))
    with across_operators(_WHY):
        Connector.objects.filter(evse__station=station, evse__number=1).update(
            status=status, status_received_at=at, **fields
        )


def lose(station: Station, at: datetime | None) -> None:
    with across_operators(_WHY):
        StationLink.objects.filter(station=station).update(
            is_connected=at is None, disconnected_at=at
        )


def look(now: datetime) -> list[tuple[str, str, str]]:
    with across_operators(_WHY):
        detecting.detect_state(now=now)
        return list(Incident.objects.order_by("pk").values_list("kind", "state", "severity"))


def test_a_fault_is_an_incident_at_once_and_over_when_it_works() -> None:
    station = make_station(vendor="Acme")
    now = timezone.now()
    say(station, "faulted", now - timedelta(minutes=3), error_code="OtherError",
        vendor_error_code="E99", info="Relay 3")  # fmt: skip
    say(station, "faulted", now - timedelta(seconds=2), error_code="OtherError",
        vendor_error_code="E99", info="Relay 3")  # fmt: skip

    assert look(now) == [("faulted", "open", "p2")]
    assert look(now) == [("faulted", "open", "p2")]
    with across_operators(_WHY):
        incident = Incident.objects.get()
        code = ErrorCode.objects.get()
    assert incident.first_symptom_at == now - timedelta(minutes=3)
    assert "Relay 3" in explained(incident)
    assert (code.vendor, code.code, code.fault_class) == ("Acme", "E99", "")
    say(station, "available", now + timedelta(minutes=1))
    assert look(now + timedelta(minutes=1)) == [("faulted", "resolved", "p2")]
    say(station, "faulted", now + timedelta(minutes=2), error_code="GroundFailure")
    assert look(now + timedelta(minutes=2))[1:] == [("safety", "open", "p1")]
    say(station, "unavailable", now + timedelta(minutes=3))
    assert look(now + timedelta(minutes=3))[1:] == [("safety", "open", "p1")]


def test_a_site_without_contact_is_one_incident_with_its_stations() -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    stations = [make_station(site=site) for _n in range(3)]
    alone = make_station(operator=operator)
    now = timezone.now()
    for second, station in enumerate(stations):
        lose(station, now - timedelta(minutes=5, seconds=second))
    lose(alone, now - timedelta(minutes=5))

    assert look(now) == [("site_dark", "open", "p1")]
    look(now + timedelta(minutes=8))
    with across_operators(_WHY):
        dark = Incident.objects.get(kind="site_dark")
        assert Incident.objects.filter(kind="offline", parent=dark).count() == 3
        assert Incident.objects.get(kind="offline", parent=None).station == alone
    lose(stations[0], None)
    look(now + timedelta(minutes=9))
    with across_operators(_WHY):
        dark.refresh_from_db()
        assert dark.state == "resolved"
        assert Incident.objects.filter(kind="offline", state="open", parent=None).count() == 3


def test_a_group_that_people_made_does_not_stop_the_turn() -> None:
    site = make_site()
    stations = [make_station(site=site) for _n in range(2)]
    now = timezone.now()
    lose(stations[0], now - timedelta(minutes=11))
    look(now)
    with across_operators(_WHY):
        whole, part = Incident.objects.get(), make_incident(stations[0])
        services.link(incident=part, parent=whole)
    lose(stations[1], now - timedelta(minutes=5))

    found = look(now)

    with across_operators(_WHY):
        whole.refresh_from_db()
    assert ("site_dark", "open", "p1") in found
    assert whole.parent_id is None


def test_maintenance_and_rules_of_the_operator_keep_it_quiet() -> None:
    station, other = make_station(), make_station(vendor="Acme", firmware_version="2.1")
    now = timezone.now()
    window = make_cause(
        station, cause="maintenance", began_at=now - timedelta(hours=1),
        ended_at=now + timedelta(hours=1), state="approved", approved_by="Olga", approved_at=now,
    )  # fmt: skip
    with across_operators(_WHY):
        IncidentRule.objects.create(
            operator=other.operator, code="faulted", vendor="acme", firmware="2.*",
            is_enabled=False,
        )  # fmt: skip
    for one in (station, other):
        say(one, "faulted", now, error_code="InternalError")

    assert look(now) == []
    with across_operators(_WHY):
        CauseStatement.objects.filter(pk=window.pk).update(ended_at=now + timedelta(minutes=1))
    assert look(now + timedelta(minutes=2)) == [("faulted", "open", "p2")]


def test_sessions_without_energy_are_found_and_over_with_a_good_one() -> None:
    station = make_station()
    now = timezone.now()
    for number in range(9):
        make_session(
            station=station, state="ended", id_token=f"T{number}",
            started_at=now - timedelta(hours=20 - number), energy_wh=0 if number > 5 else 9_000,
            first_received_at=now - timedelta(hours=20 - number),
        )  # fmt: skip
    told(station, now, "available")

    with across_operators(_WHY):
        first = detecting.detect_told(now=now)
        again = detecting.detect_told(now=now)
        make_session(
            station=station, state="ended", energy_wh=7_000, started_at=now,
            first_received_at=now,
        )  # fmt: skip
        detecting.detect_told(now=now + timedelta(minutes=1))
        incident = Incident.objects.get()

    assert ([one.kind for one in first], again) == (["zero_energy"], [])
    assert (incident.state, incident.facts["sessions"]) == ("resolved", 3)
    assert "once in" in explained(incident)


def test_an_evse_that_nobody_uses_is_found_with_its_figures() -> None:
    site = make_site()
    silent, busy = make_station(site=site), make_station(site=site)
    now = timezone.now()
    for station in (silent, busy):
        say(station, "available", now - timedelta(days=60))
        last = 10 if station == silent else 0
        for day in range(last * 2, 60):
            at = now - timedelta(hours=12 * day + 1)
            make_session(station=station, state="ended", started_at=at, first_received_at=at)

    with across_operators(_WHY):
        detecting.detect_silence(now=now)
        incident = Incident.objects.get()

    assert (incident.kind, incident.station_id) == ("silent", silent.pk)
    assert (incident.facts["test"], incident.facts["siblings"]) == ("siblings", 20)
    assert "20 sessions since its last one" in explained(incident)
