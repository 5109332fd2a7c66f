"""The compiled validators give the verdicts and codes of the ``ocpp`` package."""

from __future__ import annotations

import decimal
import itertools
import random
from typing import Any

import pytest
from ocpp import messages
from ocpp.exceptions import OCPPError

from stations.ocpp.wire.errors import Fault, code
from stations.ocpp.wire.tests.corpus import Corpus
from stations.ocpp.wire.validators import (
    Direction,
    Ok,
    actions,
    schema,
    schema_name,
    schema_names,
    verdict,
)

WITHOUT_ANSWER = {"NotifyPeriodicEventStream"}
"""SEND messages of 2.1: the package has their schema but cannot find it."""

PER_SCHEMA = 30
PACKAGE_CRASHES = "crash"
"""The package cannot divide a huge limit by 0.1; there is no verdict to agree with."""


def cases(version: str) -> list[tuple[str, Direction]]:
    directions: tuple[Direction, Direction] = ("request", "response")
    return [
        (action, direction)
        for action, direction in itertools.product(sorted(actions(version)), directions)
        if schema_name(version, action, direction) in schema_names(version)
        and action not in WITHOUT_ANSWER
    ]


def verdict_of_package(version: str, action: str, payload: Any, direction: Direction) -> str | None:
    """The package's error code, with its one wrong spelling for 1.6 put right."""
    if direction == "request":
        message: Any = messages.Call("1", action, payload)
    else:
        message = messages.CallResult("1", payload, action)
    try:
        messages._validate_payload(message, version)
    except OCPPError as error:
        return code(Fault(error.code), version)
    except decimal.InvalidOperation:
        return PACKAGE_CRASHES
    return None


def verdict_of_ours(version: str, action: str, payload: Any, direction: Direction) -> str | None:
    result = verdict(version, action, payload, direction)
    return None if isinstance(result, Ok) else result.code


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_every_schema_agrees_with_the_package(version: str) -> None:
    differences = []
    accepted = refused = 0

    for action, direction in cases(version):
        makers = list(Corpus(schema(version, action, direction)).makers())
        chosen = random.Random(action).sample(makers, min(PER_SCHEMA, len(makers)))
        for make in [makers[0], *chosen]:
            payload = make()
            theirs = verdict_of_package(version, action, payload, direction)
            ours = verdict_of_ours(version, action, payload, direction)
            accepted += theirs is None
            refused += theirs is not None
            if theirs not in (ours, PACKAGE_CRASHES):
                differences.append((action, direction, payload, ours, theirs))

    assert differences == []
    assert accepted > 100
    assert refused > 1000


@pytest.mark.parametrize("limit", [21.4, 4.1, 0.3, 16.1, 99999.9, 4.11, 0.05, 21.44])
def test_limits_with_one_decimal_agree_with_the_package(limit: float) -> None:
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
    }
    payload = {"connectorId": 1, "csChargingProfiles": profile}

    theirs = verdict_of_package("1.6", "SetChargingProfile", payload, "request")

    assert verdict_of_ours("1.6", "SetChargingProfile", payload, "request") == theirs
