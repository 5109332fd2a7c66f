"""The double of Stripe, one process for all tests of a worker, and an account at it for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from billing.accounts.models import BillingAccount
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.tests.double import Double, double_process
from billing.sellers.models import Seller
from core.tenancy.scopes import across_operators
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator


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


@pytest.fixture
def everywhere() -> Iterator[None]:
    """As tasks see it."""
    with across_operators("tests of services"):
        yield


@pytest.fixture
def seller(everywhere: None) -> Seller:
    """Who sells, and takes cards where ``cards`` is asked for."""
    return make_seller(operator=make_operator(), iban="SE3550000000054910000003")


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    """Dina pays."""
    return make_account(operator=seller.operator, name="Dina", emails=["dina@example.com"])


@pytest.fixture
def cards(double: Double, seller: Seller) -> ProviderAccount:
    """The seller's account at the double."""
    return double.account(seller)
