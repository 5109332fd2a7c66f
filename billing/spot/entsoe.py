"""Day-ahead prices from ENTSO-E's transparency platform over HTTP.

The interface is ``PriceFeed``; ``EntsoeFeed`` speaks the platform's REST API. It has been tested
against recorded forms of its answers alone, never against the live platform (docs/spot.md).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Protocol

import httpx

from billing.spot.areas import AREAS
from billing.spot.quarters import day_bounds

ENDPOINT: Final = "https://web-api.tp.entsoe.eu/api"
CONNECT_S: Final = 5.0
READ_S: Final = 30.0
MOST_BYTES: Final = 5_000_000
_DAY_AHEAD: Final = "A44"
_NO_DATA: Final = b"Acknowledgement_MarketDocument"


class FeedError(Exception):
    """The platform did not answer, or answered with a refusal; the text never holds the token."""


class PriceFeed(Protocol):
    """Where day-ahead prices come from."""

    def day_ahead(self, area: str, day: date) -> bytes | None:
        """The document of a day of the market; None when it is not published (yet).

        Raises FeedError.
        """
        ...


class EntsoeFeed:
    """The REST API of ENTSO-E's transparency platform."""

    def __init__(
        self, token: str, *, endpoint: str = ENDPOINT, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._token, self._endpoint = token, endpoint
        self._client = httpx.Client(
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    def day_ahead(self, area: str, day: date) -> bytes | None:
        """See PriceFeed."""
        begin, end = day_bounds(day)
        params = {
            "securityToken": self._token,
            "documentType": _DAY_AHEAD,
            "in_Domain": AREAS[area],
            "out_Domain": AREAS[area],
            "periodStart": _minute(begin),
            "periodEnd": _minute(end),
        }
        try:
            with self._client.stream("GET", self._endpoint, params=params) as response:
                body = _body(response)
                status = response.status_code
        except httpx.HTTPError as error:
            # Its own text may hold the address, and with it the token.
            raise FeedError(type(error).__name__) from None
        if _NO_DATA in body[:2000] and status in (200, 400):
            return None
        if status != 200:
            raise FeedError(f"HTTP {status}")
        return body

    def close(self) -> None:
        """End its connections."""
        self._client.close()


def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise FeedError("The answer is too large")
    return bytes(body)


def _minute(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M}"
