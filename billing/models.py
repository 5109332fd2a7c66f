"""Aggregator: the tables of the billing app."""

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership, VatCheck
from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.tariffs.models import Tariff, TariffVersion

__all__ = [
    "BillingAccount",
    "ExchangeRate",
    "Fee",
    "PriceGroup",
    "PriceGroupMembership",
    "SpotImport",
    "SpotPrice",
    "Tariff",
    "TariffVersion",
    "VatCheck",
]
