"""When an open session is closed, and on what evidence."""

from __future__ import annotations

from datetime import timedelta

from stations.sessions.context import SessionContext
from stations.sessions.reconcile import SessionTruth, reconcile
from stations.sessions.tests.stories import at, start, stop, values
from stations.sessions.watchdog import Evidence, Verdict, judge

STORY = [start(0), values(15, 3000), values(30, 5000)]


def evidence(**members: object) -> Evidence:
    return Evidence(**({"last_sign_at": at(30), "last_heard_at": at(31)} | members))  # type: ignore[arg-type]  # values of many types


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.findings]


def test_without_now_only_a_later_start_closes() -> None:
    assert not judge(evidence(connector_free_at=at(40), ongoing=False), None).closes
    assert judge(evidence(superseded_at=at(60)), None).closes


def test_closed_session_ends_at_its_last_sign() -> None:
    verdict = judge(evidence(superseded_at=at(60)), None)

    assert verdict.stopped_at == at(30)
    assert codes(verdict) == ["end_missing", "superseded"]


def test_it_never_ends_after_the_next_start() -> None:
    assert judge(evidence(superseded_at=at(20)), None).stopped_at == at(20)


def test_free_connector_closes_after_a_while() -> None:
    free = evidence(connector_free_at=at(40))

    assert not judge(free, at(54)).closes
    assert codes(judge(free, at(55))) == ["end_missing", "connector_free"]


def test_connector_free_before_the_last_sign_means_nothing() -> None:
    assert not judge(evidence(connector_free_at=at(20)), at(600)).closes


def test_station_that_says_not_ongoing_closes_at_once() -> None:
    assert codes(judge(evidence(ongoing=False), at(32))) == ["end_missing", "not_ongoing"]


def test_queued_messages_keep_the_session_open() -> None:
    waiting = evidence(ongoing=False, messages_in_queue=True, superseded_at=at(60))

    assert not judge(waiting, at(60 * 100)).closes


def test_silence_closes_at_its_limit() -> None:
    assert not judge(evidence(), at(31 + 24 * 60 - 1)).closes
    assert codes(judge(evidence(), at(31 + 24 * 60))) == ["end_missing", "silent"]
    assert judge(evidence(), at(91), timedelta(hours=1)).closes


def test_silence_does_not_close_what_the_station_says_is_ongoing() -> None:
    assert not judge(evidence(ongoing=True), at(60 * 1000)).closes


def reconciled(*extra: object, **context: object) -> SessionTruth:
    return reconcile([*STORY, *extra], SessionContext(**context), at(60 * 48))  # type: ignore[arg-type,list-item]  # values of many types


def test_reconciled_session_is_closed_with_what_was_measured_and_held() -> None:
    truth = reconciled()

    assert truth.state == "end_missing"
    assert truth.stopped_at == at(30)
    assert str(truth.energy_wh) == "4000"
    assert truth.certainty == "lower_bound"
    assert truth.is_held


def test_ongoing_session_stays_active() -> None:
    truth = reconciled(ongoing=True)

    assert truth.state == "active"
    assert truth.stopped_at is None


def test_late_stop_undoes_the_watchdog() -> None:
    truth = reconciled(stop(45, 6000))

    assert truth.state == "ended"
    assert truth.stopped_at == at(45)
    assert not truth.is_held
