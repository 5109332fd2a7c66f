"""Asking the authorisers whether a token may charge. Closed when in doubt."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from core.database import release_connections
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

    Never raises: an error anywhere is Invalid (fail closed). Runs in a worker thread; gives
    its database connection back.
    """
    if not request.id_token.strip():
        return EMPTY
    release_connections()
    try:
        with operator_scope(request.operator_id):
            for authoriser in authorisers(tuple(settings.TOKEN_AUTHORISERS)):
                decision = authoriser.decide(request)
                if decision is not None:
                    return decision
    except Exception:
        logger.exception("Authorisation at station %s failed", request.station_id)
        return FAILED
    finally:
        release_connections()
    return UNKNOWN


@lru_cache
def authorisers(paths: tuple[str, ...]) -> tuple[TokenAuthoriser, ...]:
    """One instance of each class that ``TOKEN_AUTHORISERS`` names."""
    return tuple(import_string(path)() for path in paths)
