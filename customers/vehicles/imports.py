"""Vehicles from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import BadValueError
from customers.companies.models import Company
from customers.drivers import vehicle_services as services
from customers.drivers.models import Driver, Vehicle, VehicleUse
from customers.drivers.named import (
    companies_by_name,
    company_named,
    driver_named,
    drivers_by_name,
    refuse_reversed_days,
)
from customers.drivers.plate import normalise_plate
from customers.drivers.vehicle_selectors import vehicles
from stations.sites.imports import known_by


class VehiclePlanner(ModelPlanner):
    """A vehicle is known by its public id, else by its registration number in any spelling."""

    model = Vehicle

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, Vehicle] = {}
        self.by_number: dict[str, Vehicle] = {}
        self.drivers: dict[str, Driver] = {}
        self.companies: dict[str, Company] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All vehicles, drivers and companies."""
        for vehicle in vehicles():
            self.by_id[vehicle.public_id] = self.by_number[vehicle.registration_number] = vehicle
        self.drivers, self.companies = drivers_by_name(), companies_by_name()

    def identify(self, row: ImportRow) -> str:
        """The number in its stored form."""
        return normalise_plate(str(row.get("registration_number")))

    def find(self, row: ImportRow) -> Vehicle | None:
        """By public id, which must exist; else by number."""
        found: Vehicle | None = known_by(self.by_id, row)
        return found or self.by_number.get(self.identify(row))

    def resolve(self, row: ImportRow, found: Vehicle | None) -> dict[str, Any]:
        """Owners looked up; the number in its stored form."""
        named = {k: v for k, v in row.values.items() if k != "public_id"}
        number = self.identify(row)
        if not number:
            raise BadValueError(
                _("%(text)s is no registration number.")
                % {"text": str(row.get("registration_number"))[:40]},
                _("Write it as ABC123."),
                column="registration_number",
            )
        holder = self.by_number.get(number)
        if holder is not None and holder != found:
            raise BadValueError(
                _("There is a vehicle with the number %(number)s already.") % {"number": number},
                _("Keep it with one of them."),
                column="registration_number",
            )
        named["registration_number"] = number
        if "driver_id" in named:
            named["driver"] = driver_named(self.drivers, named.pop("driver_id"))
        if "company" in named or "company_id" in named:
            named["company"] = company_named(
                self.companies, named.pop("company_id", ""), named.get("company", "")
            )
        return self._owned(named, found)

    def _owned(self, named: dict[str, Any], found: Vehicle | None) -> dict[str, Any]:
        if not (found or named.get("driver") or named.get("company")):
            raise BadValueError(
                _("A vehicle belongs to a driver, to a company, or to both."),
                _("Name one of the two."),
                column="driver_id",
            )
        return named

    def check(self, values: Mapping[str, Any], found: Any) -> Vehicle:
        """Besides the fields: the last day comes after the first."""
        vehicle = super().check(values, found)
        assert isinstance(vehicle, Vehicle)
        refuse_reversed_days(vehicle)
        return vehicle

    def store(self, values: Mapping[str, Any], found: Vehicle | None, *, reason: str) -> Vehicle:
        """Through the services."""
        if found is None:
            return services.create_vehicle(operator=self.operator, reason=reason, **values)
        return services.change_vehicle(vehicle=found, reason=reason, **values)


C = ImportColumn
VEHICLES = ImportSpec(
    name="vehicles",
    title=gettext_lazy("Vehicles"),
    permission=Permission.DRIVER_EDIT,
    planner=VehiclePlanner,
    list_url="vehicle_list",
    intro=gettext_lazy("Vehicles are recognised by public id or registration number."),
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a vehicle to change; empty for a new one."),
        ),
        C(
            "registration_number", gettext_lazy("Registration number"), values.identifier(20),
            is_required=True, example="ABC123",
        ),
        C(
            "driver_id", gettext_lazy("Driver (public id)"), values.text(254), None,
            help=gettext_lazy("Public id or e-mail address of the driver who has it."),
            example="dina@example.com",
        ),
        C("company", gettext_lazy("Company"), values.text(120), "", help=gettext_lazy("Its name.")),
        C(
            "company_id", gettext_lazy("Company (public id)"), values.text(24), "",
            help=gettext_lazy("Instead of its name."),
        ),
        C("make", gettext_lazy("Make"), values.text(40), "", example="Volvo"),
        C("model", gettext_lazy("Model"), values.text(60), "", example="EX30"),
        C("use", gettext_lazy("Use"), values.choice(VehicleUse.choices), "", example="pool"),
        C("cost_centre", gettext_lazy("Cost centre"), values.identifier(40), ""),
        C("valid_from_on", gettext_lazy("Valid from"), values.day, None, example="2026-11-23"),
        C("valid_until_on", gettext_lazy("Valid until"), values.day, None),
    ),
    read_only=("driver", "status", "token_count", "created_at"),
)  # fmt: skip
