"""The double of Stripe, and a payer with a seller who takes cards."""

from billing.payments.cards.tests.conftest import (
    account,
    cards,
    double,
    double_url,
    everywhere,
    seller,
)

__all__ = ["account", "cards", "double", "double_url", "everywhere", "seller"]
