"""Who gets in, by which address and credentials, and what an operator sees of the others."""

from __future__ import annotations

import asyncio
from datetime import date
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from stations.hardware.passwords import digest_password
from stations.models import (
    ConnectionJournal,
    FrameJournal,
    HardwareUnit,
    Knock,
    Station,
    StationLink,
)
from stations.ocpp.tests.charge_point import basic, plug_in
from tests.ocpp.support import PASSWORD, Network, eventually, query


async def knock_on(
    url: str, header: str | None = None, offered: list[str] | None = None, **headers: str
) -> ClientConnection:
    """A handshake with any header; raises InvalidStatus when it is refused."""
    more = headers | ({"Authorization": header} if header is not None else {})
    return await connect(
        url,
        subprotocols=[Subprotocol(one) for one in offered or []] or None,
        additional_headers=more,
        compression=None,
        proxy=None,
    )


async def refusal(url: str, header: str | None = None, **headers: str) -> int:
    with pytest.raises(InvalidStatus) as refused:
        await knock_on(url, header, ["ocpp1.6"], **headers)
    response = refused.value.response
    assert b"Not authorised" in response.body
    assert "Basic" in response.headers["WWW-Authenticate"]
    return response.status_code


def reasons(identity: str) -> dict[str, int]:
    return dict(Knock.objects.filter(identity=identity).values_list("reason", "attempts"))


@pytest.mark.parametrize(
    "path",
    [
        "/ocpp/{id}",
        "/ocpp/{id}/",
        "/ocpp//{id}",
        "///{id}//",
        "/{id}",
        "/ocpp/ws://charge.example/ocpp/{id}",
        "/ocpp/{id}?vendor=x",
    ],
)
async def test_odd_addresses_reach_the_station(network: Network, path: str) -> None:
    identity = network.station.identity
    root = network.url.removesuffix("/ocpp")

    socket = await knock_on(root + path.format(id=identity), basic(identity, PASSWORD), ["ocpp1.6"])

    assert socket.subprotocol == "ocpp1.6"
    await socket.close()


