"""Which messages a driver wants."""

from __future__ import annotations

from django.db import transaction

from core.audit.services import record
from core.changes import apply_changes
from customers.drivers.choices import DriverChoices
from customers.drivers.models import Driver


@transaction.atomic
def set_choices(*, driver: Driver, **wanted: bool) -> DriverChoices:
    """Keep what the driver wants, by the names of ``CHOICES``."""
    row, _created = DriverChoices.objects.select_for_update().get_or_create(
        driver=driver, defaults={"operator_id": driver.operator_id}
    )
    before, after = apply_changes(row, wanted)
    if after:
        row.save()
        record("driver.choose", driver, operator_id=driver.operator_id, before=before, after=after)
    found: DriverChoices = row
    return found
