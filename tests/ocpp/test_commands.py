"""A command row's way over the wire: one at a time, in order, fenced by generation."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stations.models import Command, FrameJournal
from stations.ocpp.bridge import command_rows, commander
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.tests.charge_point import plug_in
from tests.ocpp.conftest import running_bridge, url_of
from tests.ocpp.ordering import ask, ended
from tests.ocpp.support import PASSWORD, Network, eventually, query


async def test_a_lost_task_loses_nothing(network: Network) -> None:
    """The row is found by pulling, although no task ever tells of it."""
    cp = await network.plug_in()
    command = await ask(network, "ClearCache")

    frame = await cp.next_call()
    sent = await query(lambda: Command.objects.get(pk=command.pk))
    assert frame[:1] + frame[2:] == [2, "ClearCache", {}]
    assert (sent.state, sent.message_id, sent.generation) == ("sent", frame[1], 1)
    assert sent.sent_at is not None
    await cp.answer(frame, {"status": "Rejected"})

    done = await ended(command)
    assert (done.state, done.answer_status, done.answer) == (
        "answered",
        "Rejected",
        {"status": "Rejected"},
    )
    row = (await network.frames(direction="out"))[0]
    assert (row.action, row.message_id, row.outcome) == ("ClearCache", frame[1], "result")
    assert (row.request, row.answer) == ("{}", '{"status":"Rejected"}')
    await cp.close()


async def test_a_told_bridge_sends_without_looking_into_the_database(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_arguments: object) -> list[tuple[int, int]]:
        return []

    monkeypatch.setattr(command_rows, "queued", nothing)
    cp = await network.connected()
    command = await ask(network, "ClearCache")
    network.host.deliver(command.pk)
    network.host.deliver(command.pk)
    network.host.deliver(-1)

    await cp.answer(await cp.next_call(), {"status": "Accepted"})
    assert (await ended(command)).state == "answered"
    assert cp.calls.empty()
    await cp.close()


async def test_one_call_at_a_time_in_order(network: Network) -> None:
    cp = await network.plug_in()
    made = [await ask(network, "GetConfiguration", {"key": [str(n)]}) for n in range(5)]

    for number in range(5):
        frame = await cp.next_call()
        await asyncio.sleep(0.05)
        assert cp.calls.empty()
        assert frame[3] == {"key": [str(number)]}
        await cp.answer(frame, {"unknownKey": [str(number)]})

    for command in made:
        assert (await ended(command)).state == "answered"
    await cp.close()


async def test_a_callerror_is_a_failure_with_its_words(network: Network) -> None:
    cp = await network.plug_in()
    command = await ask(network, "Reset", {"type": "Soft"})
    frame = await cp.next_call()
    await cp.socket.send(json.dumps([4, frame[1], "NotSupported", "not <here>", {"a": 1}]))

    done = await ended(command)

    assert (done.state, done.error_code, done.error_text) == (
        "failed",
        "NotSupported",
        "not <here>",
    )
    await cp.close()


@pytest.mark.parametrize(
    "answer", [None, [], "text", 7, {}, {"status": 7}, {"status": "x" * 300}, {"big": 10**30}]
)
async def test_answers_of_any_form_end_the_command(network: Network, answer: Any) -> None:
    cp = await network.plug_in()
    command = await ask(network, "ClearCache")
    frame = await cp.next_call()
    await cp.socket.send(json.dumps([3, frame[1], answer]))

    done = await ended(command)

    assert done.state == "answered"
    assert len(done.answer_status) <= 40
    assert "currentTime" in await cp.ask("Heartbeat", {})
    await cp.close()


async def test_silence_times_out_and_the_late_answer_is_a_stray(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commander, "ANSWER_SECONDS", 0.3)
    cp = await network.plug_in()
    silent = await ask(network, "ClearCache")
    following = await ask(network, "GetLocalListVersion")

    late = await cp.next_call()
    assert (await ended(silent)).state == "timed_out"
    frame = await cp.next_call()
    await cp.answer(late, {"status": "Accepted"})
    await cp.answer(frame, {"listVersion": 3})

    assert (await ended(following)).state == "answered"
    stray = (await network.frames(direction="stray"))[0]
    assert (stray.error_code, stray.message_id) == ("unexpected_answer", late[1])
    assert (await query(lambda: Command.objects.get(pk=silent.pk))).answer is None
    await cp.close()


async def test_a_lost_connection_fails_the_call_in_flight_and_keeps_the_next(
    network: Network,
) -> None:
    cp = await network.plug_in()
    flying = await ask(network, "ClearCache")
    waiting = await ask(network, "GetLocalListVersion")
    await cp.next_call()
    cp.drop()

    failed = await ended(flying)
    assert (failed.state, failed.error_code) == ("failed", "connection_lost")
    assert (await query(lambda: Command.objects.get(pk=waiting.pk))).state == "queued"

    back = await network.plug_in()
    frame = await back.next_call()
    assert frame[2] == "GetLocalListVersion"
    await back.answer(frame, {"listVersion": 0})
    done = await ended(waiting)
    assert (done.state, done.generation) == ("answered", 2)
    await back.close()


async def test_the_old_socket_cannot_answer_for_the_new(network: Network) -> None:
    """The call goes out on generation 1; generation 2 answers with the same id."""
    old = await network.plug_in()
    command = await ask(network, "ClearCache")
    frame = await old.next_call()
    new = await network.plug_in()
    await new.answer(frame, {"status": "Accepted"})

    done = await ended(command)

    assert (done.state, done.error_code, done.generation) == ("failed", "connection_lost", 1)
    stray = await eventually(
        lambda: FrameJournal.objects.filter(
            station_id=network.station.pk, direction="stray"
        ).first(),
        bool,
    )
    assert stray is not None
    assert stray.generation == 2
    await new.close()


async def test_an_answer_for_another_station_is_nothing(network: Network) -> None:
    other = await network.another()
    cp, stranger = await network.plug_in(), await network.plug_in(station=other)
    command = await ask(network, "ClearCache")
    frame = await cp.next_call()

    await stranger.answer(frame, {"status": "Rejected"})
    await stranger.ask("Heartbeat", {})
    assert (await query(lambda: Command.objects.get(pk=command.pk))).state == "sent"
    await cp.answer(frame, {"status": "Accepted"})

    assert (await ended(command)).answer_status == "Accepted"
    await asyncio.gather(cp.close(), stranger.close())


async def test_an_expired_command_is_never_sent(network: Network) -> None:
    cp = await network.plug_in()
    command = await ask(network, "ClearCache", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    network.host.deliver(command.pk)
    fresh = await ask(network, "GetLocalListVersion")

    frame = await cp.next_call()

    assert frame[2] == "GetLocalListVersion"
    await cp.answer(frame, {"listVersion": 1})
    await ended(fresh)
    await cp.close()


async def test_a_command_follows_its_station_to_another_bridge(
    network: Network, host: BridgeHost
) -> None:
    here = await network.plug_in()
    with running_bridge("bridge5") as second:
        there = await plug_in(url_of(second), network.station.identity, PASSWORD)
        assert await here.closed() == 1008
        command = await ask(network, "ClearCache", bridge="bridge1")
        host.deliver(command.pk)

        await there.answer(await there.next_call(), {"status": "Accepted"})
        done = await ended(command)
        await there.close()

    assert (done.state, done.bridge, done.generation) == ("answered", "bridge5", 2)


async def test_a_command_for_another_version_is_not_sent(network: Network) -> None:
    """The station spoke 1.6 when it was asked and speaks 2.0.1 now."""
    cp = await network.plug_in("ocpp2.0.1")

    done = await ended(await ask(network, "Reset", {"type": "Hard"}))

    assert (done.state, done.error_code) == ("failed", "version_changed")
    assert cp.calls.empty()
    await cp.close()
