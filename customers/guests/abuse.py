"""Keeping guests' pages from being overrun: how often one computer may do something."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from core.accounts.middleware import client_address
from core.tries import refuse_many

PAYS_AN_HOUR: Final = 10
PAYS_AT_CONNECTOR: Final = 30
LOOKS_A_MINUTE: Final = 120
STARTS_AN_HOUR: Final = 12
MAILS_AN_HOUR: Final = 5


def refuse_many_looks(request: HttpRequest) -> None:
    """Codes are not found by trying them."""
    refuse_many(f"guest-look:{client_address(request)}", LOOKS_A_MINUTE, 60)


def refuse_many_payments(request: HttpRequest, connector_id: int) -> None:
    """Nobody opens page after page, and no connector is flooded."""
    refuse_many(f"guest-pay:{client_address(request)}", PAYS_AN_HOUR)
    refuse_many(f"guest-pay-at:{connector_id}", PAYS_AT_CONNECTOR)
