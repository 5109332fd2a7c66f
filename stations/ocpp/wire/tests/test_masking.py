"""Secrets in frames are masked, and the quick look misses none of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stations.ocpp.wire.masking import MASK, mask, mask_text, may_hold_secrets

SECRETS: list[Any] = [
    {"key": "AuthorizationKey", "value": "s3cret"},
    {"configurationKey": [{"key": "authorizationkey", "readonly": False, "value": "s3cret"}]},
    {
        "setVariableData": [
            {
                "component": {"name": "SecurityCtrlr"},
                "variable": {"name": "BasicAuthPassword"},
                "attributeValue": "s3cret",
            }
        ]
    },
    {"connectionData": {"apn": {"apnPassword": "s3cret"}, "vpn": {"password": "s3cret"}}},
    {"location": "ftp://login:s3cret@example.org/logs"},
    {"log": {"remoteLocation": "see https://a:s3cret@example.org"}},
    {"log": {"remoteLocation": "https://portal.example/station-files/logs/s3cret"}},
]


@pytest.mark.parametrize("payload", SECRETS)
def test_secret_is_masked_and_seen_by_the_quick_look(payload: Any) -> None:
    masked = json.dumps(mask(payload))

    assert "s3cret" not in masked
    assert MASK in masked
    assert may_hold_secrets(json.dumps(payload).encode())
    assert may_hold_secrets(json.dumps(payload).replace("/", "\\/").encode())


def test_name_hidden_by_escapes_is_seen() -> None:
    frame = b'[2,"1","ChangeConfiguration",{"key":"\\u0041uthorizationKey","value":"s3cret"}]'

    assert may_hold_secrets(frame)
    assert "s3cret" not in json.dumps(mask(json.loads(frame)))


def test_a_one_time_address_is_masked_in_what_is_no_frame_too() -> None:
    stray = b"cannot send to https://portal.example/station-files/logs/s3cret/a.log"

    assert may_hold_secrets(stray)
    assert mask_text(stray) == "cannot send to https://portal.example/station-files/logs/***/a.log"


def test_ordinary_frame_is_left_alone() -> None:
    payload = {"key": "HeartbeatInterval", "value": "300", "url": "https://example.org/a"}

    assert mask(payload) == payload
    assert not may_hold_secrets(json.dumps(payload).encode())
