"""The list of drivers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.tenancy.today import operator_today
from customers.drivers.bulk import BULK
from customers.drivers.filters import DriverFilter
from customers.drivers.selectors import driver_rows
from customers.drivers.tables import DriverTable

DRIVERS = ListSpec(
    name="drivers",
    title=_("Drivers"),
    permission=Permission.DRIVER_VIEW,
    queryset=lambda _request: driver_rows(),
    filterset=DriverFilter,
    table=DriverTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("email"),
        CsvColumn("phone", "phone_normalised", column="phone"),
        CsvColumn("company", "company.name", column="company"),
        CsvColumn("company_id", "company.public_id", label=_("Company (public id)")),
        CsvColumn("employee_number"),
        CsvColumn("cost_centre"),
        CsvColumn(
            "vehicles",
            lambda driver: ", ".join(v.registration_number for v in driver.vehicles.all()),
        ),
        CsvColumn("status", lambda driver: driver.shown_status(operator_today())),
        CsvColumn("status_reason"),
        CsvColumn("valid_from_on"),
        CsvColumn("valid_until_on"),
        CsvColumn("language"),
        CsvColumn("token_count"),
        CsvColumn("max_concurrent_sessions"),
        CsvColumn("max_energy_wh_per_month"),
        CsvColumn("max_gross_per_month"),
        CsvColumn("limit_currency"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No driver yet"),
        _("A driver is a person who charges with a card or an app of yours."),
        "driver_create",
        _("Create a driver"),
        Permission.DRIVER_EDIT,
    ),
    bulk=BULK,
    search_hint=_("Name, e-mail, phone, employee or registration number"),
    actions=(
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False, "kind=drivers"
        ),
        ListAction(_("New driver"), "driver_create", permission=Permission.DRIVER_EDIT),
    ),
)

driver_list = list_view(DRIVERS)
