"""The doors for upper floors: who may charge, and who stands on a station's local list.

The settings ``TOKEN_AUTHORISERS``, ``LOCAL_LIST_SOURCES`` and ``PRICE_TELLER`` name classes that
implement the protocols here; they are made without arguments and must be thread-safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

AuthorisationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
"""AuthorizationStatus of OCPP 1.6 (§7.2); handlers of 2.x translate by ``Decision.status`` and
``Decision.reason_code``."""

AuthorisationKind = Literal["authorize", "start", "event"]
"""authorize: Authorize. start: StartTransaction / Started. event: a later TransactionEvent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationRequest:
    """Someone presented ``id_token`` at a station. ``at`` is the instant to judge by.

    ``transaction_id`` names the OCPP transaction that the request belongs to, if any, so that
    a session does not count against its own limit.
    """

    operator_id: int
    station_id: int
    site_id: int
    evse_number: int | None
    id_token: str
    id_token_type: str
    at: datetime
    kind: AuthorisationKind
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True)
class DisplayText:
    """What a station shows to whoever stands at it; ``language`` as in RFC 5646."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to answer, and why. ``snapshot`` is copied to the attempt and to the session;
    ``display`` is for stations that show prices."""

    status: AuthorisationStatus
    reason_code: str
    group_id: str | None = None
    expires_at: datetime | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)
    display: DisplayText | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the token may charge."""
        return self.status == "Accepted"


class TokenAuthoriser(Protocol):
    """Decides about the tokens that it knows."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        """The decision, or None when the token is not this authoriser's."""


@runtime_checkable
class ManyTokensAuthoriser(TokenAuthoriser, Protocol):
    """One that decides about several tokens faster together than one after the other."""

    def decide_many(self, requests: Sequence[AuthorisationRequest]) -> list[Decision | None]:
        """As ``decide``, in the order of ``requests``, which are of one operator."""
        ...


class PriceTeller(Protocol):
    """Says what charging costs whoever presented a token (setting ``PRICE_TELLER``)."""

    def price_of(self, request: AuthorisationRequest, decision: Decision) -> DisplayText | None:
        """The price for the owner of the accepted token, in words for a small display; None
        where there is nothing to say. Inside the operator's scope."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalListEntry:
    """One token on a station's local list."""

    id_token: str
    id_token_type: str
    status: AuthorisationStatus
    expires_at: datetime | None = None
    group_id: str | None = None


class LocalListSource(Protocol):
    """Names tokens for the local list of a station.

    ``by_site``: the entries are the same for every station of a site, so that they are asked
    for once a site.
    """

    by_site: bool

    def entries(
        self, *, operator_id: int, station_id: int, site_id: int, at: datetime
    ) -> Iterable[LocalListEntry]:
        """The tokens that may charge at this station without asking, in a stable order."""
        ...

    def stamp(self, *, operator_id: int, at: datetime) -> str:
        """A short text that differs as soon as any list of the operator's may differ; cheap,
        since it is asked for every few seconds."""
        ...
