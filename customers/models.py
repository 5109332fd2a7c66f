"""Aggregator: the tables of the customers app."""

from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.support.models import CaseEntry, SupportCase
from customers.takeover.models import Cohort, CohortImport
from customers.tokens.models import IdToken

__all__ = [
    "CaseEntry",
    "Cohort",
    "CohortImport",
    "Company",
    "Driver",
    "IdToken",
    "SupportCase",
    "Vehicle",
]
