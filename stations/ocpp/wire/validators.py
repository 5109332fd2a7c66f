"""Schema verdicts: the ``ocpp`` package's JSON schemas, compiled by jsonschema-rs.

A verdict tells whether a payload keeps to the protocol's schema to the letter. It chooses
the path (fast or lenient reader) and the code of a refusal; it is no judgement of content.
The package reads every schema as Draft 4 (whatever the file declares) and checks no
formats; the same is done here, and ``tests/test_corpus.py`` proves that both agree.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import jsonschema_rs
import orjson

from stations.ocpp.wire.errors import VERSIONS, code, fault_of_keyword

Direction = Literal["request", "response"]

_FOLDERS = {"1.6": "ocpp.v16", "2.0.1": "ocpp.v201", "2.1": "ocpp.v21"}
_REQUEST_SUFFIX = {"1.6": "", "2.0.1": "Request", "2.1": "Request"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MESSAGE_LENGTH = 200


class Ok(NamedTuple):
    """The payload keeps to the schema."""


class Violation(NamedTuple):
    """The payload breaks the schema.

    ``code``: CALLERROR code in the version's spelling. ``path``: member path such as
    ``meterValue/0/timestamp``, empty for the payload itself. ``message``: what is wrong.
    ``keyword``: the schema keyword that failed.
    """

    code: str
    path: str
    message: str
    keyword: str = ""


OK = Ok()


class UnknownActionError(LookupError):
    """No schema for this action in this version."""


@lru_cache(maxsize=4)
def schema_names(version: str) -> frozenset[str]:
    """Names of the schema files of a version, without ``.json``."""
    folder = files(_FOLDERS[version]) / "schemas"
    return frozenset(
        entry.name.removesuffix(".json")
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    )


@lru_cache(maxsize=4)
def actions(version: str) -> frozenset[str]:
    """Every action of a version that has a request schema, in either direction."""
    if version not in _FOLDERS:
        return frozenset()
    suffix = _REQUEST_SUFFIX[version]
    return frozenset(
        name.removesuffix(suffix) for name in schema_names(version) if not name.endswith("Response")
    )


def schema_name(version: str, action: str, direction: Direction) -> str:
    """Name of the schema file of an action; raises ``UnknownActionError``.

    A message that gets no answer (2.1) has a schema without suffix and no response.
    """
    if action not in actions(version):
        raise UnknownActionError(action)
    if direction == "response":
        return action + "Response"
    name = action + _REQUEST_SUFFIX[version]
    return name if name in schema_names(version) else action


def schema(version: str, action: str, direction: Direction) -> dict[str, Any]:
    """The JSON schema of an action as shipped; raises ``UnknownActionError``."""
    name = schema_name(version, action, direction)
    entry = files(_FOLDERS[version]) / "schemas" / f"{name}.json"
    if name not in schema_names(version):
        raise UnknownActionError(action)
    loaded: dict[str, Any] = orjson.loads(entry.read_bytes().removeprefix(_BYTE_ORDER_MARK))
    return loaded


@lru_cache(maxsize=1024)
def validator(version: str, action: str, direction: Direction) -> jsonschema_rs.Draft4Validator:
    """The compiled validator of an action, made once; raises ``UnknownActionError``."""
    return jsonschema_rs.Draft4Validator(
        schema(version, action, direction), validate_formats=False, mask="The value"
    )


def warm_up(version: str | None = None) -> int:
    """Compile all validators of one or every version; returns how many there are."""
    count = 0
    for each in VERSIONS if version is None else (version,):
        for action in sorted(actions(each)):
            for direction in ("request", "response"):
                if schema_name(each, action, direction) in schema_names(each):
                    validator(each, action, direction)
                    count += 1
    return count


def is_known(version: str, action: str) -> bool:
    """Whether the version has such an action at all."""
    return action in actions(version)


def verdict(
    version: str, action: str, payload: Any, direction: Direction = "request"
) -> Ok | Violation:
    """Whether ``payload`` keeps to the schema. Never raises.

    An action without schema is a ``NotImplemented`` violation.
    """
    try:
        compiled = validator(version, action, direction)
    except (UnknownActionError, KeyError):
        return Violation("NotImplemented", "", "The action is not known", "action")
    try:
        if compiled.is_valid(payload):
            return OK
        return _violation(next(iter(compiled.iter_errors(payload))), version)
    except (ValueError, TypeError, StopIteration):
        # Values that no JSON text holds: names that are not text, cycles, foreign types.
        return Violation(code(fault_of_keyword("type"), version), "", "Not a JSON value", "type")


def _violation(error: jsonschema_rs.ValidationError, version: str) -> Violation:
    keyword = error.kind.name
    return Violation(
        code(fault_of_keyword(keyword), version),
        "/".join(str(step) for step in error.instance_path),
        error.message[:_MESSAGE_LENGTH],
        keyword,
    )
