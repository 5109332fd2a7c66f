"""The double of Stripe, one process for all tests of a worker, and an account at it for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from billing.payments.cards.tests.double import Double, double_process


@pytest.fixture(scope="session")
def double_url() -> Iterator[str]:
    """Where the double listens."""
    with double_process() as url:
        yield url


@pytest.fixture
def double(double_url: str, settings: Any) -> Double:
    """A fresh account at the double, which the portal speaks with."""
    settings.STRIPE_API_URL = double_url
    return Double(double_url)
