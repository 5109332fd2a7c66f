"""The door for whom a price concerns (setting ``TARIFF_AUDIENCE``).

Who charged where and who pays is known above tariffs, so notices ask through this door.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from billing.tariffs.models import TariffAssignment


class TariffAudience(Protocol):
    """Whoever knows the customers of places and price groups."""

    def account_ids(self, rows: Sequence[TariffAssignment], at: datetime) -> set[int]:
        """Billing accounts whose price one of the assignments is at an instant: those in its
        price group, and those that charged where it holds; inside the operator's scope."""
        ...


def accounts_concerned(rows: Sequence[TariffAssignment], at: datetime) -> set[int]:
    """The accounts that the installation's audience names; none without an assignment."""
    return _audience(str(settings.TARIFF_AUDIENCE)).account_ids(rows, at) if rows else set()


@cache
def _audience(path: str) -> TariffAudience:
    found: TariffAudience = import_string(path)()
    return found
