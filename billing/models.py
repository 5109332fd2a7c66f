"""Aggregator: the tables of the billing app."""

from billing.spot.models import ExchangeRate, SpotImport, SpotPrice
from billing.tariffs.models import Tariff, TariffVersion

__all__ = ["ExchangeRate", "SpotImport", "SpotPrice", "Tariff", "TariffVersion"]
