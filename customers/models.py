"""Aggregator: the tables of the customers app."""

from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.tokens.models import IdToken

__all__ = ["Company", "Driver", "IdToken", "Vehicle"]
