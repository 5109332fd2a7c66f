"""Writing vehicles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from core.ids import public_id
from customers.drivers.models import Driver, Vehicle
from customers.drivers.plate import normalise_plate
from stations.sessions.models import Session
from stations.sessions.selectors import charged_in

MOST_VEHICLES: Final = 50


@transaction.atomic
def create_vehicle(
    *,
    operator: Operator,
    registration_number: str,
    names_holder: bool = False,
    reason: str = "",
    **values: Any,
) -> Vehicle:
    """Add a vehicle of a driver, a company, or both.

    Refuses a number that is none and one that another vehicle has; ``names_holder``: the refusal
    says whose that is, for callers who may know.
    """
    number = read_plate(registration_number)
    refuse_taken(number, names_holder)
    vehicle = Vehicle(
        operator=operator, public_id=public_id("veh"), registration_number=number, **values
    )
    _check(vehicle, needs_owner=True)
    _store(vehicle, names_holder)
    record(
        "vehicle.create",
        vehicle,
        operator_id=operator.pk,
        after={"registration_number": number, **values},
        reason=reason,
    )
    return vehicle


@transaction.atomic
def change_vehicle(
    *, vehicle: Vehicle, names_holder: bool = False, reason: str = "", **values: Any
) -> Vehicle:
    """Change what is given, the number among it; sessions keep what they began with."""
    if "registration_number" in values:
        values["registration_number"] = read_plate(values["registration_number"])
        if values["registration_number"] != vehicle.registration_number:
            refuse_taken(values["registration_number"], names_holder)
    before, after = apply_changes(vehicle, values)
    if after:
        _check(vehicle, needs_owner=not {"driver", "company"}.isdisjoint(after))
        _store(vehicle, names_holder, fields=after)
        record(
            "vehicle.change",
            vehicle,
            operator_id=vehicle.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return vehicle


def read_plate(text: str, field: str = "registration_number") -> str:
    """The number in its stored form. Raises InvalidInput for what is none."""
    number = normalise_plate(text)
    if not number:
        raise InvalidInput(
            field, _("%(text)s is no registration number.") % {"text": text[:40]}, field=field
        )
    return number


def refuse_taken(number: str, names_holder: bool, field: str = "registration_number") -> None:
    """Raise InvalidInput where a vehicle of the operator in scope has the number."""
    found = Vehicle.objects.filter(registration_number=number)
    holder = found.select_related("driver", "company").first()
    if holder is not None:
        raise _taken(holder, names_holder, field)


def _store(vehicle: Vehicle, names_holder: bool, fields: Iterable[str] | None = None) -> None:
    """Save what was given alone; somebody else may have added the number just now."""
    names = None if fields is None else [*fields, "updated_at"]
    try:
        with transaction.atomic():
            vehicle.save(update_fields=names)
    except IntegrityError:
        refuse_taken(vehicle.registration_number, names_holder)
        raise


def _taken(vehicle: Vehicle, names_holder: bool, field: str) -> InvalidInput:
    owner = vehicle.driver or vehicle.company
    text = _("There is a vehicle with the number %(number)s already.")
    if names_holder and owner is not None:
        text = _("There is a vehicle with the number %(number)s already; it belongs to %(owner)s.")
    values = {"number": vehicle.registration_number, "owner": owner}
    return InvalidInput("vehicle_taken", text % values, field=field)


def _check(vehicle: Vehicle, *, needs_owner: bool) -> None:
    driver, company = vehicle.driver, vehicle.company
    if needs_owner and driver is None and company is None:
        raise InvalidInput(
            "no_owner",
            _("A vehicle belongs to a driver, to a company, or to both."),
            field="driver",
        )
    if driver and company and driver.company_id not in (None, company.pk):
        raise InvalidInput(
            "other_company", _("The driver belongs to another company."), field="company"
        )
    first, last = vehicle.valid_from_on, vehicle.valid_until_on
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            "validity", _("The last day comes before the first."), field="valid_until_on"
        )
    vehicle.full_clean()


def set_vehicles(
    driver: Driver,
    wanted: Iterable[str] | None,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    names_holder: bool = False,
) -> None:
    """Let a saved driver have the vehicles with these numbers; None leaves them.

    One that is new is added; one of nobody, or of the driver's own company, is taken over. Refuses
    those of others. One that is taken away stays where it is a company's, has a card, or has
    charged; else it goes.
    """
    if wanted is None:
        return
    numbers = sorted({read_plate(text, "vehicles") for text in wanted})
    if len(numbers) > MOST_VEHICLES:
        raise InvalidInput("vehicles", _("A driver has at most 50 vehicles."), field="vehicles")
    own = {one.registration_number: one for one in Vehicle.objects.filter(driver=driver)}
    if numbers == sorted(own):
        return
    before["vehicles"], after["vehicles"] = sorted(own), numbers
    new = [number for number in numbers if number not in own]
    found = Vehicle.objects.filter(registration_number__in=new).select_related("driver", "company")
    known = {one.registration_number: one for one in found.select_for_update(of=("self",))}
    for number in new:
        if number in known:
            _take_over(known[number], driver, names_holder)
        else:
            create_vehicle(operator=driver.operator, registration_number=number, driver=driver)
    for number, vehicle in own.items():
        if number not in numbers:
            _let_go(vehicle)


def _take_over(vehicle: Vehicle, driver: Driver, names_holder: bool) -> None:
    if vehicle.driver_id is not None or vehicle.company_id not in (None, driver.company_id):
        raise _taken(vehicle, names_holder, "vehicles")
    change_vehicle(vehicle=vehicle, driver=driver)


def _let_go(vehicle: Vehicle) -> None:
    """Without a driver from now on, or gone when nothing is known of it."""
    if vehicle.company_id is not None:
        change_vehicle(vehicle=vehicle, driver=None)
    elif vehicle.tokens.exists() or _has_charged(vehicle):
        before, after = apply_changes(vehicle, {"driver": None})
        vehicle.save(update_fields=["driver", "updated_at"])
        record(
            "vehicle.change", vehicle, operator_id=vehicle.operator_id, before=before, after=after
        )
    else:
        record(
            "vehicle.delete",
            vehicle,
            operator_id=vehicle.operator_id,
            before={"registration_number": vehicle.registration_number, "driver": vehicle.driver},
        )
        vehicle.delete()


def _has_charged(vehicle: Vehicle) -> bool:
    return charged_in(Session.objects.all(), vehicle.public_id).exists()
