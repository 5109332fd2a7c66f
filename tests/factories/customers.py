"""Companies, drivers and id tokens for tests."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.files.store import keep
from core.ids import public_id
from core.tenancy.scopes import across_operators
from customers.basis.models import BasisRow, ChargingBasis
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle
from customers.drivers.phone import normalise_phone
from customers.notices.models import PayerNotice
from customers.residents.models import Bay, Resident
from customers.tokens.models import IdToken
from customers.tokens.uid import normalise
from stations.sites.models import Site
from tests.factories.core import number


def make_company(*, operator: Operator, **fields: Any) -> Company:
    """An active company."""
    values = {"name": f"Company {number()}", "public_id": public_id("co")} | fields
    with across_operators("tests make rows of any operator"):
        company: Company = Company.objects.create(operator=operator, **values)
    return company


def make_driver(*, operator: Operator, vehicles: tuple[str, ...] = (), **fields: Any) -> Driver:
    """An active driver; ``vehicles`` are registration numbers in their stored form."""
    values = {"name": f"Driver {number()}", "public_id": public_id("drv")} | fields
    values["phone_normalised"] = normalise_phone(str(values.get("phone", "")), "SE")
    with across_operators("tests make rows of any operator"):
        driver: Driver = Driver.objects.create(operator=operator, **values)
        for plate in vehicles:
            make_vehicle(operator=operator, driver=driver, registration_number=plate)
    return driver


def make_vehicle(*, operator: Operator, **fields: Any) -> Vehicle:
    """A vehicle; with a number of its own where none is given."""
    values = {"registration_number": f"VEH{number()}", "public_id": public_id("veh")} | fields
    with across_operators("tests make rows of any operator"):
        row: Vehicle = Vehicle.objects.create(operator=operator, **values)
    return row


def make_token(*, operator: Operator, uid: str = "", **fields: Any) -> IdToken:
    """An active card with its normalised forms."""
    forms = normalise(uid or f"{0xCAFE0000 + number():08X}")
    with across_operators("tests make rows of any operator"):
        token: IdToken = IdToken.objects.create(
            operator=operator,
            **(
                {
                    "uid": forms.uid,
                    "uid_decimal": forms.decimal,
                    "uid_reversed": forms.reversed,
                }
                | fields
            ),
        )
    return token


def make_bay(site: Site, **fields: Any) -> Bay:
    """A bay of a site."""
    values = {"name": f"P{number()}", "public_id": public_id("bay")} | fields
    with across_operators("tests make rows of any operator"):
        bay: Bay = Bay.objects.create(operator=site.operator, site=site, **values)
    return bay


def make_payer_notice(account: BillingAccount, mark: str, **fields: Any) -> PayerNotice:
    """A mail about an invoice that nobody got: given up."""
    values = {
        "kind": "invoice_issued", "ref": mark[:40], "address": "payer@example.com",
        "language": "sv", "error": mark,
    } | fields  # fmt: skip
    with across_operators("tests make rows of any operator"):
        row: PayerNotice = PayerNotice.objects.create(
            operator=account.operator, account=account, **values
        )
    return row


def make_resident(site: Site, **fields: Any) -> Resident:
    """Somebody who always lived at a site."""
    values = {"name": f"Resident {number()}", "public_id": public_id("res")} | fields
    with across_operators("tests make rows of any operator"):
        row: Resident = Resident.objects.create(operator=site.operator, site=site, **values)
    return row


def make_basis(resident: Resident, mark: str) -> ChargingBasis:
    """A frozen basis of one row, without a session behind it."""
    site = resident.site
    sums: dict[str, Any] = {"net": 8, "tax": 2, "gross": 10, "energy_wh": 5000, "session_count": 1}
    # A basis and its rows are frozen together: one transaction.
    with across_operators("tests make rows of any operator"), transaction.atomic():
        basis: ChargingBasis = ChargingBasis.objects.create(
            operator=site.operator, site=site, public_id=public_id("cbs"), month_on="2026-01-01",
            currency="SEK", is_taxed=True, **sums, unknown_count=0, file_name=f"{mark}.csv",
            file_path=keep(site.operator_id, b"not shown", ".csv"), file_sha256="0" * 64,
            frozen_at=timezone.now(), frozen_label=mark, error=mark,
        )  # fmt: skip
        BasisRow.objects.create(
            operator=site.operator, basis=basis, resident=resident, position=1, name=mark, **sums
        )
    return basis
