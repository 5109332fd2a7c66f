"""Error codes in the spelling of each version, and when a bad frame is answered."""

from __future__ import annotations

import pytest

from stations.ocpp.wire.errors import Fault, Refusal, code, codes, refusal_of
from stations.ocpp.wire.frames import parse
from stations.ocpp.wire.messages import Malformed


def refused(frame: bytes, version: str) -> Refusal | None:
    message = parse(frame)
    assert isinstance(message, Malformed)
    return refusal_of(message, version)


def test_error_code_in_1_6() -> None:
    assert code(Fault.FORMAT, "1.6") == "FormationViolation"
    assert code(Fault.OCCURRENCE, "1.6") == "OccurenceConstraintViolation"
    assert "FormatViolation" not in codes("1.6")
    assert "RpcFrameworkError" not in codes("1.6")


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_error_code_in_2_x(version: str) -> None:
    assert code(Fault.FORMAT, version) == "FormatViolation"
    assert code(Fault.OCCURRENCE, version) == "OccurrenceConstraintViolation"
    assert "FormationViolation" not in codes(version)


def test_truncated_call_with_an_id_is_refused_in_the_right_spelling() -> None:
    assert refused(b'[2,"7","Heartbeat",{', "1.6") == Refusal(
        "7", "FormationViolation", "The message is not JSON"
    )
    assert refused(b'[2,"7","Heartbeat",{', "2.0.1") == Refusal(
        "7", "RpcFrameworkError", "The message is not JSON"
    )


def test_noise_without_an_id_is_answered_in_2_x_only() -> None:
    assert refused(b"noise", "1.6") is None
    assert refused(b"noise", "2.0.1") == Refusal(
        "-1", "RpcFrameworkError", "The message is not JSON"
    )


def test_unknown_message_type_is_ignored_in_1_6_and_refused_in_2_x() -> None:
    assert refused(b'[9,"7",{}]', "1.6") is None
    assert refused(b'[9,"7",{}]', "2.1") == Refusal(
        "7", "MessageTypeNotSupported", "The message type is not supported"
    )


@pytest.mark.parametrize("frame", [b'[3,"7"]', b'[4,"7"]', b'[3,"7",{"a":'])
@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_an_answer_is_never_answered(frame: bytes, version: str) -> None:
    assert refused(frame, version) is None
