"""GetTransactionStatus tells the watchdog whether a session's end is still on its way."""

from __future__ import annotations

import pytest

from core.tenancy.scopes import operator_scope
from stations.ocpp.tests.test_answers import dialogue
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db


def test_the_answer_is_kept_with_the_stations_own_session() -> None:
    station = make_station(ocpp_version="2.0.1")
    other = make_station(ocpp_version="2.0.1")
    mine = make_session(station=station, ocpp_version="2.0.1", ocpp_transaction_id="tx-1")
    theirs = make_session(station=other, ocpp_version="2.0.1", ocpp_transaction_id="tx-1")

    dialogue(
        station,
        "GetTransactionStatus",
        {"transactionId": "tx-1"},
        {"ongoingIndicator": False, "messagesInQueue": True},
    )

    with operator_scope(station.operator):
        mine.refresh_from_db()
    with operator_scope(other.operator):
        theirs.refresh_from_db()
    assert (mine.reported_ongoing, mine.reported_in_queue) == (False, True)
    assert (theirs.reported_ongoing, theirs.reported_in_queue) == (None, None)


def test_an_answer_about_the_whole_queue_changes_no_session() -> None:
    station = make_station(ocpp_version="2.0.1")
    session = make_session(station=station, ocpp_version="2.0.1", ocpp_transaction_id="tx-1")

    dialogue(station, "GetTransactionStatus", {}, {"messagesInQueue": True})

    with operator_scope(station.operator):
        session.refresh_from_db()
    assert session.reported_in_queue is None
