"""What history and notes can hang on: companies, drivers, residents, id tokens, cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from customers.basis.models import ChargingBasis
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.guests.models import GuestCode, GuestVisit
from customers.residents.models import Bay, Resident
from customers.support.models import SupportCase
from customers.tokens.models import IdToken


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="case",
            label=_("Support case"),
            model=SupportCase,
            page="case_detail",
            view=Permission.CASE_VIEW,
            has_files=True,
        ),
        ObjectKind(
            name="company",
            label=_("Company"),
            model=Company,
            page="company_detail",
            view=Permission.DRIVER_VIEW,
            has_notes=True,
            has_files=True,
            shares_files=True,
        ),
        ObjectKind(
            name="driver",
            label=_("Driver"),
            model=Driver,
            page="driver_detail",
            view=Permission.DRIVER_VIEW,
            has_notes=True,
            has_files=True,
            shares_files=True,
        ),
        ObjectKind(
            name="vehicle",
            label=_("Vehicle"),
            model=Vehicle,
            page="vehicle_detail",
            view=Permission.DRIVER_VIEW,
            has_notes=True,
        ),
        *_of_sites(),
        *_of_guests(),
        ObjectKind(
            name="token",
            label=_("Id token"),
            model=IdToken,
            page="token_detail",
            view=Permission.TOKEN_VIEW,
            key="pk",
            has_notes=True,
        ),
    ]


def _of_guests() -> list[ObjectKind]:
    """Visits of guests, and the codes that they scan."""
    return [
        ObjectKind(
            name="guest_visit",
            label=_("Guest's visit"),
            model=GuestVisit,
            page="guest_visit_detail",
            view=Permission.PAYMENT_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="guest_code",
            label=_("Code on a connector"),
            model=GuestCode,
            page="guest_code_detail",
            view=Permission.NETWORK_VIEW,
            key="pk",
        ),
    ]


def _of_sites() -> list[ObjectKind]:
    """Who lives and parks there, and what is charged for elsewhere."""
    return [
        ObjectKind(
            name="resident",
            label=_("Resident"),
            model=Resident,
            page="resident_detail",
            view=Permission.RESIDENT_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="bay",
            label=_("Bay"),
            model=Bay,
            page="bay_detail",
            view=Permission.RESIDENT_VIEW,
        ),
        ObjectKind(
            name="charging_basis",
            label=_("Charging basis"),
            model=ChargingBasis,
            page="charging_basis_detail",
            view=Permission.RESIDENT_VIEW,
        ),
    ]
