"""Who may charge: three different refusals, closed when in doubt, every attempt kept."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from customers.models import IdToken
from stations.models import AuthorisationAttempt, Session, SessionFact
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision
from stations.ocpp.bridge import authorise
from tests.ocpp.support import TOKEN, Network, event, eventually, query, start, stop


class Broken:
    """An authoriser with a bug."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        raise ZeroDivisionError


class Slow:
    """An authoriser that takes longer than anyone waits."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        time.sleep(0.4)
        return Decision(status="Accepted", reason_code="accepted")


def attempts(network: Network) -> list[tuple[str, str, str]]:
    rows = AuthorisationAttempt.objects.filter(station=network.station).order_by("id")
    return [(row.kind, row.decision, row.reason_code) for row in rows]


def add_tokens(network: Network, prefix: str) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    tokens: dict[str, dict[str, Any]] = {
        "EXPIRED": {"expires_at": past},
        "BLOCKED": {"status": "blocked"},
        "INVALID": {"status": "invalid"},
        "FINE": {"group_id": "FLEET", "expires_at": datetime(2030, 1, 1, tzinfo=UTC)},
    }
    for uid, fields in tokens.items():
        IdToken.objects.create(operator=network.operator, uid=prefix + uid, **fields)


async def test_unknown_expired_and_blocked_are_told_apart(network: Network) -> None:
    prefix = f"T{network.station.pk}"
    await query(lambda: add_tokens(network, prefix))
    cp = await network.plug_in()

    answers = {
        name: (await cp.ask("Authorize", {"idTag": name if name == "?" else prefix + name}))[
            "idTagInfo"
        ]
        for name in ("?", "EXPIRED", "BLOCKED", "INVALID", "FINE")
    }
    await cp.close()

    assert answers["?"] == {"status": "Invalid"}
    assert answers["EXPIRED"]["status"] == "Expired"
    assert answers["BLOCKED"] == {"status": "Blocked"}
    assert answers["INVALID"] == {"status": "Invalid"}
    assert answers["FINE"] == {
        "status": "Accepted",
        "parentIdTag": "FLEET",
        "expiryDate": "2030-01-01T00:00:00.000Z",
    }
    assert await query(lambda: attempts(network)) == [
        ("authorize", "Invalid", "unknown_token"),
        ("authorize", "Expired", "expired"),
        ("authorize", "Blocked", "blocked"),
        ("authorize", "Invalid", "withdrawn"),
        ("authorize", "Accepted", "accepted"),
    ]
    assert not await query(lambda: Session.objects.filter(station=network.station).exists())


async def test_201_tells_them_apart_too(network: Network) -> None:
    prefix = f"V{network.station.pk}"
    await query(lambda: add_tokens(network, prefix))
    cp = await network.plug_in("ocpp2.0.1")

    async def ask(uid: str) -> Any:
        token = {"idToken": prefix + uid, "type": "ISO14443"}
        return (await cp.ask("Authorize", {"idToken": token}))["idTokenInfo"]

    assert (await ask("EXPIRED"))["status"] == "Expired"
    assert (await ask("BLOCKED"))["status"] == "Blocked"
    assert (await ask("NOBODY"))["status"] == "Invalid"
    fine = await ask("FINE")
    assert fine["status"] == "Accepted"
    assert fine["groupIdToken"] == {"idToken": "FLEET", "type": "Central"}
    await cp.close()


async def test_a_rejected_start_keeps_its_session_and_says_so(network: Network) -> None:
    """A station that was offline delivered already (TC_037_3)."""
    cp = await network.plug_in()

    answer = await cp.ask("StartTransaction", start(idTag="BLOCKED1"))

    assert answer["transactionId"] > 0
    assert answer["idTagInfo"] == {"status": "Blocked"}
    await cp.ask("StopTransaction", stop(answer["transactionId"]))
    session = await query(lambda: Session.objects.get(station=network.station))
    assert (session.authorised, session.state, session.energy_wh) == (False, "ended", 7400)
    await cp.close()


async def test_an_empty_token_is_invalid_and_gets_a_transaction(network: Network) -> None:
    cp = await network.plug_in()

    answer = await cp.ask("StartTransaction", start(idTag=""))

    assert answer["transactionId"] > 0
    assert answer["idTagInfo"]["status"] == "Invalid"
    assert await query(lambda: attempts(network)) == [("start", "Invalid", "empty_token")]
    await cp.close()


@pytest.mark.parametrize(
    ("name", "reason"), [("Broken", "error"), ("Slow", "timeout"), ("Missing", "error")]
)
async def test_no_decision_is_no(
    network: Network, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.setattr(settings, "TOKEN_AUTHORISERS", [f"{__name__}.{name}"])
    monkeypatch.setattr(authorise, "TIMEOUT_SECONDS", 0.1 if name == "Slow" else 30)
    cp = await network.plug_in()

    start_answer = await cp.ask("StartTransaction", start())
    card_answer = await cp.ask("Authorize", {"idTag": TOKEN})

    assert start_answer["idTagInfo"] == {"status": "Invalid"}
    assert card_answer["idTagInfo"] == {"status": "Invalid"}
    assert await query(lambda: attempts(network)) == [
        ("start", "Invalid", reason),
        ("authorize", "Invalid", reason),
    ]
    fact = await query(lambda: SessionFact.objects.get(station=network.station))
    assert fact.transaction_id == str(start_answer["transactionId"])
    await cp.close()


async def test_concurrent_use_is_refused_at_the_second_start_only(network: Network) -> None:
    uid = f"ONE{network.station.pk}"
    await query(
        lambda: IdToken.objects.create(
            operator=network.operator, uid=uid, max_concurrent_sessions=1
        )
    )
    cp = await network.plug_in()

    first = await cp.ask("StartTransaction", start(idTag=uid))
    again = await cp.ask("StartTransaction", start(idTag=uid))
    second = await cp.ask("StartTransaction", start(idTag=uid, connectorId=2))

    assert first["idTagInfo"]["status"] == "Accepted"
    assert again == first
    assert second["idTagInfo"]["status"] == "ConcurrentTx"
    assert second["transactionId"] != first["transactionId"]
    assert [row[1] for row in await query(lambda: attempts(network))] == [
        "Accepted",
        "ConcurrentTx",
    ]
    await cp.close()


async def test_an_event_with_a_token_later_in_the_session_is_judged_too(
    network: Network,
) -> None:
    cp = await network.plug_in("ocpp2.0.1")
    assert await cp.ask("TransactionEvent", event("Started", "a")) == {}
    token = {"idToken": TOKEN, "type": "ISO14443"}

    answer = await cp.ask(
        "TransactionEvent", event("Updated", "a", "2026-11-23T10:01:00Z", idToken=token)
    )

    assert answer["idTokenInfo"]["status"] == "Accepted"
    session = await eventually(
        lambda: Session.objects.get(station=network.station), lambda s: s.authorised is True
    )
    assert session.id_token == TOKEN
    assert session.token_snapshot["uid"] == TOKEN
    assert await query(lambda: attempts(network)) == [("event", "Accepted", "accepted")]
    await cp.close()


async def test_a_token_of_another_operator_is_unknown_here(network: Network) -> None:
    """Tokens are looked up within the operator of the station."""
    operator_type = type(network.operator)
    uid = f"FOREIGN{network.station.pk}"

    def add() -> None:
        stranger = operator_type.objects.create(
            name=uid, slug=f"foreign-{network.station.pk}", party_id="XYZ"
        )
        IdToken.objects.create(operator=stranger, uid=uid)

    await query(add)
    cp = await network.plug_in()

    assert (await cp.ask("Authorize", {"idTag": uid}))["idTagInfo"] == {"status": "Invalid"}
    await cp.close()


async def test_a_start_is_stored_although_its_socket_is_gone(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision takes longer than the connection lasts."""
    monkeypatch.setattr(settings, "TOKEN_AUTHORISERS", [f"{__name__}.Slow"])
    cp = await network.plug_in()
    await cp.send("StartTransaction", start(), "s")
    await asyncio.sleep(0.1)
    cp.drop()

    session = await eventually(
        lambda: Session.objects.filter(station=network.station).first(), bool
    )
    assert session is not None
    assert session.authorised
    again = await network.plug_in()
    answer = await again.ask("StartTransaction", start())
    assert str(answer["transactionId"]) == session.ocpp_transaction_id
    await again.close()
