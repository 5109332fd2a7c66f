"""Security profiles 0, 1 and 2: over plain sockets, our own TLS listener and a proxy."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from core.models import Operator
from stations.models import Knock, Site
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.tests.charge_point import basic, plug_in
from tests.ocpp.conftest import running_bridge, url_of
from tests.ocpp.support import PASSWORD, Network, eventually, make_station, query


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bridge")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def host(site: Site, certificate: tuple[Path, Path]) -> Iterator[BridgeHost]:
    """A bridge with a plain and a TLS listener."""
    cert, key = certificate
    with running_bridge(BRIDGE_TLS_PORT=-1, BRIDGE_TLS_CERT=cert, BRIDGE_TLS_KEY=key) as started:
        yield started


@pytest.fixture
def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def secure_url(network: Network) -> str:
    return url_of(network.host, 1, "wss")


async def refused(url: str, identity: str, password: str, **headers: str) -> int:
    with pytest.raises(InvalidStatus) as error:
        await connect(
            f"{url}/{identity}",
            subprotocols=[Subprotocol("ocpp1.6")],
            additional_headers={"Authorization": basic(identity, password)} | headers,
            proxy=None,
        )
    return error.value.response.status_code


async def test_profile_2_works_over_our_own_tls(network: Network, trusting: ssl.SSLContext) -> None:
    station = await network.another(security_profile=2)

    cp = await plug_in(secure_url(network), station.identity, PASSWORD, tls=trusting)

    assert "currentTime" in await cp.ask("Heartbeat", {})
    await cp.close()


async def test_profile_1_may_use_tls_too(network: Network, trusting: ssl.SSLContext) -> None:
    cp = await plug_in(secure_url(network), network.station.identity, PASSWORD, tls=trusting)
    await cp.close()


async def test_profile_2_is_refused_on_a_plain_socket(network: Network) -> None:
    station = await network.another(security_profile=2)

    assert await refused(network.url, station.identity, PASSWORD) == 401

    knock = await eventually(lambda: Knock.objects.filter(identity=station.identity).first(), bool)
    assert knock is not None
    assert knock.reason == "tls_required"


async def test_profile_2_still_needs_its_password(
    network: Network, trusting: ssl.SSLContext
) -> None:
    station = await network.another(security_profile=2)

    with pytest.raises(InvalidStatus):
        await plug_in(secure_url(network), station.identity, "wrong", tls=trusting)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_tls_below_1_2_is_refused(network: Network, trusting: ssl.SSLContext) -> None:
    station = await network.another(security_profile=2)
    trusting.set_ciphers("ALL:@SECLEVEL=0")
    trusting.minimum_version = ssl.TLSVersion.TLSv1
    trusting.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await plug_in(secure_url(network), station.identity, PASSWORD, tls=trusting)


async def test_a_trusted_proxy_may_vouch_for_tls(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = await network.another(security_profile=2)
    vouched = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    assert await refused(network.url, station.identity, PASSWORD, **vouched) == 401

    monkeypatch.setattr(settings, "TRUSTED_PROXIES", ["127.0.0.1"])
    socket = await connect(
        f"{network.url}/{station.identity}",
        subprotocols=[Subprotocol("ocpp1.6")],
        additional_headers={"Authorization": basic(station.identity, PASSWORD)} | vouched,
        proxy=None,
    )
    await socket.close()


@pytest.mark.parametrize(("installation", "site_allows"), [(True, False), (False, True)])
async def test_profile_0_needs_both_switches(
    network: Network, monkeypatch: pytest.MonkeyPatch, installation: bool, site_allows: bool
) -> None:
    monkeypatch.setattr(settings, "ALLOW_PROFILE_0", installation)
    station = await query(lambda: open_station(network.operator, site_allows))

    assert await refused(network.url, station, PASSWORD) == 401


async def test_profile_0_with_both_switches_needs_no_password(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLOW_PROFILE_0", True)
    identity = await query(lambda: open_station(network.operator, True))

    socket = await connect(
        f"{network.url}/{identity}",
        subprotocols=[Subprotocol("ocpp1.6")],
        proxy=None,
    )

    await socket.send('[2,"1","Heartbeat",{}]')
    assert "currentTime" in str(await socket.recv())
    await socket.close()


def open_station(operator: Operator, site_allows: bool) -> str:
    """A station without security on a site that allows it or not."""
    number = Site.objects.count()
    site = Site.objects.create(
        operator=operator,
        name=f"Open {number}",
        public_id=f"si_open{number}",
        allow_profile_0=site_allows,
    )
    return make_station(operator, site, security_profile=0, password_digest="").identity
