"""The listening side: handshake with authentication, then a Connection per station."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from stations.hardware.passwords import candidates, check_password, is_slow
from stations.ocpp.bridge import metrics
from stations.ocpp.bridge.directory import KnownStation, find_station
from stations.ocpp.bridge.handshake import (
    VERSION_OF,
    Refusal,
    choose_subprotocol,
    credentials_of,
    identity_of,
)
from stations.ocpp.bridge.work import Work
from stations.ocpp.writes.records import KnockWrite

if TYPE_CHECKING:
    from stations.ocpp.bridge.runtime import Runtime

MAX_FRAME = 2 * 1024 * 1024
PING_SECONDS = 30
PROTOCOL_ERROR = 1002
LOOKUP_SECONDS = 10


class Gate:
    """Decides about handshakes and hands accepted sockets to the runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.settings = runtime.settings
        self._slow = asyncio.Semaphore(2)  # Argon2 checks at once

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> Server:
        """Start one listener."""
        return await serve(
            self._connected,
            host,
            port,
            ssl=tls,
            process_request=self._decide,
            select_subprotocol=_select,
            compression=None,
            max_size=MAX_FRAME,
            max_queue=8,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            open_timeout=15,
            close_timeout=5,
            server_header=None,
            backlog=1024,
        )

    async def _decide(self, socket: ServerConnection, request: Request) -> Response | None:
        """None lets the handshake go on; 401 for whoever may not come in."""
        source = self._source(socket, request)
        identity = identity_of(request.path)
        if identity is None:
            return await self._refuse(socket, request, "bad_path", request.path[:120], source)
        now = time.monotonic()
        if self.runtime.attempts.is_blocked(source, identity, now):
            return await self._refuse(socket, request, "too_many_attempts", identity, source)
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                station = await find_station(self.runtime.pool, identity)
        except Exception:
            return socket.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Try again later.\n")
        refusal = (
            "unknown_station" if station is None else await self._check(socket, request, station)
        )
        if refusal is not None:
            self.runtime.attempts.failed(source, identity, now)
            return await self._refuse(socket, request, refusal, identity, source, station)
        self.runtime.attempts.succeeded(source, identity)
        socket.portal_station = station  # type: ignore[attr-defined]  # kept on the socket from the handshake on
        socket.portal_source = source  # type: ignore[attr-defined]  # kept on the socket from the handshake on
        return None

    async def _check(
        self, socket: ServerConnection, request: Request, station: KnownStation
    ) -> Refusal | None:
        """Security profile and password (OCPP 1.6 security white paper, section 3)."""
        if station.is_replaced:
            return "replaced"
        if station.is_retired:
            return "retired"
        if station.security_profile == 0:
            allowed = self.settings.ALLOW_PROFILE_0 and station.allow_profile_0
            return None if allowed else "password_missing"
        if station.security_profile >= 2 and not self._is_tls(socket, request):
            return "tls_required"
        given = credentials_of(request.headers.get("Authorization"))
        if given is None:
            return "password_missing"
        user = given.user.decode("utf-8", "replace")
        if user.casefold() != station.identity.casefold() or not given.password:
            return "wrong_password"
        return None if await self._password_fits(given.password, station) else "wrong_password"

    async def _password_fits(self, password: bytes, station: KnownStation) -> bool:
        key = self.settings.STATION_KEY
        if is_slow(station.password_digest):
            async with self._slow:
                return await asyncio.to_thread(
                    check_password, password, station.password_digest, key
                )
        fits = [check_password(c, station.password_digest, key) for c in candidates(password)]
        return any(fits)

    def _is_tls(self, socket: ServerConnection, request: Request) -> bool:
        if socket.transport.get_extra_info("ssl_object") is not None:
            return True
        forwarded = request.headers.get("X-Forwarded-Proto", "")
        return _peer(socket) in self.settings.TRUSTED_PROXIES and forwarded in ("https", "wss")

    def _source(self, socket: ServerConnection, request: Request) -> str:
        peer = _peer(socket)
        if peer in self.settings.TRUSTED_PROXIES:
            return request.headers.get("X-Forwarded-For", peer).split(",")[-1].strip() or peer
        return peer

    async def _refuse(
        self,
        socket: ServerConnection,
        request: Request,
        reason: Refusal,
        identity: str,
        source: str,
        station: KnownStation | None = None,
    ) -> Response:
        """The same 401 for every reason; the operator sees the real one."""
        metrics.HANDSHAKES.labels(reason).inc()
        self.knock(reason, identity, source, request, station)
        response = socket.respond(HTTPStatus.UNAUTHORIZED, "Not authorised.\n")
        response.headers["WWW-Authenticate"] = 'Basic realm="ocpp"'
        return response

    def knock(
        self,
        reason: str,
        identity: str,
        source: str,
        request: Request,
        station: KnownStation | None,
    ) -> None:
        """List the attempt among the stations that knocked."""
        write = KnockWrite(
            identity=identity,
            reason=reason,
            station_id=station.id if station else None,
            remote_address=source,
            subprotocols=", ".join(_offered(request)),
            user_agent=request.headers.get("User-Agent", ""),
            at=datetime.now(UTC),
        )
        self.runtime.writer.submit(
            Work(station=station or self.runtime.nobody, frame=None, writes=[write])
        )

    async def _connected(self, socket: ServerConnection) -> None:
        """Serve an accepted socket to its end."""
        station: KnownStation = socket.portal_station  # type: ignore[attr-defined]  # kept on the socket from the handshake on
        source: str = socket.portal_source  # type: ignore[attr-defined]  # kept on the socket from the handshake on
        chosen = socket.subprotocol
        if chosen is None and socket.request is not None:
            chosen_name = choose_subprotocol(_offered(socket.request), station.assume_subprotocol)
            if chosen_name is None:
                metrics.HANDSHAKES.labels("no_subprotocol").inc()
                self.knock("no_subprotocol", station.identity, source, socket.request, station)
                await socket.close(PROTOCOL_ERROR, "no common subprotocol")
                return
            chosen = Subprotocol(chosen_name)
        metrics.HANDSHAKES.labels("accepted").inc()
        await self.runtime.serve(socket, station, VERSION_OF[str(chosen).lower()], source)


def _select(_socket: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Our choice in the spelling that the station offered."""
    name = choose_subprotocol(offered)
    return next((o for o in offered if o.strip().lower() == name), None)


def _offered(request: Request) -> list[str]:
    names: list[str] = []
    for header in request.headers.get_all("Sec-WebSocket-Protocol"):
        names += [part.strip() for part in header.split(",") if part.strip()]
    return names


def _peer(socket: ServerConnection) -> str:
    address: Any = socket.remote_address
    return str(address[0]) if isinstance(address, tuple) and address else ""
