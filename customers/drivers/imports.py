"""Drivers from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import KEEP, BadValueError
from core.operators.values import CURRENCIES
from customers.companies.models import Company
from customers.drivers import services
from customers.drivers.models import Driver, DriverStatus, Vehicle
from customers.drivers.named import companies_by_name, company_named, refuse_reversed_days
from customers.drivers.phone import normalise_phone
from customers.drivers.plate import normalise_plate
from stations.sites.imports import known_by

STATUSES: Any = [*DriverStatus.choices, ("not_yet", "not_yet"), ("ended", "ended")]
"""What exports say; before and after the days of validity a driver is stored as active."""


class DriverPlanner(ModelPlanner):
    """A driver is known by public id, by e-mail address, or by employee number in a company."""

    model = Driver
    apart = frozenset({"vehicles", "status"})

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, Driver] = {}
        self.by_key: dict[str, Driver] = {}
        self.companies: dict[str, Company] = {}
        self.vehicles: dict[str, Vehicle] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All drivers with their vehicles, and all companies."""
        found = Driver.objects.select_related("company", "operator").prefetch_related("vehicles")
        for driver in found:
            self.by_id[driver.public_id] = driver
            if driver.email:
                self.by_key[driver.email.casefold()] = driver
            if driver.company and driver.employee_number:
                self.by_key[_number(driver.company.public_id, driver.employee_number)] = driver
        for vehicle in Vehicle.objects.all():
            self.vehicles[vehicle.registration_number] = vehicle
        self.companies = companies_by_name()

    def identify(self, row: ImportRow) -> str:
        """What of these is given first."""
        company = row.get("company_id") or row.get("company")
        number = row.get("employee_number")
        return str(
            row.get("public_id")
            or row.get("email")
            or (_number(str(company), number) if company and number else "")
        )

    def find(self, row: ImportRow) -> Driver | None:
        """By public id, which must exist; else by e-mail address, else by employee number."""
        found: Driver | None = known_by(self.by_id, row)
        found = found or self.by_key.get(str(row.get("email")).casefold())
        company = self.companies.get(str(row.get("company_id") or row.get("company")))
        if found is None and company is not None and row.get("employee_number"):
            found = self.by_key.get(_number(company.public_id, row.get("employee_number")))
        return found

    def resolve(self, row: ImportRow, found: Driver | None) -> dict[str, Any]:
        """Company looked up; phone and registration numbers in their stored form."""
        named = {k: v for k, v in row.values.items() if k != "public_id"}
        holder = self.by_key.get(str(row.get("email")).casefold())
        if row.get("email") and holder is not None and holder != found:
            raise BadValueError(
                _("Another driver has this e-mail address."),
                _("Keep it with one of them."),
                column="email",
            )
        if "company" in named or "company_id" in named:
            named["company"] = company_named(
                self.companies, named.pop("company_id", ""), named.get("company", "")
            )
        if row.get("phone"):
            named["phone"] = self._phone(row.get("phone"))
        if isinstance(named.get("vehicles"), list):
            named["vehicles"] = sorted({_plate(text) for text in named["vehicles"]})
            self._refuse_others(named["vehicles"], found)
        if named.get("status", KEEP) is not KEEP and named["status"] != DriverStatus.BLOCKED:
            named["status"] = DriverStatus.ACTIVE
        return named

    def _refuse_others(self, numbers: Sequence[str], found: Driver | None) -> None:
        for number in numbers:
            vehicle = self.vehicles.get(number)
            if vehicle and vehicle.driver_id and vehicle.driver_id != (found.pk if found else 0):
                raise BadValueError(
                    _("Another driver has the vehicle %(number)s.") % {"number": number},
                    _("Take it from them first, or leave it out."),
                    column="vehicles",
                )

    def _phone(self, text: str) -> str:
        number = normalise_phone(text, self.operator.country_code)
        if not number:
            raise BadValueError(
                _("This is no phone number."), _("Write it as +46 70 123 45 67."), column="phone"
            )
        return number

    def current(self, found: Driver, name: str) -> Any:
        """Phone and vehicles in their stored form."""
        if name == "phone":
            return found.phone_normalised
        if name == "vehicles":
            return sorted(vehicle.registration_number for vehicle in found.vehicles.all())
        return getattr(found, name)

    def check(self, values: Mapping[str, Any], found: Any) -> Driver:
        """Besides the fields: the last day comes after the first."""
        driver = super().check(values, found)
        assert isinstance(driver, Driver)
        refuse_reversed_days(driver)
        return driver

    def store(self, values: Mapping[str, Any], found: Driver | None, *, reason: str) -> Driver:
        """Through the services; the status has one of its own."""
        named = dict(values)
        status = named.pop("status", None)
        if found is None:
            driver = services.create_driver(operator=self.operator, reason=reason, **named)
        else:
            driver = services.change_driver(driver=found, reason=reason, **named)
        if status is not None and driver.status != status:
            driver = services.set_driver_status(driver=driver, status=status, reason=reason)
        return driver


