"""Aggregator: the tables of the customers app."""

from customers.basis.models import BasisItem, BasisLayout, BasisRow, ChargingBasis
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount, Vehicle
from customers.residents.models import Bay, Resident
from customers.support.models import CaseEntry, SupportCase
from customers.takeover.models import Cohort, CohortImport
from customers.tokens.models import IdToken

__all__ = [
    "BasisItem",
    "BasisLayout",
    "BasisRow",
    "Bay",
    "CaseEntry",
    "ChargingBasis",
    "Cohort",
    "CohortImport",
    "Company",
    "CompanyAccount",
    "Driver",
    "DriverAccount",
    "IdToken",
    "Resident",
    "SupportCase",
    "Vehicle",
]
