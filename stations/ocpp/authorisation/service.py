"""Asking the authorisers whether a token may charge. Closed when in doubt."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string

from core.tenancy.scopes import operator_scope
from stations.ocpp.authorisation import reasons
from stations.ocpp.authorisation.protocol import (
    AuthorisationRequest,
    Decision,
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
