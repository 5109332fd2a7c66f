"""One try over HTTP: bounded in time and size, to a checked address, following nothing."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from core.webhooks.destination import Forbidden, resolve

CONNECT_S: Final = 5.0
READ_S: Final = 10.0
WHOLE_S: Final = 15.0
KEPT_BYTES: Final = 2_000
READ_BYTES: Final = 64_000
USER_AGENT: Final = "charging-network-portal-webhooks/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try brought: a status with the beginning of the body, or an error in words.
    ``whole``: as much of the body as was read."""

    status: int | None = None
    body: str = ""
    error: str = ""
    duration_ms: int = 0
    whole: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it (2xx)."""
        return not self.error and self.status is not None and 200 <= self.status < 300


def make_client(verify: ssl.SSLContext | bool = True) -> httpx.Client:
    """A client for many tries, also from several threads; it knows no proxy and no redirect."""
    return httpx.Client(
        timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
        follow_redirects=False,
        trust_env=False,
        verify=verify,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def send(
    client: httpx.Client, url: str, headers: Mapping[str, str], body: bytes, *, allow_private: bool
) -> Outcome:
    """POST ``body``; never raises for what the network or the receiver does."""
    began = time.monotonic()
    try:
        status, text = _post(client, url, headers, body, allow_private, began + WHOLE_S)
    except (Forbidden, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome(error=_words(error), duration_ms=_since(began))
    error_text = "" if 200 <= status < 300 else f"HTTP {status}"
    return Outcome(status, _cut(text), error_text, _since(began), text)


def _post(
    client: httpx.Client,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    allow_private: bool,
    until: float,
) -> tuple[int, str]:
    where = resolve(url, allow_private=allow_private)
    request = client.build_request(
        "POST",
        where.url,
        content=body,
        headers={
            "accept": "application/json, */*",
            "accept-encoding": "identity",
            **headers,
            "host": where.authority,
            "user-agent": USER_AGENT,
        },
        # The certificate is checked against the name, though the address is connected to.
        extensions={"sni_hostname": where.host},
    )
    response = client.send(request, stream=True)
    try:
        return response.status_code, _beginning(response, until)
    finally:
        response.close()


def _beginning(response: httpx.Response, until: float) -> str:
    """The first bytes of the answer, undecoded so that nothing can swell; the rest is left."""
    kept = b""
    read = 0
    for chunk in response.iter_raw():
        kept = (kept + chunk)[:READ_BYTES]
        read += len(chunk)
        if read >= READ_BYTES or time.monotonic() > until:
            break
    return kept.decode("utf-8", "replace").replace("\x00", "")


def _cut(text: str) -> str:
    """What is kept of it, whole characters."""
    return text.encode()[:KEPT_BYTES].decode("utf-8", "ignore")


def _words(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "No answer in time"
    return (str(error) or type(error).__name__)[:300]


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
