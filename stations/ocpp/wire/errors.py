"""CALLERROR codes by version, and which code answers which fault.

1.6J section 4.2.3 spells ``FormationViolation`` and ``OccurenceConstraintViolation``;
2.0.1 part 4 section 4.2.3 and 2.1 spell ``FormatViolation`` and
``OccurrenceConstraintViolation`` and add codes for frames that are no call at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

from stations.ocpp.wire.messages import CALL, Malformed, MessageId

Version = Literal["1.6", "2.0.1", "2.1"]
VERSIONS: tuple[Version, ...] = ("1.6", "2.0.1", "2.1")


class Fault(StrEnum):
    """What is wrong with a call, in the spelling of 2.x."""

    FORMAT = "FormatViolation"
    GENERIC = "GenericError"
    INTERNAL = "InternalError"
    MESSAGE_TYPE = "MessageTypeNotSupported"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    OCCURRENCE = "OccurrenceConstraintViolation"
    PROPERTY = "PropertyConstraintViolation"
    PROTOCOL = "ProtocolError"
    RPC_FRAMEWORK = "RpcFrameworkError"
    SECURITY = "SecurityError"
    TYPE = "TypeConstraintViolation"


_SPELLING_16: dict[Fault, str] = {
    Fault.FORMAT: "FormationViolation",
    Fault.MESSAGE_TYPE: "GenericError",
    Fault.OCCURRENCE: "OccurenceConstraintViolation",
    Fault.RPC_FRAMEWORK: "FormationViolation",
}

UNREADABLE_ID = "-1"
"""Message id of the answer to a call whose id cannot be read (2.0.1 part 4, 4.2.3)."""


class Refusal(NamedTuple):
    """A CALLERROR to send."""

    message_id: MessageId
    code: str
    description: str


def code(fault: Fault, version: str) -> str:
    """The fault in the spelling of ``version``."""
    if version == "1.6":
        return _SPELLING_16.get(fault, fault.value)
    return fault.value


def codes(version: str) -> frozenset[str]:
    """Every code that ``version`` knows."""
    return frozenset(code(fault, version) for fault in Fault)


_KEYWORD_FAULTS: dict[str, Fault] = {
    "type": Fault.TYPE,
    "maxLength": Fault.TYPE,
    "required": Fault.PROTOCOL,
    "additionalProperties": Fault.FORMAT,
}


def fault_of_keyword(keyword: str) -> Fault:
    """The fault that a failed JSON schema keyword stands for, as the ``ocpp`` package has it."""
    return _KEYWORD_FAULTS.get(keyword, Fault.FORMAT)


_DESCRIPTIONS = {
    "too_large": "The message is too large",
    "not_utf8": "The message is not UTF-8",
    "not_json": "The message is not JSON",
    "too_deep": "The message is nested too deeply",
    "not_a_list": "The message is not a JSON list",
    "empty": "The message is empty",
    "unknown_message_type": "The message type is not supported",
    "array_size": "The message has a wrong number of elements",
    "bad_message_id": "The message id is neither text nor a number",
    "bad_action": "The action is not a text",
}


def refusal_of(malformed: Malformed, version: str) -> Refusal | None:
    """The answer to a frame that is no message; None when none may be given.

    Answers are never answered. 1.6 knows no answer without a message id and wants unknown
    message types ignored (1.6J section 4.1.3); 2.x answers with the id ``"-1"`` instead.
    """
    known_type = malformed.message_type
    if malformed.reason == "unknown_message_type":
        return _refuse(malformed, Fault.MESSAGE_TYPE, version) if version != "1.6" else None
    if known_type not in (None, CALL):
        return None
    if version == "1.6" and malformed.message_id is None:
        return None
    return _refuse(malformed, Fault.RPC_FRAMEWORK, version)


def _refuse(malformed: Malformed, fault: Fault, version: str) -> Refusal:
    message_id = UNREADABLE_ID if malformed.message_id is None else malformed.message_id
    return Refusal(message_id, code(fault, version), _DESCRIPTIONS[malformed.reason])
