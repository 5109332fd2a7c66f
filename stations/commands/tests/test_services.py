"""The life of a command: allowed moves, expiry, waiting."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from core.audit.services import SYSTEM
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands import announce, services
from stations.commands.masking import masked
from stations.commands.models import FINAL_STATES, Command, CommandState
from stations.commands.services import Wanted, create_command, expire_commands, move
from stations.commands.states import TRANSITIONS, origins_of
from stations.commands.tasks import NO_ANSWER_AFTER
from stations.commands.tasks import expire_commands as expire_task
from stations.commands.waiting import wait_for
from stations.commands.words import WORDS, in_words
from tests.factories.stations import make_station


def make_command(**fields: Any) -> Command:
    station = make_station()
    with operator_scope(station.operator):
        command = create_command(
            station=station,
            wanted=Wanted(ocpp_version="1.6", action="ClearCache", payload={}),
            by=SYSTEM,
        )
        if fields:
            Command.objects.filter(pk=command.pk).update(**fields)
            command.refresh_from_db()
    return command


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("origin", "target"), list(itertools.product(CommandState, CommandState)), ids=str
)
def test_only_allowed_moves_happen(origin: CommandState, target: CommandState) -> None:
    command = make_command(state=origin)

    with operator_scope(command.operator_id):
        moved = move(command, target, error_text="moved")

    assert moved == (target in TRANSITIONS[origin])
    assert command.state == (target if moved else origin)
    assert (command.error_text == "moved") == moved


def test_every_final_state_is_final_and_every_other_leads_to_one() -> None:
    assert {s for s, targets in TRANSITIONS.items() if not targets} == FINAL_STATES
    assert origins_of(CommandState.ANSWERED) == [CommandState.SENT]


@pytest.mark.django_db
def test_an_answer_counts_once() -> None:
    command = make_command(state=CommandState.SENT)

    with operator_scope(command.operator_id):
        assert services.mark_answered(command, {"status": "Rejected"})
        assert not services.mark_answered(command, {"status": "Accepted"})
        assert not services.mark_failed(command, code="GenericError")

    assert (command.answer, command.answer_status) == ({"status": "Rejected"}, "Rejected")
    assert command.finished_at is not None


@pytest.mark.django_db
def test_what_nobody_will_finish_is_finished() -> None:
    now = timezone.now()
    soon, past = now + timedelta(minutes=1), now - timedelta(seconds=1)
    waits = make_command(expires_at=soon)
    late = make_command(expires_at=past)
    long_ago = now - NO_ANSWER_AFTER
    silent = make_command(state=CommandState.SENT, expires_at=past, sent_at=long_ago)
    fresh = make_command(state=CommandState.SENT, expires_at=past, sent_at=now)

    with across_operators("commands of every operator expire"):
        assert expire_commands(now=now, no_answer_after=NO_ANSWER_AFTER) == 2
        assert expire_commands(now=now, no_answer_after=NO_ANSWER_AFTER) == 0
        states = {
            c.pk: (c.state, c.error_code)
            for c in Command.objects.filter(pk__in=[c.pk for c in (waits, late, silent, fresh)])
        }

    assert states == {
        waits.pk: ("queued", ""),
        late.pk: ("expired", "expired"),
        silent.pk: ("timed_out", "no_answer"),
        fresh.pk: ("sent", ""),
    }


@pytest.mark.django_db
def test_the_task_runs_across_operators() -> None:
    late = make_command(expires_at=timezone.now())

    expire_task()

    with operator_scope(late.operator_id):
        late.refresh_from_db()
    assert late.state == CommandState.EXPIRED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("redis_url", ["", "redis://127.0.0.1:1/0"], ids=["redis", "no redis"])
def test_waiting_ends_with_the_command_and_holds_no_connection(
    settings: Settings, redis_url: str
) -> None:
    settings.REDIS_URL = redis_url or settings.REDIS_URL
    command = make_command()
    held: list[Any] = []

    def bridge() -> None:
        time.sleep(0.4)
        with operator_scope(command.operator_id):
            mine = Command.objects.get(pk=command.pk)
            services.mark_sent(mine, message_id="1", generation=1, bridge="b")
            services.mark_answered(mine, {"status": "Accepted"})
        connection.close()

    def pause(*_args: Any, **_kwargs: Any) -> None:
        held.append(connection.connection)

    thread = threading.Thread(target=bridge)
    thread.start()
    began = time.monotonic()
    with operator_scope(command.operator_id):
        finished = wait_for(command, 10)
        pause()
    thread.join()

    assert finished.state == CommandState.ANSWERED
    assert 0.3 < time.monotonic() - began < 3
    assert held == [None]


@pytest.mark.django_db
def test_waiting_for_nothing_returns_at_once() -> None:
    command = make_command()

    with operator_scope(command.operator_id):
        began = time.monotonic()
        assert wait_for(command, 0).state == CommandState.QUEUED
        assert time.monotonic() - began < 1


@pytest.mark.django_db
def test_a_move_is_published_and_a_dead_redis_is_no_trouble(settings: Settings) -> None:
    command = make_command()
    with announce.client(settings.REDIS_URL).pubsub() as listener:  # type: ignore[no-untyped-call]  # its library has no types
        listener.subscribe(announce.channel(command.pk))
        listener.get_message(timeout=2)
        announce.publish_move(command)
        message = listener.get_message(timeout=2)
    assert message["data"] == "queued"

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    announce.publish_move(command)


def test_secrets_are_masked_wherever_they_hide() -> None:
    shown = masked(
        {
            "key": "AuthorizationKey",
            "value": "s3cret",
            "items": [
                {"key": "SecurityCtrlr.BasicAuthPassword", "value": "s3cret"},
                {"component": "SecurityCtrlr", "variable": "BasicAuthPassword", "value": "s3cret"},
                {"variable": {"name": "basicauthpassword"}, "attributeValue": "s3cret"},
                {"key": "HeartbeatInterval", "value": "60"},
            ],
            "apn": {"apnPassword": "s3cret"},
            "url": "ftp://user:s3cret@host/path",
        }
    )

    assert "s3cret" not in str(shown)
    assert shown["items"][3] == {"key": "HeartbeatInterval", "value": "60"}
    assert shown["url"] == "ftp://***@host/path"


def test_our_own_codes_have_words_and_a_stations_code_its_text() -> None:
    assert all(in_words(code).endswith(".") for code in WORDS)
    assert in_words("NotSupported", "No such key") == "No such key"
    assert in_words("NotSupported") == "NotSupported"
