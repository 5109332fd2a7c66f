"""The files of EV-ChART: what the intake takes, and every minute traced to its intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.models import Operator
from core.periods import Period, merged, total
from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Evse, Station
from stations.sessions.models import MeterReading
from stations.uptime.day import CauseFact
from stations.uptime.evchart.files import produce
from stations.uptime.evchart.modules import REASONS, PortIds, outage_row, pieces_of, within
from stations.uptime.evchart.quarters import Quarter, quarter_of
from stations.uptime.evchart.selectors import port_quarters
from stations.uptime.models import UptimeDay
from stations.uptime.tests.evchart_intake import problems, read
from stations.uptime.tests.journals import NOW, at, linked, rebuild, station_with, told
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_session, make_site
from tests.factories.uptime import make_cause

_WHY = "tests read rows of any operator"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Q1 = Quarter(2026, 1)
_minutes = st.integers(0, 2_000).map(lambda n: BEGIN + timedelta(minutes=n))
_periods = st.lists(
    st.tuples(_minutes, _minutes).map(lambda pair: Period(min(pair), max(pair))), max_size=5
)
_facts = st.lists(st.tuples(_periods, st.sampled_from(["hardware", *REASONS])), max_size=3)


@given(_periods, _facts, _periods)
def test_pieces_are_the_time_down_and_never_more(
    down: list[Period], stated: list[tuple[list[Period], str]], closed: list[Period]
) -> None:
    causes = [CauseFact(one, cause) for periods, cause in stated for one in periods]

    pieces = pieces_of(merged(down), causes, merged(closed))

    assert merged(one.period for one in pieces) == merged(down)
    assert sum((one.period.length for one in pieces), timedelta()) == total(down)
    for piece in pieces:
        assert bool(piece.cause) == bool(piece.reason)
        assert not piece.cause or any(
            one.cause == piece.cause and one.period.start <= piece.period.start for one in causes
        ) or piece.cause == "closed"  # fmt: skip


def test_an_outage_shorter_than_the_intake_takes_is_left_out_and_quarters_are_read() -> None:
    blip = Period(BEGIN, BEGIN + timedelta(milliseconds=300))
    whole = Period(BEGIN, BEGIN + timedelta(days=1))

    assert within(pieces_of((blip,), [], ()), whole) == []
    assert outage_row(PortIds("s", "p", "n", "c"), None) == ("s", "p", "n", "", "", "", "", "")
    assert (Q1.from_on, Q1.until_on, Q1.year_from_on, str(Q1.before)) == (
        date(2026, 1, 1), date(2026, 3, 31), date(2025, 4, 1), "2025-Q4",
    )  # fmt: skip
    assert [quarter_of(text) for text in ("2026-q1", "2026-Q5", "x")] == [Q1, None, None]


def story(operator: Operator) -> Station:
    """Two EVSEs for over a year, with their days made. The first: a fault since before the quarter,
    vandalism for the middle of a fault of six hours, and a fault that goes on."""
    site = make_site(operator=operator, commissioned_on=date(2024, 12, 1))
    station = station_with(site=site, evses=2)
    old = datetime(2024, 12, 2, tzinfo=UTC)
    linked(station, old, "connected", 0)
    for evse in (1, 2):
        told(station, old, "available", evse=evse)
    told(station, datetime(2025, 12, 31, 22, tzinfo=UTC), "faulted")
    told(station, datetime(2026, 1, 1, 1, tzinfo=UTC), "available")
    told(station, at(3, 8), "faulted", code="GroundFailure")
    told(station, at(3, 14), "available")
    told(station, at(12, 11), "faulted")
    make_cause(
        station, state="approved", approved_by="Olga", approved_at=NOW, began_at=at(3, 9),
        ended_at=at(3, 11), reason="Cable cut", evidence="Report 7",
    )  # fmt: skip
    with across_operators(_WHY):
        rebuild(station)
    return station


@pytest.mark.django_db
def test_the_files_pass_the_intake_and_add_up_to_the_days() -> None:
    operator = make_operator()
    station = story(operator)
    with across_operators(_WHY):
        evse = Evse.objects.get(station=station, number=1)
    make_session(
        station=station, evse_number=1, evse=evse,
        state="ended", started_at=at(5, 8), stopped_at=at(5, 9), first_received_at=at(5, 8),
        energy_wh="12345.6", id_token_type="ISO14443", stop_reason="Local",
    )  # fmt: skip
    failed = make_session(
        station=station, evse_number=1, evse=evse,
        state="ended", started_at=at(6, 8), stopped_at=at(6, 9), first_received_at=at(6, 8),
        energy_wh="0", stop_reason="PowerLoss",
    )  # fmt: skip
    with across_operators(_WHY):
        MeterReading.objects.bulk_create(
            MeterReading(
                id=number, received_at=at(6, 8), operator_id=operator.pk, station_id=station.pk,
                session_id=failed.pk, at=at(6, 8), measurand="Power.Active.Import", value=value,
            )
            for number, value in enumerate((4_000, 7_654), 1)
        )  # fmt: skip

    with operator_scope(operator):
        asked: dict[str, Any] = {"quarter": Q1, "provider": "quay_charge", "site": None}
        files = {n: produce(module=n, **asked).content.read() for n in (2, 3, 4)}
        ports = port_quarters(quarter=Q1, provider="quay_charge", now=NOW)
        days = UptimeDay.objects.filter(evse__number=1, day_on__gte=date(2025, 4, 1))
        spent = sum(days.values_list("down_ms", flat=True))
        excluded = sum(days.values_list("excluded_ms", flat=True))

    assert {n: problems(n, body) for n, body in files.items()} == {2: [], 3: [], 4: []}
    sessions, blank = read(files[2])[:2], read(files[2])[2]
    assert [(row["session_error"], row["energy_kwh"], row["power_kw"]) for row in sessions] == [
        ("NONE", "12.35", "12.35"), ("PowerLoss", "0.00", "7.65"),
    ]  # fmt: skip
    assert [row["payment_method"] for row in sessions] == ["RFID", "OTHER"]
    assert set(blank.values()) == {
        station.site.public_id, ports[1].evse.public_id, "quay_charge", "",
    }  # fmt: skip
    first = ports[0]
    assert first.figures.outage_minutes == Fraction(spent, 60_000) == (3 + 6 + 2) * 60
    assert first.figures.excluded_minutes == Fraction(excluded, 60_000) == 120
    # From the quarter's first midnight in the site's zone; cut where the cause changes.
    pieces = [(piece.period, piece.cause) for piece in first.pieces]
    assert pieces == [
        (Period(datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 1, 1, tzinfo=UTC)), ""),
        (Period(at(3, 8), at(3, 9)), ""),
        (Period(at(3, 9), at(3, 11)), "vandalism"),
        (Period(at(3, 11), at(3, 14)), ""),
        (Period(at(12, 11), NOW), ""),
    ]
    assert first.note(first.pieces[2]) == "Cable cut Report 7"
    assert all(len(first.sources(piece)) == 1 for piece in first.pieces)
    assert [row["outage_id"] for row in read(files[4])][-1] == ""


@pytest.mark.django_db
def test_page_and_api_show_what_the_files_say_and_refuse_what_is_none() -> None:
    operator = make_operator(name="Quay Charge AB")
    story(operator)
    olga = Client()
    olga.force_login(make_person(operator=operator, role="control_room"))

    page = olga.get("/uptime/ev-chart/?quarter=2026-Q1").content.decode()
    sent: Any = olga.get("/uptime/ev-chart/?quarter=2026-Q1&module=4")
    file = b"".join(sent.streaming_content)
    rows = api_client(operator).get("/api/v1/ev-chart?quarter=2026-Q1").json()
    same = api_client(operator).get("/api/v1/ev-chart/outages?quarter=2026-Q1").content

    source = rows[0]["outages"][0]["outages"][0]
    assert f"/outages/{source}/" in page
    assert (rows[0]["network_provider"], rows[0]["uptime_reporting_start"]) == (
        "quay_charge_ab", "2025-03-31T22:00:00Z",
    )  # fmt: skip
    assert problems(4, file) == problems(4, same) == []
    assert olga.get("/uptime/ev-chart/?quarter=2019-Q1").status_code == 200
    assert olga.get("/uptime/ev-chart/?quarter=2019-Q1&module=3").status_code == 400
    assert olga.get("/uptime/ev-chart/?quarter=2026-Q1&module=5").status_code == 404
    assert api_client(make_operator()).get("/api/v1/ev-chart?quarter=2026-Q1").json() == []