def _number(company: str, employee_number: str) -> str:
    return f"{company} / {employee_number}"


def _plate(text: str) -> str:
    number = normalise_plate(text)
    if not number:
        raise BadValueError(
            _("%(text)s is no registration number.") % {"text": text[:40]},
            _("Write it as ABC123."),
            column="vehicles",
        )
    return number


C = ImportColumn
DRIVERS = ImportSpec(
    name="drivers",
    title=gettext_lazy("Drivers"),
    permission=Permission.DRIVER_EDIT,
    planner=DriverPlanner,
    list_url="driver_list",
    intro=gettext_lazy(
        "Drivers are recognised by public id, e-mail address, or employee number and company."
    ),
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a driver to change; empty for a new one."),
        ),
        C(
            "name", gettext_lazy("Name"), values.text(120), is_required=True,
            example="Dina Dahl",
        ),
        C("email", gettext_lazy("E-mail"), values.text(254), "", example="dina@example.com"),
        C("phone", gettext_lazy("Phone"), values.identifier(40), "", example="+46 70 123 45 67"),
        C(
            "company", gettext_lazy("Company"), values.text(120), "",
            help=gettext_lazy("Its name."),
        ),
        C(
            "company_id", gettext_lazy("Company (public id)"), values.text(24), "",
            help=gettext_lazy("Instead of its name."),
        ),
        C("employee_number", gettext_lazy("Employee number"), values.identifier(40), ""),
        C("cost_centre", gettext_lazy("Cost centre"), values.identifier(40), ""),
        C(
            "vehicles", gettext_lazy("Vehicles"), values.words(20), [],
            help=gettext_lazy("Registration numbers, apart by commas or blanks."),
            example="ABC123",
        ),
        C("status", gettext_lazy("Status"), values.choice(STATUSES), example="active"),
        C("valid_from_on", gettext_lazy("Valid from"), values.day, None, example="2026-11-23"),
        C("valid_until_on", gettext_lazy("Valid until"), values.day, None),
        C(
            "language", gettext_lazy("Language"), values.choice(list(settings.LANGUAGES)),
            example="sv",
        ),
        C(
            "max_concurrent_sessions", gettext_lazy("Sessions at once"), values.integer(0, 1000),
            None,
        ),
        C(
            "max_energy_wh_per_month", gettext_lazy("Energy per month (Wh)"),
            values.integer(0, 10**12), None,
        ),
        C(
            "max_gross_per_month", gettext_lazy("Amount per month"), values.decimal(0, 10**9, 2),
            None, help=gettext_lazy("What the sessions of a month may cost, with VAT."),
        ),
        C(
            "limit_currency", gettext_lazy("Currency of the amount"),
            values.choice([(code, code) for code in CURRENCIES]),
        ),
    ),
    read_only=("status_reason", "token_count", "created_at"),
)  # fmt: skip
