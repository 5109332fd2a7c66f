"""Facts survive storage exactly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from stations.sessions.fact_codec import decode_fact, encode_fact
from stations.sessions.facts import Fact
from stations.sessions.tests.stories import facts, start, values


@settings(deadline=None)
@given(facts())
def test_facts_come_back_as_they_were(fact: Fact) -> None:
    assert decode_fact(json.loads(json.dumps(encode_fact(fact)))) == fact


def test_decimals_keep_their_digits() -> None:
    fact = values(15, "3000.10")

    stored = encode_fact(fact)["readings"][0]["samples"][0]["value"]
    assert stored == "3000.10"
    assert str(decode_fact(encode_fact(fact)).readings[0].samples[0].value) == "3000.10"


def test_defaults_are_not_stored() -> None:
    assert set(encode_fact(start(0))) == {
        *("key", "kind", "station", "version", "arrived_at", "at_raw", "at"),
        *("transaction", "evse", "connector", "id_token", "meter_wh"),
    }


def test_unknown_members_are_ignored() -> None:
    stored = encode_fact(values(15, 3000))
    stored["later"] = 1
    stored["readings"][0]["later"] = 1
    stored["readings"][0]["samples"][0]["later"] = 1

    assert decode_fact(stored) == values(15, 3000)


def test_missing_member_is_named() -> None:
    stored = encode_fact(start(0))
    del stored["kind"], stored["key"]

    with pytest.raises(ValueError, match="Fact lacks key, kind"):
        decode_fact(stored)


@pytest.mark.parametrize(("name", "value"), [("arrived_at", "noon"), ("meter_wh", "much")])
def test_unreadable_member_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        decode_fact(encode_fact(start(0)) | {name: value})
