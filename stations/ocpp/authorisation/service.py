"""Asking the authorisers whether a token may charge. Closed when in doubt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string

from core.tenancy.scopes import operator_scope
from stations.ocpp.authorisation import reasons
from stations.ocpp.authorisation.protocol import (
    AuthorisationRequest,
    Decision,
    ManyTokensAuthoriser,
    TokenAuthoriser,
)

logger = logging.getLogger(__name__)

UNKNOWN: Final = Decision(status="Invalid", reason_code=reasons.UNKNOWN_TOKEN)
EMPTY: Final = Decision(status="Invalid", reason_code=reasons.EMPTY_TOKEN)
FAILED: Final = Decision(status="Invalid", reason_code=reasons.ERROR)
TIMED_OUT: Final = Decision(status="Invalid", reason_code=reasons.TIMEOUT)
"""For callers that wait in a bounded pool: no decision in time is not Accepted."""


def decide(request: AuthorisationRequest) -> Decision:
    """The first decision of the authorisers in order; unknown everywhere is Invalid.

    Never raises: an error anywhere is Invalid (fail closed). Runs in a worker thread, which
    keeps its database connection; one that broke is dropped and the question asked once more.
    """
    if not request.id_token.strip():
        return EMPTY
    try:
        return _ask(request)
    except (InterfaceError, OperationalError):
        connections.close_all()
    except Exception:
        logger.exception("Authorisation at station %s failed", request.station_id)
        return FAILED
    try:
        return _ask(request)
    except Exception:
        logger.exception("Authorisation at station %s failed", request.station_id)
        connections.close_all()
        return FAILED


def can_decide_together() -> bool:
    """Whether requests of one operator are better asked together than each in a thread. No
    where an authoriser cannot even be made: ``decide`` says what that means."""
    try:
        asked = authorisers(tuple(settings.TOKEN_AUTHORISERS))
    except Exception:
        return False
    return all(_takes_many(type(one)) for one in asked)


@lru_cache
def _takes_many(kind: type[TokenAuthoriser]) -> bool:
    return issubclass(kind, ManyTokensAuthoriser)  # looks through all members, each time


def decide_many(requests: Sequence[AuthorisationRequest]) -> list[Decision]:
    """``decide`` for several requests of one operator. One that cannot be decided together with
    the others is decided alone, so that it says nothing about them."""
    try:
        if len(requests) > 1 and all(request.id_token.strip() for request in requests):
            return _ask_together(requests)
    except Exception as error:
        logger.warning("Authorisation of %d together failed: %s", len(requests), error)
    return [decide(request) for request in requests]


def _ask_together(requests: Sequence[AuthorisationRequest]) -> list[Decision]:
    decided: dict[int, Decision] = {}
    with operator_scope(requests[0].operator_id):
        for authoriser in authorisers(tuple(settings.TOKEN_AUTHORISERS)):
            left = [n for n in range(len(requests)) if n not in decided]
            if left:
                answers = _answers(authoriser, [requests[n] for n in left])
                decided |= {n: a for n, a in zip(left, answers, strict=True) if a is not None}
    return [decided.get(n, UNKNOWN) for n in range(len(requests))]


def _answers(
    authoriser: TokenAuthoriser, requests: Sequence[AuthorisationRequest]
) -> list[Decision | None]:
    if _takes_many(type(authoriser)):
        return cast(ManyTokensAuthoriser, authoriser).decide_many(requests)
    return [authoriser.decide(request) for request in requests]


def _ask(request: AuthorisationRequest) -> Decision:
    with operator_scope(request.operator_id):
        for authoriser in authorisers(tuple(settings.TOKEN_AUTHORISERS)):
            decision = authoriser.decide(request)
            if decision is not None:
                return decision
    return UNKNOWN


@lru_cache
def authorisers(paths: tuple[str, ...]) -> tuple[TokenAuthoriser, ...]:
    """One instance of each class that ``TOKEN_AUTHORISERS`` names."""
    return tuple(import_string(path)() for path in paths)
