"""Drivers and companies by what files call them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.imports.values import BadValueError
from customers.companies.models import Company
from customers.drivers.models import Driver, Vehicle


def drivers_by_name() -> dict[str, Driver]:
    """All drivers by public id and e-mail address."""
    found: dict[str, Driver] = {}
    for driver in Driver.objects.select_related("company"):
        found[driver.public_id] = driver
        if driver.email:
            found[driver.email.casefold()] = driver
    return found


def driver_named(known: Mapping[str, Driver], name: str | None) -> Driver | None:
    """None for an empty cell."""
    if not name:
        return None
    driver = known.get(name) or known.get(name.casefold())
    if driver is None:
        raise BadValueError(
            _("There is no driver with this public id or e-mail address."),
            _("Create or import the driver first."),
            column="driver_id",
        )
    return driver


def companies_by_name() -> dict[str, Company]:
    """All companies by public id and name."""
    found: dict[str, Company] = {}
    for company in Company.objects.all():
        found[company.public_id] = found[company.name] = company
    return found


def company_named(
    known: Mapping[str, Company], public_id: str | None, name: str | None
) -> Company | None:
    """None for empty cells; where both say something, they must mean the same company."""
    given = public_id or name
    if not given:
        return None
    company = known.get(given)
    if company is None or (public_id and name and company != known.get(name)):
        raise BadValueError(
            _("There is no company with this name or public id."),
            _("Create the company first."),
            column="company_id" if public_id else "company",
        )
    return company


def refuse_reversed_days(row: Driver | Vehicle) -> None:
    """BadValueError for a last day before the first."""
    first, last = row.valid_from_on, row.valid_until_on
    if first is not None and last is not None and last < first:
        raise BadValueError(
            _("The last day comes before the first."),
            _("Correct one of the two."),
            column="valid_until_on",
        )
