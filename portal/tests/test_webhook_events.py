"""What happens in the network is told: from journals by cursor, from sessions as they change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from core.webhooks.collecting import collect_events
from core.webhooks.models import WebhookCursor, WebhookDelivery, WebhookEndpoint, WebhookEvent
from core.webhooks.sources import event_kinds
from stations.commands.models import Command, CommandOrigin
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Station
from stations.ocpp.models import Knock
from stations.sessions.closing import close_session
from stations.sessions.models import Session
from stations.sessions.webhooks import tell_of_session
from tests.factories.core import make_operator, make_webhook, number
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
ALL = [kind.name for kind in event_kinds()]


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with across_operators("events of any operator are looked at"):
        yield


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def station(operator: Operator) -> Station:
    made: Station = make_station(operator=operator)
    return made


@pytest.fixture
def webhook(operator: Operator) -> WebhookEndpoint:
    began = timezone.now() - timedelta(days=1)
    return make_webhook(operator=operator, events=ALL, listening_since_at=began)


def connection(station: Station, at: datetime, kind: str = "connected") -> None:
    row = ConnectionJournal(
        id=number(), received_at=at, happened_at=at, operator_id=station.operator_id,
        station_id=station.pk, generation=1, kind=kind,
    )  # fmt: skip
    ConnectionJournal.objects.bulk_create([row])


def status(station: Station, at: datetime, word: str) -> None:
    row = StatusJournal(
        id=number(), received_at=at, operator_id=station.operator_id, station_id=station.pk,
        evse_number=1, connector_number=1, status=word, status_raw=word,
    )  # fmt: skip
    StatusJournal.objects.bulk_create([row])


def collect(now: datetime) -> None:
    collect_events(now=now)


def told() -> list[tuple[str, dict[str, Any]]]:
    rows = WebhookEvent.objects.order_by("happened_at", "id")
    assert WebhookDelivery.objects.count() == len(rows)
    return [(row.kind, json.loads(row.body)["data"]) for row in rows]


def begin(now: datetime) -> None:
    """The first run only notes where it begins."""
    collect(now)
    assert told() == []


@pytest.mark.usefixtures("webhook")
def test_journals_are_told_once_and_only_changes_of_status(station: Station) -> None:
    now = timezone.now()
    begin(now)
    connection(station, now)
    connection(station, now + timedelta(seconds=1), "replaced")
    connection(station, now + timedelta(seconds=2), "csms_outage")
    for seconds, word in ((3, "available"), (4, "available"), (5, "charging")):
        status(station, now + timedelta(seconds=seconds), word)

    collect(now + timedelta(seconds=10))
    collect(now + timedelta(seconds=20))

    found = told()
    assert [kind for kind, _data in found] == [
        "station.connected",
        "station.disconnected",
        "connector.status_changed",
        "connector.status_changed",
    ]
    assert found[0][1]["station"]["identity"] == station.identity
    assert found[1][1]["cause"] == "csms_outage"
    assert [(d["before"], d["status"]) for _k, d in found[2:]] == [
        (None, "available"),
        ("available", "charging"),
    ]


@pytest.mark.usefixtures("webhook")
def test_a_row_that_became_visible_late_is_found_by_the_next_sweep(station: Station) -> None:
    now = timezone.now()
    begin(now)
    collect(now + timedelta(minutes=5))
    connection(station, now + timedelta(minutes=1))

    collect(now + timedelta(minutes=6))
    assert told() == []
    collect(now + timedelta(minutes=11))

    assert [kind for kind, _data in told()] == ["station.connected"]


def test_only_who_listens_hears_and_only_of_what_came_after(
    station: Station, operator: Operator
) -> None:
    now = timezone.now()
    later = make_webhook(operator=operator, listening_since_at=now + timedelta(seconds=5))
    make_webhook(operator=operator, is_active=False)
    make_webhook(operator=operator, events=["session.ended"])
    make_webhook(operator=make_operator())
    begin(now)
    connection(station, now + timedelta(seconds=1))
    connection(station, now + timedelta(seconds=6))

    collect(now + timedelta(seconds=10))

    (delivery,) = WebhookDelivery.objects.all()
    assert delivery.endpoint == later


def test_finished_commands_and_knocks_are_told(
    station: Station, operator: Operator, webhook: WebhookEndpoint
) -> None:
    now = timezone.now()
    begin(now)
    other = make_webhook(operator=make_operator(), events=ALL, listening_since_at=now)
    Command.objects.create(
        operator=operator, station=station, public_id="cmd_1", origin=CommandOrigin.API,
        action="Reset", state="answered", answer={"secret": 1}, expires_at=now, finished_at=now,
    )  # fmt: skip
    Knock.objects.create(identity="NOBODY", reason="unknown_station", last_at=now)
    Knock.objects.create(identity="OURS", reason="wrong_password", station=station, last_at=now)

    collect(now + timedelta(seconds=5))
    Knock.objects.update(last_at=now + timedelta(milliseconds=1), attempts=9)
    collect(now + timedelta(seconds=10))

    def heard(endpoint: WebhookEndpoint) -> list[str]:
        rows = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")
        return sorted(row.event.kind for row in rows)

    assert heard(webhook) == ["command.finished", "station.knocked", "station.knocked"]
    assert heard(other) == ["station.knocked"]
    assert "secret" not in WebhookEvent.objects.get(kind="command.finished").body


@pytest.mark.usefixtures("webhook")
def test_a_session_is_told_of_when_it_starts_ends_and_is_held(station: Station) -> None:
    now = timezone.now()
    fresh: Session = make_session(station=station, first_received_at=now, last_fact_at=now)
    running = Session.objects.get(pk=fresh.pk)
    running.reconciled_at = now
    ended = Session.objects.get(pk=fresh.pk)
    ended.state, ended.stopped_at, ended.reconciled_at, ended.is_held = "ended", now, now, True
    ended.energy_wh = 1234

    tell_of_session(running, before=fresh, now=now)
    tell_of_session(running, before=running, now=now)
    tell_of_session(ended, before=running, now=now)
    tell_of_session(ended, before=ended, now=now)

    found = dict(told())
    assert sorted(found) == ["session.ended", "session.held", "session.started"]
    assert found["session.ended"]["session"]["energy_wh"] == 1234
    assert WebhookEvent.objects.count() == 3


@pytest.mark.usefixtures("webhook")
def test_a_session_closed_by_hand_is_told_as_held(station: Station) -> None:
    session = make_session(station=station, state="active")

    close_session(session=session, reason="x")

    assert [kind for kind, _data in told()] == ["session.held"]


def test_without_listeners_nothing_is_kept_and_the_cursor_moves(station: Station) -> None:
    now = timezone.now()
    collect(now)
    connection(station, now + timedelta(seconds=1))

    collect(now + timedelta(seconds=5))

    assert WebhookEvent.objects.count() == 0
    positions = set(WebhookCursor.objects.values_list("position_at", flat=True))
    assert positions == {now + timedelta(seconds=5)}
