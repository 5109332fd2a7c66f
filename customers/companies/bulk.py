"""What may be done to many companies at once."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.lists.actions import BulkAction, BulkContext
from customers.companies.models import Company, CompanyStatus
from customers.companies.services import set_company_status


def _put(company: Company, context: BulkContext, status: CompanyStatus) -> str:
    if company.status == status:
        return _("It was so already.")
    set_company_status(company=company, status=status, reason=context.values["reason"])
    return ""


def _block(company: Company, context: BulkContext) -> str:
    return _put(company, context, CompanyStatus.BLOCKED)


def _activate(company: Company, context: BulkContext) -> str:
    return _put(company, context, CompanyStatus.ACTIVE)


BULK = (
    BulkAction(
        name="block",
        label=gettext_lazy("Block"),
        permission=Permission.DRIVER_EDIT,
        consequence=gettext_lazy(
            "All drivers and cards of these companies are refused from now on. "
            "Sessions that run go on."
        ),
        apply=_block,
        icon="lock",
    ),
    BulkAction(
        name="activate",
        label=gettext_lazy("Activate"),
        permission=Permission.DRIVER_EDIT,
        consequence=gettext_lazy(
            "The companies' drivers and cards are accepted again, within their limits."
        ),
        apply=_activate,
        icon="lock-open",
        is_dangerous=False,
    ),
)
