"""Which messages a driver wants."""

from __future__ import annotations

from django.db import transaction

from core.audit.services import record
from customers.drivers.choices import DriverChoices
from customers.drivers.models import Driver


@transaction.atomic
def set_choices(*, driver: Driver, mails_charging_end: bool) -> DriverChoices:
    """Keep what the driver wants; the warning before an idle fee always goes out."""
    row, _created = DriverChoices.objects.select_for_update().get_or_create(
        driver=driver, defaults={"operator_id": driver.operator_id}
    )
    if row.mails_charging_end != mails_charging_end:
        before = {"mails_charging_end": row.mails_charging_end}
        row.mails_charging_end = mails_charging_end
        row.save()
        record(
            "driver.choose", driver, operator_id=driver.operator_id, before=before,
            after={"mails_charging_end": mails_charging_end},
        )  # fmt: skip
    found: DriverChoices = row
    return found
