"""Writing drivers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.drivers.models import Driver, DriverAccount, DriverStatus
from customers.drivers.phone import normalise_phone
from customers.drivers.vehicle_services import set_vehicles
from customers.limits.services import set_sites, with_currency
from customers.payers.services import set_payer
from stations.sites.models import Site


@transaction.atomic
def create_driver(
    *,
    operator: Operator,
    allowed_sites: Iterable[Site] | None = None,
    vehicles: Iterable[str] | None = None,
    names_holder: bool = False,
    account: BillingAccount | None = None,
    reason: str = "",
    **values: Any,
) -> Driver:
    """Create a driver; refuses a taken e-mail address, numbers that are none, and vehicles of
    others, whom the refusal names with ``names_holder``.

    ``account`` pays for the driver from the beginning, before the company's.
    """
    values = with_currency(values, operator)
    driver = Driver(operator=operator, public_id=public_id("drv"), **values)
    _check(driver, operator)
    driver.save()
    after = dict(values)
    set_sites(driver, allowed_sites, {}, after)
    set_vehicles(driver, vehicles, {}, after, names_holder=names_holder)
    record("driver.create", driver, operator_id=operator.pk, after=after, reason=reason)
    if account is not None:
        set_driver_account(driver=driver, account=account, from_on=None)
    return driver


@transaction.atomic
def change_driver(
    *,
    driver: Driver,
    allowed_sites: Iterable[Site] | None = None,
    vehicles: Iterable[str] | None = None,
    names_holder: bool = False,
    reason: str = "",
    **values: Any,
) -> Driver:
    """Change what is given; the status has a service of its own."""
    values = with_currency(values, driver.operator, driver)
    before, after = apply_changes(driver, values)
    if after:
        _check(driver, driver.operator)
        driver.save()
    set_sites(driver, allowed_sites, before, after)
    set_vehicles(driver, vehicles, before, after, names_holder=names_holder)
    if after:
        record(
            "driver.change",
            driver,
            operator_id=driver.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return driver


def end_driver(*, driver: Driver, on: date, reason: str = "", **values: Any) -> Driver:
    """Let a day be the driver's last, with other changes: who has ended before stays so, and who
    would have begun later has begun then."""
    last = min(driver.valid_until_on or on, on)
    first = driver.valid_from_on and min(driver.valid_from_on, last)
    return change_driver(
        driver=driver, valid_from_on=first, valid_until_on=last, reason=reason, **values
    )


def set_driver_account(
    *, driver: Driver, account: BillingAccount | None, from_on: date | None, reason: str = ""
) -> Driver:
    """Let an account pay for the driver from a day on, before the company's."""
    set_payer(owner=driver, links=DriverAccount, account=account, from_on=from_on, reason=reason)
    return driver


@transaction.atomic
def set_driver_status(*, driver: Driver, status: DriverStatus, reason: str) -> Driver:
    """Block a driver, or let them charge again; a reason is needed."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    changed = (
        Driver.objects.filter(pk=driver.pk)
        .exclude(status=status)
        .update(status=status, status_reason=reason)
    )
    if not changed:
        raise RuleViolation("status_same", _("The driver has this status already."))
    before = driver.status
    driver.refresh_from_db()
    record(
        f"driver.{'block' if status == DriverStatus.BLOCKED else 'activate'}",
        driver,
        operator_id=driver.operator_id,
        before={"status": before},
        after={"status": status},
        reason=reason,
    )
    return driver


def _check(driver: Driver, operator: Operator) -> None:
    driver.phone_normalised = normalise_phone(driver.phone, operator.country_code)
    if driver.phone and not driver.phone_normalised:
        raise InvalidInput("phone", _("This is no phone number."), field="phone")
    if driver.language not in dict(settings.LANGUAGES):
        raise InvalidInput("language", _("There is no such language here."), field="language")
    first, last = driver.valid_from_on, driver.valid_until_on
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            "validity", _("The last day comes before the first."), field="valid_until_on"
        )
    driver.full_clean()
