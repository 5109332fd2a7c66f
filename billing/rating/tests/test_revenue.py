"""Revenue by day, site, station and tariff: page, table twin, CSV and API say the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.accounts.permissions import Role
from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.rating import (
    ATTRIBUTOR,
    BEGAN,
    energy_price,
    make_ended,
    make_price,
    rate_all,
    stored,
)
from tests.factories.stations import make_station

pytestmark = pytest.mark.django_db
PERIOD = "from_on=2026-11-02&to_on=2026-11-04"


def test_what_sessions_earned_by_day_and_place(client: Client, settings: Any) -> None:
    settings.SESSION_ATTRIBUTOR = ATTRIBUTOR
    operator = make_operator()
    make_price(operator, energy_price(5))
    first, second = make_station(operator=operator), make_station(operator=operator)
    make_ended(station=first, wh=10_000)
    make_ended(station=second, wh=4_000)
    late = BEGAN + timedelta(hours=37)  # 23:00 to 00:00 UTC, so of 4 November in Stockholm
    make_ended(
        station=second, wh=2_000, started_at=late, stopped_at=late + timedelta(hours=1),
        intervals=stored([(0, 0), (60, 2_000)], began=late),
    )  # fmt: skip
    make_ended(station=first, wh=9_000, token_snapshot={"purpose": "service"})
    held = [{"code": "end_missing", "severity": "doubtful", "params": {}}]
    make_ended(station=first, wh=1_000, findings=held)
    rate_all()
    client.force_login(make_person(operator=operator, role=Role.ACCOUNTANT, language="en"))
    api = api_client(operator)

    def told(by: str) -> Any:
        return api.get(f"/api/v1/revenue?{PERIOD}&by={by}").json()

    days, places, tariffs = told("day"), told("station"), told("tariff")
    page = client.get(f"/revenue/?{PERIOD}&by=station").content.decode()
    csv = client.get(f"/revenue/?{PERIOD}&by=day&format=csv").content.decode()

    assert [(one["label"], one["sessions"], Decimal(one["gross"])) for one in days["rows"]] == [
        ("2026-11-02", 2, Decimal(70)),
        ("2026-11-03", 0, Decimal(0)),
        ("2026-11-04", 1, Decimal(10)),
    ]  # fmt: skip
    assert [(one["label"], Decimal(one["gross"])) for one in places["rows"]] == [
        (first.name, Decimal(50)), (second.name, Decimal(30)),
    ]  # fmt: skip
    for report in (days, places, tariffs):
        [total], [waits] = report["totals"], report["held"]
        parts = [Decimal(total[name]) for name in ("net", "tax", "gross")]
        assert parts == [Decimal(64), Decimal(16), Decimal(80)]
        assert Decimal(waits["gross"]) == 5
    assert page.index(first.name) < page.index(second.name)
    assert "<table" in page
    assert "<svg" in page
    assert [line.split(",")[0] for line in csv.splitlines()[1:]] == [
        "2026-11-02", "2026-11-03", "2026-11-04",
    ]  # fmt: skip
