"""Depth, duplicate keys and text that cannot be stored, against plain slow definitions."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.wire.frames import parse
from stations.ocpp.wire.lenient import loads
from stations.ocpp.wire.messages import Call, Malformed, id_text
from stations.ocpp.wire.shape import has_duplicate_keys, is_deeper_than, scrubbed
from stations.ocpp.wire.tests.test_frames import JSON

NAMES = st.sampled_from(["a", "b", "a:b", "å"])
TEXTS = st.sampled_from(['"x"', '"a:b"', "1", "1.50", "null", "[]", '{"a":1}', '{"a":1,"a":2}'])


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


@settings(deadline=None)
@given(JSON, st.integers(0, 6))
def test_depth(value: Any, limit: int) -> None:
    assert is_deeper_than(value, limit) == (depth(value) > limit)


@settings(deadline=None)
@given(
    st.lists(st.tuples(NAMES, TEXTS), max_size=4),
    st.sampled_from([":", ": ", " : "]),
)
def test_duplicates_are_found_exactly(members: list[tuple[str, str]], colon: str) -> None:
    inner = ",".join(f'"{name}"{colon}{text}' for name, text in members)
    raw = f'[2,"1","A",{{{inner}}}]'.encode()
    names = [name for name, _ in members]
    repeated = len(set(names)) != len(names)
    lost = {name for name, _ in members}
    last = [dict(members)[name] for name in lost]
    inside = '{"a":1,"a":2}' in (last if not repeated else [text for _, text in members])

    assert has_duplicate_keys(raw, orjson.loads(raw)) == (repeated or inside)


@settings(deadline=None)
@given(
    st.recursive(st.text(st.characters()), lambda s: st.lists(s) | st.dictionaries(st.text(), s))
)
def test_scrubbed_text_can_be_stored(value: Any) -> None:
    text = json.dumps(scrubbed(value), ensure_ascii=False)

    assert "\\u0000" not in text
    text.encode()


def test_scrubbing_leaves_other_values_alone() -> None:
    assert scrubbed({"a": [1, 2.5, None, True, "å"]}) == {"a": [1, 2.5, None, True, "å"]}


def test_lenient_parser_reports_duplicates_too() -> None:
    message = parse(b'[2,"1","A",{"a":NaN,"a":1}]')

    assert isinstance(message, Call)
    assert message.findings == ("not_a_number", "duplicate_key")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff", "not_utf8"),
        (b"{", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b"9" * 5000, "not_json"),
    ],
)
def test_lenient_parser_says_why_it_cannot(raw: bytes, reason: str) -> None:
    assert loads(raw) == reason


def test_depth_that_only_the_lenient_parser_reads() -> None:
    message = parse(b'[2,"1","A",' + b"[" * 40 + b"NaN" + b"]" * 40 + b"]")

    assert isinstance(message, Malformed)
    assert message.reason == "too_deep"


def test_recorded_id_is_bounded() -> None:
    assert id_text("x" * 500) == "x" * 64
    assert id_text(None) == ""
    assert id_text(-5) == "-5"