async def test_percent_encoded_identity_is_decoded_once(network: Network) -> None:
    identity = f"Ö {network.station.pk}%25&é"
    station = await network.another(identity=identity)

    url = f"{network.url}/{quote(identity, safe='')}"
    socket = await knock_on(url, basic(identity, PASSWORD), ["ocpp1.6"])
    await socket.send('[2,"1","Heartbeat",{}]')
    assert "currentTime" in str(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()

    link = await query(lambda: StationLink.objects.get(station=station))
    assert link.generation == 1
    assert await refusal(url, basic(quote(identity, safe=""), PASSWORD)) == 401


async def test_another_letter_case_is_the_same_station(network: Network) -> None:
    station = await network.another(identity=f"Case-{network.station.pk}")

    cp = await plug_in(network.url, station.identity.upper(), PASSWORD)
    await cp.ask("Heartbeat", {})
    await cp.close()

    frames = await query(lambda: FrameJournal.objects.filter(station_id=station.pk).count())
    assert frames == 1
    assert await query(lambda: Station.objects.get(pk=station.pk).identity) == station.identity


@pytest.mark.parametrize("path", ["/", "/ocpp", "/ocpp/", "/ocpp/%FF", "/ocpp/%zz", "/ocpp/a%00b"])
async def test_addresses_without_identity_are_refused_and_listed(
    network: Network, path: str
) -> None:
    root = network.url.removesuffix("/ocpp")

    assert await refusal(root + path, basic("x", PASSWORD)) == 401

    await eventually(lambda: reasons(path), lambda found: "bad_path" in found)


async def test_wrong_credentials_of_every_kind_get_the_same_answer(network: Network) -> None:
    identity, url = network.station.identity, f"{network.url}/{network.station.identity}"

    assert await refusal(url, basic(identity, "wrong password 1")) == 401
    assert await refusal(url, basic("CP-other", PASSWORD)) == 401
    assert await refusal(url, basic(identity, "")) == 401
    assert await refusal(url, "Bearer abc") == 401
    assert await refusal(url, "Basic not-base64!") == 401
    assert await refusal(url) == 401
    assert await refusal(f"{network.url}/nobody-{identity}", basic(identity, PASSWORD)) == 401

    found = await eventually(lambda: reasons(identity), lambda r: sum(r.values()) == 6)
    assert found == {"wrong_password": 3, "password_missing": 3}
    assert await query(lambda: reasons(f"nobody-{identity}")) == {"unknown_station": 1}
    assert not await query(lambda: StationLink.objects.filter(station=network.station).exists())


@pytest.mark.parametrize(
    "password",
    [b"with:a:colon:inside!", bytes(range(128, 160)), "pässwörd-åäö-1234".encode()],
)
async def test_passwords_are_bytes(network: Network, password: bytes) -> None:
    digest = digest_password(password, settings.STATION_KEY)
    station = await network.another(password_digest=digest)

    cp = await plug_in(network.url, station.identity, password)
    await cp.ask("Heartbeat", {})
    await cp.close()
    assert await refusal(f"{network.url}/{station.identity}", basic(station.identity, PASSWORD))


async def test_raw_bytes_of_a_hex_key_and_imported_weak_passwords_fit(network: Network) -> None:
    key = "00a1b2c3d4e5f60718293a4b5c6d7e8f9001aabb"
    hexed = await network.another(
        password_digest=digest_password(key.encode(), settings.STATION_KEY)
    )
    weak = await network.another(
        password_digest=digest_password(b"1234", settings.STATION_KEY, imported=True)
    )

    for identity, password in ((hexed.identity, bytes.fromhex(key)), (weak.identity, b"1234")):
        cp = await plug_in(network.url, identity, password)
        await cp.close()


async def test_bytes_that_are_no_text_in_the_request_harm_nobody(network: Network) -> None:
    address = urlsplit(network.url)
    for line in (
        b"GET /ocpp/\xff\xfe HTTP/1.1",
        b"GET /ocpp/nul\x00nul HTTP/1.1",
        b"GET /ocpp/agent HTTP/1.1\r\nUser-Agent: \xff\x80",
    ):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(
            line + b"\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        answer = await asyncio.wait_for(reader.readline(), 5)
        assert answer == b"" or b"401" in answer
        writer.close()

    cp = await network.plug_in()
    assert "currentTime" in await cp.ask("Heartbeat", {})
    await cp.close()
    # Knocks have no station, so that another writer than the station's may store them.
    knocks = await eventually(lambda: list(Knock.objects.filter(identity="agent")), bool)
    assert [knock.user_agent for knock in knocks] == ["ÿ\\x80"]
    assert await query(lambda: reasons("/ocpp/nul\\x00nul")) == {"bad_path": 1}


async def test_newest_common_version_is_chosen(network: Network) -> None:
    url = f"{network.url}/{network.station.identity}"
    header = basic(network.station.identity, PASSWORD)

    both = await knock_on(url, header, ["ocpp1.2", "ocpp1.6", "ocpp2.0.1", "ocpp9"])
    assert both.subprotocol == "ocpp2.0.1"
    await both.close()
    old = await knock_on(url, header, ["ocpp1.5", "ocpp1.6"])
    assert old.subprotocol == "ocpp1.6"
    await old.close()


async def test_no_common_version_is_closed_without_header_and_listed(network: Network) -> None:
    identity = network.station.identity

    for offered in (None, ["ocpp0.9"]):
        try:
            socket = await knock_on(f"{network.url}/{identity}", basic(identity, PASSWORD), offered)
        except ConnectionClosed:
            continue
        assert socket.subprotocol is None
        await asyncio.wait_for(socket.wait_closed(), 5)
        assert socket.close_code == 1002

    found = await eventually(lambda: reasons(identity), lambda r: r.get("no_subprotocol") == 2)
    assert found == {"no_subprotocol": 2}
    assert not await query(
        lambda: ConnectionJournal.objects.filter(station_id=network.station.pk).exists()
    )


async def test_a_version_may_be_assumed_for_a_station_that_offers_none(network: Network) -> None:
    station = await network.another(assume_subprotocol="ocpp1.6")

    socket = await knock_on(f"{network.url}/{station.identity}", basic(station.identity, PASSWORD))
    await socket.send('[2,"1","Heartbeat",{}]')
    assert "currentTime" in str(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()

    link = await query(lambda: StationLink.objects.get(station=station))
    assert link.ocpp_version == "1.6"


async def test_a_retired_station_stays_out(network: Network) -> None:
    station = await network.another(retired_on=date(2026, 1, 1))

    assert await refusal(f"{network.url}/{station.identity}", basic(station.identity, PASSWORD))

    found = await eventually(lambda: reasons(station.identity), bool)
    assert found == {"retired": 1}


async def test_bad_credentials_do_not_disturb_the_live_socket(network: Network) -> None:
    identity = network.station.identity
    cp = await network.plug_in()

    for _attempt in range(3):
        assert await refusal(f"{network.url}/{identity}", basic(identity, "wrong")) == 401

    assert "currentTime" in await cp.ask("Heartbeat", {})
    link = await query(lambda: StationLink.objects.get(station=network.station))
    assert (link.generation, link.is_connected) == (1, True)
    await cp.close()


async def test_guessing_is_limited(network: Network) -> None:
    identity = network.station.identity
    url = f"{network.url}/{identity}"

    for _attempt in range(12):
        assert await refusal(url, basic(identity, "wrong")) == 401
    assert await refusal(url, basic(identity, PASSWORD)) == 401

    found = await eventually(lambda: reasons(identity), lambda r: sum(r.values()) == 13)
    assert found["too_many_attempts"] >= 2
    runtime = network.host.runtime
    assert runtime is not None
    runtime.attempts.succeeded("127.0.0.1", identity)


async def test_an_attacker_elsewhere_does_not_lock_the_station_out(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources are told apart by a trusted proxy's header here."""
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", ["127.0.0.1"])
    identity = network.station.identity
    url = f"{network.url}/{identity}"
    evil = {"X-Forwarded-For": "203.0.113.9"}

    for _attempt in range(12):
        await refusal(url, basic(identity, "wrong"), **evil)
    await refusal(url, basic(identity, PASSWORD), **evil)

    cp = await network.plug_in()
    assert "currentTime" in await cp.ask("Heartbeat", {})
    await cp.close()
    knock = await query(lambda: Knock.objects.get(identity=identity, reason="wrong_password"))
    assert knock.remote_address == "203.0.113.9"


async def test_a_forwarded_address_of_a_stranger_is_not_believed(network: Network) -> None:
    identity = network.station.identity

    await refusal(
        f"{network.url}/{identity}",
        basic(identity, "wrong"),
        **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"},
    )

    await eventually(lambda: reasons(identity), bool)
    knock = await query(lambda: Knock.objects.get(identity=identity))
    assert knock.remote_address == "127.0.0.1"


async def test_a_replaced_unit_is_refused_and_told_apart(network: Network) -> None:
    station = await network.another()
    await query(
        lambda: HardwareUnit.objects.create(
            operator_id=station.operator_id,
            station=station,
            identity="CP-BEFORE",
            installed_at=station.created_at,
            fate="repair",
            reason="dead",
        )
    )
    url = f"{network.url}/CP-BEFORE"

    assert await refusal(url, basic("CP-BEFORE", PASSWORD)) == 401

    found = await eventually(lambda: reasons("CP-BEFORE"), bool)
    assert found == {"replaced": 1}
    knock = await query(lambda: Knock.objects.get(identity="CP-BEFORE"))
    assert knock.station_id == station.pk


async def test_a_quirk_of_the_model_gives_the_version_to_assume(network: Network) -> None:
    station = await network.another(catalogue_quirks={"assume_subprotocol": "ocpp1.6"})

    socket = await knock_on(f"{network.url}/{station.identity}", basic(station.identity, PASSWORD))
    await socket.send('[2,"1","Heartbeat",{}]')
    assert "currentTime" in str(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()
