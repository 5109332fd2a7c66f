"""Frames: what is read, what is read with a finding, what is no message."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.wire.encode import encode_call, encode_error, encode_result
from stations.ocpp.wire.frames import parse
from stations.ocpp.wire.messages import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Malformed,
    Send,
    id_text,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def malformed(frame: bytes | str, **limits: int) -> Malformed:
    message = parse(frame, **limits)
    assert isinstance(message, Malformed)
    return message


def call(frame: bytes | str) -> Call:
    message = parse(frame)
    assert isinstance(message, Call)
    return message


def test_call_is_read_from_bytes_and_text() -> None:
    frame = '[2,"7","Heartbeat",{}]'

    assert parse(frame) == parse(frame.encode()) == Call("7", "Heartbeat", {}, ())


def test_answers_are_read() -> None:
    assert parse(b'[3,"7",{"status":"Accepted"}]') == CallResult("7", {"status": "Accepted"})
    assert parse(b'[4,"7","NotImplemented","no",{"a":1}]') == CallError(
        "7", "NotImplemented", "no", {"a": 1}
    )


def test_call_error_without_description_and_details_is_read() -> None:
    assert parse(b'[4,"7","GenericError"]') == CallError("7", "GenericError", "", {})
    assert parse(b'[4,"7","GenericError",null]') == CallError("7", "GenericError", "", {})


def test_messages_of_2_1_are_read() -> None:
    assert parse(b'[6,"7","NotifyPeriodicEventStream",{}]') == Send(
        "7", "NotifyPeriodicEventStream", {}
    )
    assert parse(b'[5,"7","FormatViolation","",{}]') == CallResultError(
        "7", "FormatViolation", "", {}
    )


@pytest.mark.parametrize("message_id", [5, -1, 0, 2**60 + 1, 10**25 + 1, 1.5])
def test_message_id_that_is_a_number_is_answered_as_given(message_id: float) -> None:
    message = call(json.dumps([2, message_id, "Heartbeat", {}]))

    assert message.message_id == message_id
    assert type(message.message_id) is type(message_id)
    assert json.loads(encode_result(message.message_id, {}))[1] == message_id


@pytest.mark.parametrize("message_id", ["null", "true", "{}", "[1]", "1e999"])
def test_message_id_that_is_neither_text_nor_number_is_malformed(message_id: str) -> None:
    message = malformed(f'[2,{message_id},"Heartbeat",{{}}]')

    assert message.reason == "bad_message_id"
    assert message.message_id is None
    assert message.message_type == 2


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "not_json"),
        (b"hello", "not_json"),
        (b'[2,"7","Heartbeat",{}', "not_json"),
        (b'[2,"7","Heartbeat",{}]]', "not_json"),
        (b"\x00\x01\x02\xff", "not_utf8"),
        (b'[2,"7","Authorize",{"idTag":"\xff\xfe"}]', "not_utf8"),
        (b"{}", "not_a_list"),
        (b'"text"', "not_a_list"),
        (b"null", "not_a_list"),
        (b"[]", "empty"),
        (b'[9,"7",{}]', "unknown_message_type"),
        (b'["2","7","Heartbeat",{}]', "unknown_message_type"),
        (b'[[2],"7","Heartbeat",{}]', "unknown_message_type"),
        (b'[true,"7","Heartbeat",{}]', "unknown_message_type"),
        (b"[2]", "bad_message_id"),
        (b'[2,"7"]', "array_size"),
        (b'[2,"7","Heartbeat"]', "array_size"),
        (b'[2,"7","Heartbeat",{},{}]', "array_size"),
        (b'[3,"7"]', "array_size"),
        (b'[3,"7",{},{}]', "array_size"),
        (b'[4,"7"]', "array_size"),
        (b'[4,"7","a","b",{},{}]', "array_size"),
        (b'[2,"7",5,{}]', "bad_action"),
        (b'[2,"7","",{}]', "bad_action"),
        (b'[2,"7",null,{}]', "bad_action"),
    ],
)
def test_no_message(frame: bytes, reason: str) -> None:
    assert malformed(frame).reason == reason


@pytest.mark.parametrize(
    ("frame", "kind", "message_id"),
    [
        (b'[2,"abc","Heartbeat",{', 2, "abc"),
        (b' [ 2 , "a\\"b" , "Heartbeat", nope', 2, 'a"b'),
        (b'[2,17,"Heartbeat",', 2, 17),
        (b'[3,"abc",{"x":', 3, "abc"),
        (b'[2,"abc","Authorize",{"idTag":"\xff"}]', 2, "abc"),
        (b'[2,"ab', None, None),
        (b"no", None, None),
    ],
)
def test_type_and_id_of_broken_json_are_found(
    frame: bytes, kind: int | None, message_id: object
) -> None:
    message = malformed(frame)

    assert (message.message_type, message.message_id) == (kind, message_id)


def test_too_large_is_not_parsed_but_its_id_is_found() -> None:
    frame = b'[2,"7","DataTransfer",{"data":"' + b"x" * 1000 + b'"}]'

    message = malformed(frame, max_bytes=500)

    assert message.reason == "too_large"
    assert message.message_id == "7"
    assert len(message.text) <= 500


def test_size_counts_bytes_not_characters() -> None:
    assert malformed('["' + "å" * 60 + '"]', max_bytes=100).reason == "too_large"


@pytest.mark.parametrize("depth", [40, 900, 5000, 100_000])
def test_too_deep(depth: int) -> None:
    frame = b'[2,"7","DataTransfer",' + b"[" * depth + b"]" * depth + b"]"

    message = malformed(frame)

    assert message.reason in ("too_deep", "not_json")
    assert message.message_id == "7"


def test_depth_is_counted_not_the_number_of_lists() -> None:
    wide = {"meterValue": [{"sampledValue": [{"value": "1"}]} for _ in range(500)]}

    message = call(json.dumps([2, "7", "MeterValues", wide]))

    assert message.payload == wide
    assert parse(json.dumps([2, "7", "A", [[]]]), max_depth=3) == Call("7", "A", [[]])
    assert malformed(json.dumps([2, "7", "A", [[[1]]]]), max_depth=3).reason == "too_deep"


@pytest.mark.parametrize("blank", ["", " "])
def test_duplicate_key_last_wins_with_a_finding(blank: str) -> None:
    frame = f'[2,"7","Authorize",{{"idTag":{blank}"A",{blank}"idTag":{blank}"B"}}]'

    message = call(frame)

    assert message.payload == {"idTag": "B"}
    assert message.findings == ("duplicate_key",)


@pytest.mark.parametrize(
    "payload",
    [
        {"a": "x:y", "b:c": 1},
        {"a": {"a": {"a": 1}}},
        [{"a": 1}, {"a": 1}],
        {"value": 1.50, "text": "é\n"},
    ],
)
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" , ", " : ")])
def test_no_duplicate_is_claimed_where_none_is(payload: Any, separators: tuple[str, str]) -> None:
    frame = json.dumps([2, "7", "A", payload], separators=separators)

    assert call(frame).findings == ()


def test_duplicate_is_found_in_a_nested_object_with_colons_in_texts() -> None:
    frame = '[2, "7", "A", {"t": "2024-01-01T00:00:00Z", "m": [{"v": 1, "v": 2}]}]'

    message = call(frame)

    assert message.payload["m"] == [{"v": 2}]
    assert message.findings == ("duplicate_key",)


def test_nul_is_removed_with_a_finding() -> None:
    message = call(b'[2,"7","Authorize",{"id\\u0000Tag":"A\\u0000B"}]')

    assert message.payload == {"idTag": "AB"}
    assert message.findings == ("control_characters",)


def test_escaped_backslash_before_u0000_is_no_nul() -> None:
    message = call(b'[2,"7","Authorize",{"idTag":"\\\\u0000"}]')

    assert message.payload == {"idTag": "\\u0000"}
    assert message.findings == ()


def test_nul_in_the_message_id_is_answered_as_given_and_recorded_without() -> None:
    message = call(b'[2,"7\\u0000","Heartbeat",{}]')

    assert message.message_id == "7\x00"
    assert encode_result(message.message_id, {}) == b'[3,"7\\u0000",{}]'
    assert id_text(message.message_id) == "7"


def test_raw_control_character_inside_a_text_is_read() -> None:
    assert call(b'[2,"7","Authorize",{"idTag":"A\tB"}]').payload == {"idTag": "A\tB"}


def test_nan_and_infinite_numbers_are_read_as_nan_with_a_finding() -> None:
    message = call(b'[2,"7","MeterValues",{"a":NaN,"b":-Infinity,"c":1e400,"d":2}]')

    assert [message.payload[name] == message.payload[name] for name in "abcd"] == [
        False,
        False,
        False,
        True,
    ]
    assert message.findings == ("not_a_number",)


def test_lone_surrogate_becomes_a_replacement_character() -> None:
    message = call(b'[2,"7","Authorize",{"idTag":"A\\ud800"}]')

    assert message.payload["idTag"].startswith("A")
    message.payload["idTag"].encode()
    assert message.findings == ("bad_text",)


def test_byte_order_mark_is_skipped() -> None:
    message = call(b'\xef\xbb\xbf[2,"7","Heartbeat",{}]')

    assert message == Call("7", "Heartbeat", {}, ("byte_order_mark",))


def test_whole_numbers_of_any_size_are_read() -> None:
    assert call(b'[2,"7","A",{"n":123456789012345678901234567890}]').payload["n"] == (
        pytest.approx(1.2345678901234568e29)
    )
    assert malformed(b'[2,"7","A",{"n":' + b"9" * 5000 + b"}]").message_id == "7"


def test_payload_may_be_any_json_value() -> None:
    assert call(b'[2,"7","Heartbeat",null]').payload is None
    assert call(b'[2,"7","Heartbeat",[]]').payload == []


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_parse_never_raises_on_noise(frame: bytes | str) -> None:
    assert parse(frame) is not None


@settings(deadline=None)
@given(JSON)
def test_any_json_is_a_message_or_malformed(value: Any) -> None:
    message = parse(json.dumps(value))

    assert isinstance(message, Call | CallResult | CallError | CallResultError | Send | Malformed)


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1), JSON)
def test_call_comes_back_as_sent(message_id: str, action: str, payload: Any) -> None:
    message = parse(json.dumps([2, message_id, action, payload]))

    assert isinstance(message, Call)
    assert message.message_id == message_id
    assert message.action == action.replace("\x00", "") or not action.replace("\x00", "")


def test_our_messages_are_compact() -> None:
    assert encode_call("1", "Reset", {"type": "Soft"}) == b'[2,"1","Reset",{"type":"Soft"}]'
    assert encode_result(5, {"a": [1, Decimal("1.5"), Decimal(2)]}) == b'[3,5,{"a":[1,1.5,2]}]'
    assert encode_error("1", "GenericError") == b'[4,"1","GenericError","",{}]'
    assert len(json.loads(encode_error("1", "GenericError", "x" * 400))[3]) == 255


def test_answer_to_a_message_id_that_is_no_utf8_can_be_sent() -> None:
    assert json.loads(encode_result("7\ud800", {}))[0] == 3
    assert json.loads(encode_result(10**30, {}))[1] == 10**30


def test_value_without_a_form_in_ocpp_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError):
        encode_call("1", "A", {"a": object()})
