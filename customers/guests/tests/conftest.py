"""A connector where guests pay at the double."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from billing.payments.cards.tests.conftest import double_url  # noqa: F401 - a fixture
from billing.payments.cards.tests.double import Double
from customers.guests.tests.world import GuestWorld


@pytest.fixture
def double(double_url: str, settings: Any) -> Double:  # noqa: F811 - a fixture
    """A fresh account at the double, which the portal speaks with."""
    settings.STRIPE_API_URL = double_url
    return Double(double_url)


@pytest.fixture
def world(double: Double) -> Iterator[GuestWorld]:
    """A connector where guests pay at the double; nobody was there before."""
    cache.clear()
    yield GuestWorld(double)
    cache.clear()
