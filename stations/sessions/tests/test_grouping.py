"""Which facts belong together, where the corpus does not show it."""

from __future__ import annotations

from stations.sessions.facts import Fact
from stations.sessions.grouping import FactGroup, group_facts
from stations.sessions.tests.stories import at, fact, start, stop, values


def groups(*facts: Fact) -> list[tuple[set[str], set[str]]]:
    """Kinds and codes of each group."""
    return [
        ({one.kind for one in group.facts}, {one.code for one in group.findings})
        for group in group_facts(facts).groups
    ]


def test_second_start_long_after_the_last_word_is_another_session() -> None:
    day = 24 * 60
    first, second = group_facts([start(0), values(30, 3000), start(30 + day)]).groups

    assert first.superseded_at == at(30 + day)
    assert {one.code for one in first.findings} == {"transaction_id_reused"}
    assert len(second.facts) == 1
    assert len(group_facts([start(0), values(31, 3000), start(30 + day)]).groups) == 1


def test_same_id_on_another_connector_is_another_session() -> None:
    told = [start(0), start(5, evse=2), values(10, 3000, evse=2), values(11, 2000)]

    by_evse = [{one.evse for one in group.facts} for group in group_facts(told).groups]
    assert by_evse == [{1}, {2}]


def test_start_known_under_two_ids_takes_facts_of_both() -> None:
    again = start(0)
    other = Fact(**{name: getattr(again, name) for name in Fact.__slots__} | {"transaction": "8"})

    [group] = group_facts([again, other, values(10, 2000, transaction="8"), stop(20, 3000)]).groups

    assert [one.kind for one in group.facts].count("start") == 2
    assert {one.transaction for one in group.facts} == {"7", "8"}


def test_group_keeps_every_repeat() -> None:
    [group] = group_facts([start(0), start(0), stop(20, 3000)]).groups

    assert len(group.facts) == 3


def test_stop_of_an_own_id_with_an_impossible_register_is_no_match() -> None:
    far = stop(30, 900_000, transaction="4711", id_token="TAG1")

    assert groups(start(0), far) == [({"start"}, set()), ({"stop"}, {"stop_unmatched"})]


def test_stop_of_an_own_id_without_token_is_no_match() -> None:
    assert len(groups(start(0), stop(30, 5000, transaction="4711"))) == 2


def test_stop_before_every_start_closes_nothing() -> None:
    assert groups(start(30), stop(10, 5000, transaction="-1")) == [
        ({"stop"}, {"stop_unmatched"}),
        ({"start"}, set()),
    ]


def test_nameless_stop_after_the_next_start_does_not_close_the_older_session() -> None:
    nameless = stop(60, 9000, transaction="0", id_token="TAG1")
    told = [start(0), start(30, 5000, transaction="8", id_token="TAG2"), nameless]

    assert [kinds for kinds, _codes in groups(*told)] == [{"start"}, {"start"}, {"stop"}]


def test_readings_of_two_sessions_without_evse_join_none() -> None:
    told = [
        start(0, None, version="2.0.1", evse=None, transaction="a"),
        start(1, None, version="2.0.1", evse=None, transaction="b"),
        fact("readings", 10, version="2.0.1", evse=1),
    ]

    grouping = group_facts(told)
    assert [one.kind for one in grouping.unmatched] == ["readings"]


def test_session_without_evse_takes_readings_of_one_evse_only() -> None:
    told = [
        start(0, None, version="2.0.1", evse=None, transaction="a"),
        fact("readings", 10, version="2.0.1", evse=1),
        fact("readings", 11, version="2.0.1", evse=2),
    ]

    grouping = group_facts(told)
    assert [one.evse for one in grouping.unmatched] == [2]


def test_reading_between_two_sessions_belongs_to_neither() -> None:
    told = [
        start(0),
        stop(20, 3000),
        values(25, 3000, transaction=None),
        start(30, 3000, transaction="8"),
        values(35, 4000, transaction=None),
        stop(40, 5000, transaction="8"),
    ]

    grouping = group_facts(told)
    assert [one.at for one in grouping.unmatched] == [at(25)]
    assert _kinds(grouping.groups[1]) == ["start", "stop", "readings"]


def test_no_facts_are_no_groups() -> None:
    assert group_facts([]).groups == ()


def _kinds(group: FactGroup) -> list[str]:
    return [one.kind for one in group.facts]
