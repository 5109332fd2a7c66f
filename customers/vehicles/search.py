"""Vehicles in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from customers.drivers.models import Vehicle
from customers.drivers.plate import normalise_plate
from customers.drivers.search import VEHICLE_KIND


class VehicleSearch:
    """Vehicles by a part of their registration number."""

    kind = VEHICLE_KIND
    label = _("Vehicles")
    icon = "car"
    permission = Permission.DRIVER_VIEW
    list_url = "vehicle_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By number, in any spelling."""
        found = Vehicle.objects.select_related("driver", "company").filter(
            among("pk", matching(VEHICLE_KIND, normalise_plate(text)))
        )
        return [
            Hit(
                vehicle.registration_number,
                " · ".join(
                    str(part) for part in (vehicle.driver, vehicle.company, vehicle.kind) if part
                ),
                reverse("vehicle_detail", args=[vehicle.public_id]),
            )
            for vehicle in found.order_by("registration_number", "id")[:most]
        ]


source = VehicleSearch()
