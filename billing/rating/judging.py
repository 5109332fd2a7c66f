"""The door for who decides what is doubtful: the room of held sessions hands a judge to rating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from billing.rating.models import RatedSession, SessionBilling
from billing.rating.result import PriceFinding, RatingResult
from stations.sessions.models import Session

Group = Literal["configuration", "feasibility", "rule", "final"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a session may not be billed as it is. Its sentence: billing.review.reasons."""

    code: str
    group: Group
    params: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Case:
    """A session as it comes out of rating, before it is stored.

    ``result`` is None when it could not be priced; ``obstacles`` say why. ``rated`` is its current
    revision, once stored.
    """

    billing: SessionBilling
    session: Session
    result: RatingResult | None = None
    obstacles: tuple[PriceFinding, ...] = ()
    rated: RatedSession | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def findings(self) -> tuple[PriceFinding, ...]:
        """All that rating has to say."""
        return (*self.obstacles, *(self.result.findings if self.result else ()))


class Judge(Protocol):
    """Decides what is held, and keeps the reasons in the transaction that stores the rating."""

    def doubts(self, cases: Sequence[Case]) -> None:
        """Set ``doubts`` of each case: empty where it may be billed."""
        ...

    def keep(self, cases: Sequence[Case]) -> None:
        """Open, keep or close holds, after billing and revisions are stored."""
        ...
