"""The list and the page of vehicles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.tenancy.today import operator_today
from customers.drivers.models import Vehicle
from customers.drivers.vehicle_selectors import vehicle_rows, vehicles
from customers.tokens.people import sessions_in
from customers.vehicles.filters import VehicleFilter
from customers.vehicles.tables import VehicleTable

VEHICLES = ListSpec(
    name="vehicles",
    title=_("Vehicles"),
    permission=Permission.DRIVER_VIEW,
    queryset=lambda _request: vehicle_rows(),
    filterset=VehicleFilter,
    table=VehicleTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("registration_number"),
        CsvColumn("driver_id", "driver.public_id", label=_("Driver (public id)")),
        CsvColumn("driver", "driver.name"),
        CsvColumn("company_id", "company.public_id", label=_("Company (public id)")),
        CsvColumn("company", "company.name"),
        CsvColumn("make", column="kind"),
        CsvColumn("model", column="kind"),
        CsvColumn("use"),
        CsvColumn("cost_centre"),
        CsvColumn("status", lambda vehicle: vehicle.shown_status(operator_today())),
        CsvColumn("valid_from_on"),
        CsvColumn("valid_until_on"),
        CsvColumn("token_count"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No vehicle yet"),
        _("A card that sits in a vehicle says at each session which vehicle charged."),
        "vehicle_create",
        _("Add a vehicle"),
        Permission.DRIVER_EDIT,
    ),
    search_hint=_("Registration number, make, model, driver or company"),
    actions=(
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False, "kind=vehicles"
        ),
        ListAction(_("New vehicle"), "vehicle_create", permission=Permission.DRIVER_EDIT),
    ),
)
vehicle_list = list_view(VEHICLES)
SHOWN = 10


def find_vehicle_or_404(public_id: str) -> Vehicle:
    """One in scope."""
    vehicle: Vehicle = get_object_or_404(vehicles(), public_id=public_id)
    return vehicle


@permission_required(Permission.DRIVER_VIEW)
@require_safe
def vehicle_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whose it is, the cards that sit in it, and what it charged lately."""
    vehicle = find_vehicle_or_404(public_id)
    sees_sessions = has_permission(request, Permission.SESSION_VIEW)
    context = {
        "vehicle": vehicle,
        "shown_status": vehicle.shown_status(operator_today()),
        "tokens": vehicle.tokens.order_by("status", "uid", "id")[:50]
        if has_permission(request, Permission.TOKEN_VIEW)
        else [],
        "sessions": sessions_in(vehicle)[:SHOWN] if sees_sessions else [],
        "sees_sessions": sees_sessions,
        "can_edit": has_permission(request, Permission.DRIVER_EDIT),
        "can_issue": has_permission(request, Permission.TOKEN_EDIT),
    }
    return render(request, "customers/vehicles/vehicle_detail.html", context)
