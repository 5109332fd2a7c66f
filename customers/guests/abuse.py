"""Keeping guests' pages from being overrun: how often one computer may do something."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.accounts.middleware import client_address
from core.errors import RuleViolation

HOUR: Final = 3_600
PAYS_AN_HOUR: Final = 10
PAYS_AT_CONNECTOR: Final = 30
LOOKS_A_MINUTE: Final = 120
STARTS_AN_HOUR: Final = 12
MAILS_AN_HOUR: Final = 5


def refuse_many(key: str, most: int, seconds: int = HOUR) -> None:
    """Refuse what was done more often than ``most`` times within so many seconds."""
    cache.add(key, 0, seconds)
    try:
        count = cache.incr(key)
    except ValueError:  # it lapsed in between
        return
    if count > most:
        raise RuleViolation("many_tries", _("Too many tries. Wait a while and try again."))


def refuse_many_looks(request: HttpRequest) -> None:
    """Codes are not found by trying them."""
    refuse_many(f"guest-look:{client_address(request)}", LOOKS_A_MINUTE, 60)


def refuse_many_payments(request: HttpRequest, connector_id: int) -> None:
    """Nobody opens page after page, and no connector is flooded."""
    refuse_many(f"guest-pay:{client_address(request)}", PAYS_AN_HOUR)
    refuse_many(f"guest-pay-at:{connector_id}", PAYS_AT_CONNECTOR)
