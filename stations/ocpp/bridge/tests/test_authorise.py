"""Prices for displays come beside the decision, never before it or in its place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision, DisplayText
from stations.ocpp.bridge import authorise
from stations.ocpp.bridge.directory import KnownStation

ACCEPTED = Decision(status="Accepted", reason_code="")


def station(number: int, *, shows_prices: bool) -> KnownStation:
    return KnownStation(
        id=number, operator_id=1, site_id=1, identity=f"CP-{number}", security_profile=1,
        password_digest="", assume_subprotocol="", hands_off=False, zone=ZoneInfo("UTC"),
        allow_profile_0=False, is_retired=False, shows_prices=shows_prices,
    )  # fmt: skip


async def test_who_may_charge_waits_for_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    is_told = threading.Event()

    def decide_many(requests: Sequence[AuthorisationRequest]) -> list[Decision]:
        return [ACCEPTED for _request in requests]

    def priced(_request: AuthorisationRequest, decision: Decision) -> Decision:
        is_told.wait(30)
        return replace(decision, display=DisplayText("5 kr", "sv"))

    monkeypatch.setattr(authorise, "decide_many", decide_many)
    monkeypatch.setattr(authorise, "priced", priced)
    asks = authorise.Authoriser()

    def ask(number: int, *, shows_prices: bool) -> asyncio.Future[Decision]:
        return asks(
            station(number, shows_prices=shows_prices), id_token="CAFE", id_token_type="",
            evse_number=None, at=datetime(2026, 11, 23, tzinfo=UTC), kind="authorize",
        )  # fmt: skip

    try:
        monkeypatch.setattr(authorise, "PRICE_SECONDS", 0)
        slow = await ask(1, shows_prices=True)
        monkeypatch.setattr(authorise, "PRICE_SECONDS", 30)
        beside = ask(2, shows_prices=True)
        other = await ask(3, shows_prices=False)
        is_told.set()
        told = await beside
    finally:
        is_told.set()
        asks.close()

    assert (slow, other) == (ACCEPTED, ACCEPTED)
    assert told.display == DisplayText("5 kr", "sv")
