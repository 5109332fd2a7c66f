"""Why an EVSE was out of service, and which rule excludes what (pure).

23 CFR 680.116(b)(3) excludes outages for reasons outside the operator's control: interruption of
the electric utility, failure caused by the vehicle, scheduled maintenance, vandalism, natural
disaster, and hours outside the hours of operation. Everything else counts, the network and our own
systems too. EV-ChART numbers these six reasons 1 to 6.
"""

from __future__ import annotations

from typing import Final

UTILITY: Final = "utility"
VEHICLE: Final = "vehicle"
MAINTENANCE: Final = "maintenance"
VANDALISM: Final = "vandalism"
DISASTER: Final = "disaster"
CLOSED: Final = "closed"

EXCLUDABLE: Final = (UTILITY, VEHICLE, MAINTENANCE, VANDALISM, DISASTER, CLOSED)

_SPELLINGS: Final = {
    UTILITY: (
        "utility_interruption utility_outage utility_service_interruption power_outage grid"
        " grid_outage electric_utility_interruption electric_utility_service_interruption"
    ),
    VEHICLE: "vehicle_failure vehicle_fault vehicle_caused failure_caused_by_vehicle ev ev_fault",
    MAINTENANCE: "scheduled_maintenance planned_maintenance maintenance_window",
    VANDALISM: "vandalised vandalized vandal theft",
    DISASTER: "natural_disaster force_majeure weather extreme_weather flood storm",
    CLOSED: (
        "site_closed outside_hours outside_hours_of_operation hours_of_operation closed_hours"
        " outside_operating_hours outside_opening_hours"
    ),
}
_CAUSES: Final = {
    spelling: cause
    for cause, spellings in _SPELLINGS.items()
    for spelling in (cause, *spellings.split())
}


def excludable_cause(text: str) -> str | None:
    """The cause that a text names, if it is one that the rule excludes.

    Case, blanks and dashes do not matter. A cause that the rule does not list excludes nothing.
    """
    return _CAUSES.get("_".join(text.lower().replace("-", " ").replace("_", " ").split()))
