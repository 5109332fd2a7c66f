"""Writing companies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.companies import organisation_number
from customers.companies.models import Company, CompanyAccount, CompanyStatus
from customers.limits.services import set_sites, with_currency
from customers.payers.services import set_payer
from stations.sites.models import Site


@transaction.atomic
def create_company(
    *,
    operator: Operator,
    allowed_sites: Iterable[Site] | None = None,
    account: BillingAccount | None = None,
    reason: str = "",
    **values: Any,
) -> Company:
    """Create a company; refuses a taken name and an organisation number that is none.

    ``account`` pays for it from the beginning.
    """
    values = with_currency(values, operator)
    company = Company(operator=operator, public_id=public_id("co"), **_clean(values, "SE"))
    company.full_clean()
    company.save()
    after = dict(values)
    set_sites(company, allowed_sites, {}, after)
    record("company.create", company, operator_id=operator.pk, after=after, reason=reason)
    if account is not None:
        set_company_account(company=company, account=account, from_on=None)
    return company


@transaction.atomic
def change_company(
    *,
    company: Company,
    allowed_sites: Iterable[Site] | None = None,
    reason: str = "",
    **values: Any,
) -> Company:
    """Change what is given; the status has a service of its own."""
    values = with_currency(values, company.operator, company)
    before, after = apply_changes(company, _clean(values, company.country_code))
    if after:
        company.full_clean()
        company.save()
    set_sites(company, allowed_sites, before, after)
    if after:
        record(
            "company.change",
            company,
            operator_id=company.operator_id,
            before=before,
            after=after,
            reason=reason,
        )
    return company


def set_company_account(
    *,
    company: Company,
    account: BillingAccount | None,
    from_on: date | None,
    reason: str = "",
) -> Company:
    """Let an account pay for the company's drivers and cards from a day on."""
    set_payer(owner=company, links=CompanyAccount, account=account, from_on=from_on, reason=reason)
    return company


@transaction.atomic
def set_company_status(*, company: Company, status: CompanyStatus, reason: str) -> Company:
    """Block the company's drivers and cards, or let them charge again; a reason is needed."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    changed = (
        Company.objects.filter(pk=company.pk)
        .exclude(status=status)
        .update(status=status, status_reason=reason)
    )
    if not changed:
        raise RuleViolation("status_same", _("The company has this status already."))
    before = company.status
    company.refresh_from_db()
    record(
        f"company.{'block' if status == CompanyStatus.BLOCKED else 'activate'}",
        company,
        operator_id=company.operator_id,
        before={"status": before},
        after={"status": status},
        reason=reason,
    )
    return company


def _clean(values: dict[str, Any], country_code: str) -> dict[str, Any]:
    """``values`` with a checked organisation number in its stored form."""
    number = values.get("organisation_number")
    if not number:
        return values
    country = values.get("country_code") or country_code
    checked = organisation_number.compact(number, country)
    if checked is None:
        raise InvalidInput(
            "organisation_number",
            _("This is no organisation number of %(country)s.") % {"country": country},
            field="organisation_number",
        )
    return {**values, "organisation_number": checked}
