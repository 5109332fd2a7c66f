"""Adding the price to an accepted decision, for stations that show prices."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from core.tenancy.scopes import operator_scope
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision, PriceTeller

logger = logging.getLogger(__name__)


def priced(request: AuthorisationRequest, decision: Decision) -> Decision:
    """The decision with what charging costs. Never raises: who may charge charges, told or not."""
    if not decision.is_accepted:
        return decision
    try:
        with operator_scope(request.operator_id):
            return replace(
                decision, display=_teller(settings.PRICE_TELLER).price_of(request, decision)
            )
    except Exception:
        logger.exception("No price for the display of station %s", request.station_id)
        return decision


@lru_cache
def _teller(path: str) -> PriceTeller:
    found: PriceTeller = import_string(path)()
    return found
