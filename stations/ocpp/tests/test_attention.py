"""Several refusals at one EVSE within half an hour need attention."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.tenancy.scopes import across_operators, operator_scope
from stations.hardware.models import Station
from stations.ocpp.attention import source
from stations.ocpp.models import AuthorisationAttempt
from tests.factories.core import make_operator
from tests.factories.stations import make_station

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def ask(station: Station, number: int | None, minutes: int, decision: str, reason: str) -> None:
    with across_operators("tests make rows of any operator"):
        AuthorisationAttempt.objects.create(
            operator=station.operator,
            station=station,
            evse_number=number,
            at=NOW - timedelta(minutes=minutes),
            kind="authorize",
            id_token="04AB",
            decision=decision,
            reason_code=reason,
        )


@pytest.mark.django_db
def test_three_refusals_at_one_evse_are_told_with_the_last_reason() -> None:
    operator = make_operator()
    station = make_station(operator=operator, name="Kaj", evses=2)
    for minutes, reason in ((29, "unknown_token"), (10, "unknown_token"), (2, "blocked")):
        ask(station, 1, minutes, "Invalid", reason)
    ask(station, 1, 1, "Accepted", "accepted")
    ask(station, 2, 31, "Invalid", "blocked")
    for minutes in (2, 3):
        ask(station, 2, minutes, "Invalid", "blocked")

    with operator_scope(operator):
        [concern] = source.concerns(NOW)

    assert concern.reason.code == "refusals"
    assert concern.subject == "Kaj / 1"
    assert concern.text == "3 refusals within half an hour. The token is blocked."
    assert concern.since_at == NOW - timedelta(minutes=29)
    assert concern.url == f"/stations/{station.public_id}/attempts/"
