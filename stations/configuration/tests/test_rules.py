"""The pure rules: keys, equality of values, who decides, and how far a station is off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.commands.masking import is_secret_key
from stations.configuration.desired import StationFacts, TemplateFacts, desired, fits
from stations.configuration.drift import Attempt, Told, state_of
from stations.configuration.messages import reading, setting
from stations.configuration.results import asked_values, results
from stations.configuration.values import same_value
from stations.hardware.keys import Place, parse_key

AT = datetime(2026, 5, 1, tzinfo=UTC)
STATION = StationFacts(
    station_id=7, site_id=3, ocpp_version="1.6", vendor="Fjällvolt", model="FV 22", firmware="3.4.7"
)
names = st.text("abcXYZ 09_-", min_size=1, max_size=20).filter(lambda t: t.strip() == t)


@given(names, names, names, st.integers(0, 99), st.integers(0, 9))
def test_a_place_and_its_text_name_each_other(
    component: str, variable: str, instance: str, evse: int, connector: int
) -> None:
    place = Place(variable, component, instance, evse, connector if evse else 0, instance)

    assert parse_key(place.key, "2.0.1") == place


@pytest.mark.parametrize(
    ("text", "version"),
    [("", "1.6"), ("a b", "1.6"), ("x" * 51, "1.6"), ("NoComponent", "2.0.1"), ("A.", "2.0.1"),
     (".B", "2.0.1"), ("A[.B", "2.0.1"), ("A@x.B", "2.0.1"), ("A\x00.B", "2.0.1")],
)  # fmt: skip
def test_what_names_nothing_is_no_key(text: str, version: str) -> None:
    assert parse_key(text, version) is None


def test_a_1_6_key_may_hold_dots() -> None:
    assert parse_key(" Vendor.Key ", "1.6") == Place("Vendor.Key")


def test_secrets_are_known_by_name() -> None:
    assert is_secret_key("AuthorizationKey")
    assert is_secret_key("SecurityCtrlr.BasicAuthPassword")
    assert is_secret_key("SecurityCtrlr.BasicAuthPassword[1]")
    assert not is_secret_key("HeartbeatInterval")


@pytest.mark.parametrize(
    ("desired_value", "actual", "same"),
    [("True", "true", True), ("60", "60.0", True), ("a,b", "a, b", True), ("a,b", "b,a", False),
     ("60", "61", False), ("", "0", False), ("NaN", "nan", False), ("Infinity", "1", False)],
)  # fmt: skip
def test_spelling_does_not_matter(desired_value: str, actual: str, same: bool) -> None:
    assert same_value(desired_value, actual) is same


def test_members_of_a_list_without_order() -> None:
    assert same_value("a,b", "b,a", "MemberList")


@given(st.text(max_size=30))
def test_a_value_is_the_same_as_itself(text: str) -> None:
    assert same_value(text, text)


def test_patterns() -> None:
    assert fits("", "anything")
    assert fits("fjäll*", "Fjällvolt")
    assert fits("3.4.?", "3.4.7")
    assert not fits("3.4", "3.4.7")
    assert fits("A[1]", "a[1]")


def template(pk: int, **fields: object) -> TemplateFacts:
    return TemplateFacts(pk=pk, name=f"T{pk}", ocpp_version="1.6", **fields)  # type: ignore[arg-type]  # values of many types


def test_override_beats_template_beats_built_in() -> None:
    found = desired(
        STATION,
        templates=[
            template(1, priority=10, values={"A": "low", "B": "low"}),
            template(2, priority=90, values={"a": "high"}),
            template(3, priority=99, vendor="Other", values={"A": "never"}),
            template(4, priority=99, site_ids=frozenset({4}), values={"A": "elsewhere"}),
            template(5, priority=5, station_ids=frozenset({7}), values={"C": "here"}),
        ],
        overrides={"B": "own"},
        built_in={"A": "default", "D": "default"},
    )

    assert {key: (w.winner.value, w.winner.origin) for key, w in found.items()} == {
        "a": ("high", "template"),
        "b": ("own", "override"),
        "c": ("here", "template"),
        "d": ("default", "built_in"),
    }
    assert [layer.value for layer in found["a"].layers] == ["high", "low", "default"]


def test_hands_off_stations_have_no_built_in_defaults() -> None:
    facts = StationFacts(station_id=7, site_id=3, ocpp_version="1.6", hands_off=True)

    assert desired(facts, built_in={"A": "1"}) == {}


def told(value: str | None, mutability: str = "ReadWrite") -> Told:
    return Told(value, AT, mutability)


LATER = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("what", "attempt", "booted_at", "state"),
    [
        (told("60"), None, None, "in_step"),
        (told("61"), None, None, "drift"),
        (told("61", "ReadOnly"), None, None, "read_only"),
        (None, None, None, "unknown"),
        (told(None), None, None, "unknown"),
        (None, Attempt("60", "Accepted", AT), None, "in_step"),
        (None, Attempt("60", "NotSupported", AT), None, "refused"),
        (told("61"), Attempt("60", "Rejected", AT), None, "refused"),
        (told("61"), Attempt("59", "Rejected", AT), None, "drift"),
        (told("61"), Attempt("60", "timed_out", AT), None, "drift"),
        (told("60"), Attempt("60", "RebootRequired", AT), None, "reboot"),
        (told("60"), Attempt("60", "RebootRequired", AT), LATER, "in_step"),
        (told("61"), Attempt("60", "RebootRequired", AT), LATER, "drift"),
    ],
)
def test_states(
    what: Told | None, attempt: Attempt | None, booted_at: datetime | None, state: str
) -> None:
    assert state_of("60", what, attempt, booted_at) == state


def test_values_are_sent_one_by_one_in_1_6_and_together_in_2_x() -> None:
    old = setting("1.6", [(Place("A"), "1"), (Place("B"), "2")])
    new = setting("2.0.1", [(Place("A", "C", evse=n), "1") for n in range(1, 4)], 2)

    assert old == [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]
    assert [len(one["items"]) for one in new] == [2, 1]
    assert new[0]["items"][0]["key"] == {"component": "C", "variable": "A", "evse": 1}
    assert reading("1.6", [Place("A")]) == [{"keys": ["A"]}]


def test_answers_are_read_key_by_key() -> None:
    rows = [{"component": {"name": "C", "evse": {"id": 2}}, "variable": {"name": v}} for v in "AB"]
    payload = {"setVariableData": [{**row, "attributeValue": "1"} for row in rows]}
    answer = {
        "setVariableResult": [
            {**rows[1], "attributeStatus": "Rejected"},
            {**rows[0], "attributeStatus": "RebootRequired"},
            {"component": 7},
        ]
    }

    assert asked_values("SetVariables", payload) == {"C@2.A": "1", "C@2.B": "1"}
    assert results("SetVariables", payload, answer) == {
        "c@2.a": "RebootRequired",
        "c@2.b": "Rejected",
    }
    assert results("SetVariables", payload, None) == {"c@2.a": "", "c@2.b": ""}
