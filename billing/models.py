"""Aggregator: the tables of the billing app."""

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership, VatCheck
from billing.rating.models import (
    BillableItem,
    PriceLine,
    PricePeriod,
    RatedSession,
    SessionBilling,
)
from billing.review.models import Decision, Hold, ReviewRules
from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion

__all__ = [
    "BillableItem",
    "BillingAccount",
    "Decision",
    "ExchangeRate",
    "Fee",
    "Hold",
    "PriceGroup",
    "PriceGroupMembership",
    "PriceLine",
    "PricePeriod",
    "RatedSession",
    "ReviewRules",
    "SessionBilling",
    "SpotImport",
    "SpotPrice",
    "Tariff",
    "TariffAssignment",
    "TariffVersion",
    "VatCheck",
]
