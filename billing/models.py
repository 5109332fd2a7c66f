"""Aggregator: the tables of the billing app."""

from billing.tariffs.models import Tariff, TariffVersion

__all__ = ["Tariff", "TariffVersion"]
