"""Drivers in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from customers.drivers.models import Driver, Vehicle
from customers.drivers.plate import normalise_plate

KIND, VEHICLE_KIND = "driver", "vehicle"


class DriverSearch:
    """Drivers by a part of the name, address, phone, employee or registration number."""

    kind = KIND
    label = _("Drivers")
    icon = "users"
    permission = Permission.DRIVER_VIEW
    list_url = "driver_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By name. A phone number may be written with its leading zero or separators."""
        digits = "".join(filter(str.isdigit, text)).lstrip("0")
        wanted = among("pk", matching(KIND, text))
        if len(digits) > 4:
            wanted |= among("pk", matching(KIND, digits))
        vehicles = Vehicle.objects.filter(
            among("pk", matching(VEHICLE_KIND, normalise_plate(text)))
        ).order_by()
        wanted |= among("pk", vehicles.values_list("driver_id", flat=True))
        found = Driver.objects.select_related("company").filter(wanted)
        return [
            Hit(
                driver.name,
                " · ".join(filter(None, (driver.email, driver.phone, str(driver.company or "")))),
                reverse("driver_detail", args=[driver.public_id]),
            )
            for driver in found.order_by("name", "id")[:most]
        ]


source = DriverSearch()
