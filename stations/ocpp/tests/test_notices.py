"""What the rooms of stations find for notifications, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.notifications.events import EventKind, Search, event_kinds
from core.tenancy.scopes import operator_scope
from stations.commands.models import Command, CommandOrigin, CommandState
from stations.hardware.journal_models import StatusJournal
from stations.hardware.models import Connector, StationLink
from stations.ocpp.models import Knock
from tests.factories.core import make_operator
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def keys(kind: EventKind, operator: Any, minutes: int = 0) -> list[str]:
    search = Search(operator, NOW - timedelta(minutes=10), NOW, timedelta(minutes=minutes))
    with operator_scope(operator):
        found = list(kind.find(search))
        for one in found:
            assert kind.words(one.params)
            assert one.url.startswith("/")
    return [one.key for one in found]


def test_stations_that_are_away_for_long_enough() -> None:
    kind = event_kinds()["station.offline"]
    operator = make_operator()
    for minutes in (3, 17, 40):
        station = make_station(operator=operator, is_connected=False)
        gone_at = NOW - timedelta(minutes=minutes)
        StationLink.objects.filter(station=station).update(
            disconnected_at=gone_at, generation=minutes
        )
    foreign = make_station(is_connected=False)
    StationLink.objects.filter(station=foreign).update(disconnected_at=NOW - timedelta(minutes=17))
    back = make_station(operator=operator)
    StationLink.objects.filter(station=back).update(disconnected_at=NOW - timedelta(minutes=17))

    found = keys(kind, operator, minutes=15)

    assert [key.split(":")[1] for key in found] == ["17"]


def test_a_fault_that_is_reported_again_is_one() -> None:
    kind = event_kinds()["connector.faulted"]
    station = make_station(evses=2)
    journal: dict[str, Any] = {"operator_id": station.operator_id, "station_id": station.pk}
    StatusJournal.objects.bulk_create(
        StatusJournal(
            **journal,
            id=n,
            received_at=NOW - timedelta(minutes=20 - n),
            evse_number=1,
            connector_number=1,
            status=status,
        )
        for n, status in enumerate(("available", "faulted", "faulted"), start=1)
    )
    with operator_scope(station.operator):
        connector = Connector.objects.filter(evse__number=1)
        connector.update(status="faulted", status_received_at=NOW - timedelta(minutes=5))
        first = keys(kind, station.operator)
        connector.update(status_received_at=NOW)

    assert len(first) == 1
    assert keys(kind, station.operator) == first


def test_held_sessions_failed_commands_and_knocks() -> None:
    station = make_station()
    operator = station.operator
    held = make_session(station=station, is_held=True, reconciled_at=NOW, state="ended")
    make_session(station=station, is_held=True, state="ended", reconciled_at=NOW - timedelta(1))
    own: dict[str, Any] = {"operator": operator, "station": station, "action": "Reset"}
    with operator_scope(operator):
        for n, (state, origin) in enumerate(
            (
                (CommandState.TIMED_OUT, CommandOrigin.PERSON),
                (CommandState.ANSWERED, CommandOrigin.PERSON),
                (CommandState.FAILED, CommandOrigin.SYSTEM),
            )
        ):
            Command.objects.create(
                **own,
                public_id=f"cmd_{n}",
                state=state,
                origin=origin,
                expires_at=NOW,
                finished_at=NOW,
            )
    Knock.objects.create(identity="NEW", reason="unknown_station", last_at=NOW)
    Knock.objects.create(
        identity="OTHER", reason="wrong_password", last_at=NOW, station=make_station()
    )
    kinds = event_kinds()

    assert keys(kinds["session.held"], operator) == [str(held.pk)]
    assert len(keys(kinds["command.failed"], operator)) == 1
    assert len(keys(kinds["station.knocked"], operator)) == 1
