"""Aggregator: the tables of the customers app."""

from customers.basis.models import BasisItem, BasisLayout, BasisRow, ChargingBasis
from customers.companies.models import Company, CompanyAccount
from customers.drivers.choices import DriverChoices
from customers.drivers.models import Driver, DriverAccount, Vehicle
from customers.guests.models import GuestCode, GuestVisit
from customers.notices.models import PayerNotice
from customers.opendata.models import OpenDataDocument, OpenDataFeed, OpenDataFetch
from customers.payroll.models import HomeDecision, PayrollRule
from customers.residents.models import Bay, Resident
from customers.righted.models import SessionRighting
from customers.selfservice.models import (
    ChargeStart,
    Consent,
    CustomerInvitation,
    CustomerLogin,
    PortalSetup,
)
from customers.support.answer_models import CannedAnswer
from customers.support.follow_models import CaseIncident
from customers.support.models import CaseEntry, SupportCase
from customers.support.order_models import CaseOrder
from customers.takeover.models import Cohort, CohortImport
from customers.tokens.models import IdToken

__all__ = [
    "BasisItem",
    "BasisLayout",
    "BasisRow",
    "Bay",
    "CannedAnswer",
    "CaseEntry",
    "CaseIncident",
    "CaseOrder",
    "ChargeStart",
    "ChargingBasis",
    "Cohort",
    "CohortImport",
    "Company",
    "CompanyAccount",
    "Consent",
    "CustomerInvitation",
    "CustomerLogin",
    "Driver",
    "DriverAccount",
    "DriverChoices",
    "GuestCode",
    "GuestVisit",
    "HomeDecision",
    "IdToken",
    "OpenDataDocument",
    "OpenDataFeed",
    "OpenDataFetch",
    "PayerNotice",
    "PayrollRule",
    "PortalSetup",
    "Resident",
    "SessionRighting",
    "SupportCase",
    "Vehicle",
]
