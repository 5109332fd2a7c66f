"""What may be done to many drivers at once."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.lists.actions import BulkAction, BulkContext
from customers.drivers.models import Driver, DriverStatus
from customers.drivers.services import set_driver_status


def _put(driver: Driver, context: BulkContext, status: DriverStatus) -> str:
    if driver.status == status:
        return _("It was so already.")
    set_driver_status(driver=driver, status=status, reason=context.values["reason"])
    return ""


def _block(driver: Driver, context: BulkContext) -> str:
    return _put(driver, context, DriverStatus.BLOCKED)


def _activate(driver: Driver, context: BulkContext) -> str:
    return _put(driver, context, DriverStatus.ACTIVE)


BULK = (
    BulkAction(
        name="block",
        label=gettext_lazy("Block"),
        permission=Permission.DRIVER_EDIT,
        consequence=gettext_lazy(
            "All cards of these drivers are refused from now on. Sessions that run go on."
        ),
        apply=_block,
        icon="lock",
    ),
    BulkAction(
        name="activate",
        label=gettext_lazy("Activate"),
        permission=Permission.DRIVER_EDIT,
        consequence=gettext_lazy("The drivers' cards are accepted again, within their limits."),
        apply=_activate,
        icon="lock-open",
        is_dangerous=False,
    ),
)
