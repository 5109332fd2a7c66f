"""Aggregator: the tables of the billing app."""

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup, PriceGroupMembership, VatCheck
from billing.payments.bank_models import BankFile, BankTransaction
from billing.rating.models import (
    BillableItem,
    PriceLine,
    PricePeriod,
    RatedSession,
    SessionBilling,
)
from billing.review.models import Decision, Hold, ReviewRules
from billing.sellers.models import InvoiceSeries, Seller, SeriesCounter, SiteContract
from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion

__all__ = [
    "BankFile",
    "BankTransaction",
    "BillableItem",
    "BillingAccount",
    "Decision",
    "ExchangeRate",
    "Fee",
    "Hold",
    "InvoiceSeries",
    "PriceGroup",
    "PriceGroupMembership",
    "PriceLine",
    "PricePeriod",
    "RatedSession",
    "ReviewRules",
    "Seller",
    "SeriesCounter",
    "SessionBilling",
    "SiteContract",
    "SpotImport",
    "SpotPrice",
    "Tariff",
    "TariffAssignment",
    "TariffVersion",
    "VatCheck",
]
