"""Sessions are found by any part of their ids, quickly, and only the operator's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.search.filling import fill
from core.search.models import SearchEntry
from core.search.sql import LATER
from core.tenancy.scopes import operator_scope
from stations.sessions import search
from stations.sessions.models import Session
from stations.sessions.search import FILL, source, with_word
from tests.factories.core import make_operator
from tests.factories.stations import make_session, make_site, make_station

pytestmark = pytest.mark.django_db

MANY = """
INSERT INTO stations_session (operator_id, station_id, public_id, ocpp_version,
  ocpp_transaction_id, transaction_use, state, id_token, id_token_type, token_snapshot,
  first_received_at, last_fact_at, charging_state, stop_reason, is_offline, findings, is_held,
  intervals, reconcile_due)
SELECT %s, %s::bigint + n %% 20, 'ses_' || md5(n::text)::varchar(16), '1.6',
  n, 0, 'ended', upper(md5('t' || n)), '',
  '{}', now() - n * interval '1 minute', now(), '', '', false, '[]', false, '{}', false
FROM generate_series(1, 12000) n
"""


def test_a_session_is_found_by_part_of_its_ids_whatever_wrote_it() -> None:
    operator = make_operator()
    station = make_station(operator=operator, name="Kaj 3")
    session = make_session(
        station=station, public_id="ses_7kq0xy", ocpp_transaction_id="881234", id_token="04CAFE77"
    )

    with operator_scope(operator):
        found = {text: [h.label for h in source.find(text, 8)] for text in ("KQ0", "123", "cafe")}
        Session.objects.filter(pk=session.pk).update(id_token="DEADBEEF")
        after = [[h.note for h in source.find(text, 8)] for text in ("cafe", "adbe")]

    assert found == {text: ["ses_7kq0xy"] for text in ("KQ0", "123", "cafe")}
    assert after == [[], ["Kaj 3 · DEADBEEF"]]


def test_a_word_that_most_sessions_have_finds_those_of_them_that_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "SAMPLE", 3)
    monkeypatch.setattr(search, "COMMON", 2)
    operator = make_operator()
    tokens = ("04CAFE01", "04BEEF02", "04CAFE03", "04CAFE04")
    for hours, token in enumerate(tokens):
        make_session(
            station=make_station(operator=operator),
            id_token=token,
            first_received_at=timezone.now() - timedelta(hours=hours),
        )

    with operator_scope(operator):
        common, rare = (with_word(Session.objects.all(), word) for word in ("cafe", "beef"))
        found = list(common.order_by("-first_received_at").values_list("id_token", flat=True))

        assert "EXISTS" in str(common.query)
        assert "EXISTS" not in str(rare.query)
        assert found == ["04CAFE01", "04CAFE03", "04CAFE04"]
        assert [session.id_token for session in rare] == ["04BEEF02"]


def test_a_word_that_every_station_has_leaves_no_session_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "MANY_STATIONS", 1)
    operator = make_operator()
    stations = [make_station(operator=operator, name=f"Kaj {n}") for n in range(2)]
    sessions = [make_session(station=station) for station in stations]

    with operator_scope(operator):
        assert set(with_word(Session.objects.all(), "kaj")) == set(sessions)
        assert set(with_word(Session.objects.all(), "kaj 1")) == {sessions[1]}


def test_sessions_of_another_operator_are_not_found() -> None:
    make_session(station=make_station(), id_token="04CAFE77")

    with operator_scope(make_operator()):
        assert source.find("CAFE77", 8) == []
        assert list(with_word(Session.objects.all(), "CAFE77")) == []


def test_a_short_text_or_a_wildcard_finds_nothing() -> None:
    operator = make_operator()
    make_session(station=make_station(operator=operator), id_token="04CAFE77")

    with operator_scope(operator):
        assert [source.find(text, 8) for text in ("04", "", "%%%", "___")] == [[], [], [], []]


def test_the_entry_goes_with_the_row() -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    assert SearchEntry.objects.filter(kind="site", object_id=site.pk).count() == 1

    with operator_scope(operator):
        site.delete()

    assert SearchEntry.objects.filter(kind="site", object_id=site.pk).count() == 0


def test_sessions_that_the_bridge_wrote_are_found_once_they_are_filled() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {LATER} = 'on'")
    make_session(station=station, id_token="04CAFE77")

    with operator_scope(operator):
        before = len(source.find("CAFE77", 8))
        filled = [fill(FILL, now=now), fill(FILL, now=now)]
        after = len(source.find("CAFE77", 8))

    assert (before, filled, after) == (0, [1, 0], 1)


def test_a_row_committed_after_higher_ids_is_still_filled() -> None:
    station = make_station()
    now = timezone.now()
    early = make_session(station=station, state="ended")
    make_session(station=station)
    SearchEntry.objects.filter(kind="session", object_id=early.pk).delete()

    late = [fill(FILL, now=now + timedelta(minutes=n)) for n in (0, 9)]
    SearchEntry.objects.filter(kind="session", object_id=early.pk).delete()
    at_last = [fill(FILL, now=now + timedelta(minutes=n)) for n in (11, 22)]

    assert (late, at_last) == ([1, 0], [1, 0])


def plan(operator: object, text: str) -> str:
    with operator_scope(operator):
        return str(with_word(Session.objects.order_by("-id"), text)[:50].explain())


def test_among_many_sessions_the_index_is_used() -> None:
    operator = make_operator()
    site = make_site(operator=operator)
    stations = sorted(make_station(site=site).pk for _n in range(20))
    with connection.cursor() as cursor:
        cursor.execute(MANY, [operator.pk, stations[0]])
        # What the autovacuum of a running server does.
        cursor.execute("SELECT gin_clean_pending_list('search_grams_idx')")
        cursor.execute("ANALYZE stations_session, core_searchentry")
        cursor.execute("SELECT public_id FROM stations_session ORDER BY id DESC LIMIT 1")
        part = cursor.fetchone()[0][4:14]

    explained = plan(operator, part)

    assert "search_grams_idx" in explained
    assert "Seq Scan on stations_session" not in explained
    with operator_scope(operator):
        assert [hit.label[4:14] for hit in source.find(part, 8)] == [part]
