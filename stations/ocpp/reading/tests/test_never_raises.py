"""No JSON value makes a reader raise, and every valid payload is readable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.reading import READERS, read
from stations.ocpp.reading.shapes import Unreadable
from stations.ocpp.reading.tests.support import JSON, arrival
from stations.ocpp.wire.tests.corpus import Corpus
from stations.ocpp.wire.validators import Ok, schema, verdict

INBOUND = [(version, action) for version in READERS for action in sorted(READERS[version])]


def names(definition: Any) -> set[str]:
    """Every member name in a schema."""
    found: set[str] = set()
    if isinstance(definition, dict):
        properties = definition.get("properties", {})
        found.update(properties if isinstance(properties, dict) else ())
        for member in definition.values():
            found |= names(member)
    elif isinstance(definition, list):
        for item in definition:
            found |= names(item)
    return found


@pytest.mark.parametrize(("version", "action"), INBOUND)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_no_json_value_makes_a_reader_raise(version: str, action: str, data: st.DataObject) -> None:
    known = sorted(names(schema(version, action, "request"))) or ["a"]
    inner = st.dictionaries(st.sampled_from(known), JSON, max_size=4)
    payload = data.draw(
        JSON
        | inner
        | st.dictionaries(
            st.sampled_from(known), inner | st.lists(inner, max_size=2) | JSON, max_size=5
        )
    )

    message = read(action, payload, arrival(version))

    assert isinstance(message, Unreadable) or hasattr(message, "notes") or message.fact


@pytest.mark.parametrize(("version", "action"), INBOUND)
def test_every_valid_payload_is_readable(version: str, action: str) -> None:
    valid = 0
    for payload in Corpus(schema(version, action, "request")).payloads():
        if isinstance(verdict(version, action, payload), Ok) and not _says_nothing(payload):
            valid += 1
            assert not isinstance(read(action, payload, arrival(version)), Unreadable), payload

    assert valid > 0


def _says_nothing(payload: Any) -> bool:
    """Valid by schema, yet an empty text or a negative number stands for who or where."""
    who = payload.get("type"), payload.get("evseId"), payload.get("connectorId")
    transaction = payload.get("transactionInfo", {"transactionId": "x"})["transactionId"]
    return (
        "" in who
        or any(isinstance(n, int) and abs(n) >= 2**31 for n in payload.values())
        or any(isinstance(n, int) and n < 0 for n in who)
        or transaction == ""
    )
