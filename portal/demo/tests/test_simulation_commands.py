"""``manage.py simulate`` and ``compare_simulation`` from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from customers.tokens.models import IdToken
from stations.hardware.models import Evse, Station
from stations.management.commands.simulate import known_tokens
from stations.sessions.models import Session
from stations.sites.models import Site

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def station(db: None) -> Station:
    """A station of an operator with one good and one blocked card."""
    with across_operators("test"):
        operator = Operator.objects.create(name="Nord", slug="nord", party_id="NRD")
        site = Site.objects.create(operator=operator, public_id="site_1", name="Place")
        station: Station = Station.objects.create(
            operator=operator, site=site, public_id="cs_1", identity="CP-1", name="One"
        )
        Evse.objects.create(operator=operator, station=station, number=1)
        IdToken.objects.create(operator=operator, uid="04AABBCC")
        IdToken.objects.create(operator=operator, uid="04DDEEFF", status="blocked")
        return station


def report(**changes: Any) -> dict[str, Any]:
    """A run with one session."""
    session = {
        "station": "CP-1",
        "transaction_id": "41",
        "energy_wh": 1500.0,
        "meter_fault": "none",
        "delivered": True,
    }
    return {
        "began_at": NOW.isoformat(),
        "ended_at": (NOW + timedelta(minutes=5)).isoformat(),
        "sessions": [{**session, **changes}],
    }


def record(station: Station, energy_wh: int) -> None:
    """The session as the portal recorded it."""
    with across_operators("test"):
        Session.objects.create(
            operator=station.operator,
            station=station,
            public_id="se_1",
            ocpp_version="1.6",
            ocpp_transaction_id="41",
            state="ended",
            energy_wh=Decimal(energy_wh),
            first_received_at=NOW + timedelta(minutes=1),
        )


def compare(tmp_path: Path, content: Any) -> dict[str, Any]:
    """What the command prints."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content))
    out = StringIO()
    call_command("compare_simulation", str(path), stdout=out)
    printed: dict[str, Any] = json.loads(out.getvalue())
    return printed


def test_agreement_is_told_with_exit_code_0(station: Station, tmp_path: Path) -> None:
    record(station, 1501)

    outcome = compare(tmp_path, report())

    assert outcome["agree"] is True
    assert outcome["recorded"]["sessions"] == 1


def test_a_difference_ends_with_exit_code_1(station: Station, tmp_path: Path) -> None:
    record(station, 1601)

    with pytest.raises(SystemExit) as ending:
        compare(tmp_path, report())

    assert ending.value.code == 1


@pytest.mark.django_db
def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not a report"):
        compare(tmp_path, [1])
    with pytest.raises(CommandError, match=r"none\.json"):
        call_command("compare_simulation", str(tmp_path / "none.json"))


def test_only_tokens_that_may_charge_are_taken_from_the_database(station: Station) -> None:
    assert known_tokens(["CP-1", "CP-UNKNOWN"]) == {"CP-1": ["04AABBCC"]}
    assert station.identity == "CP-1"


def test_simulate_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="say which stations"):
        call_command("simulate")
