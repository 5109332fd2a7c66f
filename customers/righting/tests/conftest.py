"""A seller with a card account at the double, and a station of 5 kronor per kWh."""

from __future__ import annotations

from billing.payments.cards.tests.conftest import double_url
from customers.guests.tests.conftest import double, world

__all__ = ["double", "double_url", "world"]
