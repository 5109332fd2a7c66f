"""Signatures, pauses, and where a webhook may go."""

from __future__ import annotations

import base64
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.webhooks import backoff, signing
from core.webhooks.destination import Forbidden, check_form, is_public, resolve

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_a_signature_is_that_of_the_standard() -> None:
    """The example of the Standard Webhooks' own libraries."""
    key = signing.key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'

    made = signing.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_can_be_read_again_and_both_keys_sign() -> None:
    key = b"\x00" * 31 + b"\xff"

    headers = signing.headers([key, b"old"], "evt_1", 7, b"{}")

    assert signing.key_of(signing.written(key)) == key
    assert base64.b64decode(signing.written(key).removeprefix("whsec_")) == key
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert headers["webhook-timestamp"] == "7"


def test_pauses_grow_to_two_days_in_all() -> None:
    delays = [backoff.delay_after(n) for n in range(1, 11)]

    assert delays == sorted(d for d in delays if d)
    assert sum((d for d in delays if d), timedelta()) > timedelta(hours=46)
    assert backoff.delay_after(11) is None


@pytest.mark.parametrize(
    ("since", "failures", "given_up"),
    [
        (None, 99, False),
        (NOW - timedelta(days=4), 9, False),
        (NOW - timedelta(days=2), 99, False),
        (NOW - timedelta(days=3), 10, True),
    ],
)
def test_an_endpoint_is_given_up_after_long_and_many_failures(
    since: datetime | None, failures: int, given_up: bool
) -> None:
    assert backoff.is_given_up(since, failures, NOW) is given_up


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254",
    "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_never_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Forbidden, match="private network"):
        check_form(f"https://{host}/", allow_private=False)

    lead(monkeypatch, "93.184.215.14", address)
    with pytest.raises(Forbidden, match="private network"):
        resolve("https://hooks.example/", allow_private=False)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_address_that_was_judged_is_the_one_that_is_called(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, address)

    where = resolve("https://hooks.example:8443/in?a=1", allow_private=False)

    assert address in where.url
    assert where.url.endswith(":8443/in?a=1")
    assert (where.host, where.authority) == ("hooks.example", "hooks.example:8443")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "ftp://hooks.example/", "https://", "https:///x", "hooks.example",
        "https://a:b@hooks.example/", "https://hooks.example/#x", "https://hooks.example:0/",
        "https://hooks.example:99999/", "https://hööks.example/", "https://a b/", "https://a\\b/",
        "https://[::1/", "https://hooks.example/\r\nX: 1",
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        check_form(url, allow_private=False)


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    for url in (text, "https://" + text):
        try:
            check_form(url, allow_private=False)
        except Forbidden:
            continue


def test_a_name_that_cannot_be_found_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr("socket.getaddrinfo", fail)

    with pytest.raises(Forbidden, match="cannot be found"):
        resolve("https://hooks.example/", allow_private=False)


def lead(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: found)
