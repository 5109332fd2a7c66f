"""The pages of a driver and of a company: tokens, sessions, authorisations, history."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.tenancy.today import operator_today
from customers.companies.models import Company, CompanyAccount
from customers.companies.selectors import companies
from customers.drivers.models import Driver, DriverAccount, Vehicle
from customers.drivers.selectors import drivers
from customers.drivers.vehicle_selectors import of_company, vehicles
from customers.limits.selectors import use_this_month
from customers.limits.usage import Level
from customers.limits.words import hours_lines
from customers.payers.page import link_rows, may_set_payer
from customers.tokens.people import attempts_of, sessions_of, tokens_of

SHOWN = 10


@permission_required(Permission.DRIVER_VIEW)
@require_safe
def driver_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who the driver is, what they charge with, and what happened lately."""
    driver: Driver = get_object_or_404(drivers(), public_id=public_id)
    context = _context(request, driver, "driver") | {
        "driver": driver,
        "shown_status": driver.shown_status(operator_today()),
        "links": link_rows(request, DriverAccount, driver),
    }
    return render(request, "customers/drivers/driver_detail.html", context)


@permission_required(Permission.DRIVER_VIEW)
@require_safe
def company_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The company, its drivers and pool of cards, and what happened lately."""
    company: Company = get_object_or_404(companies(), public_id=public_id)
    own = drivers().filter(company=company)
    today = operator_today()
    context = _context(request, company, "company") | {
        "company": company,
        "drivers": [(driver, driver.shown_status(today)) for driver in own[:SHOWN]],
        "driver_count": own.count(),
        "links": link_rows(request, CompanyAccount, company),
    }
    return render(request, "customers/companies/company_detail.html", context)


def vehicles_of(owner: Driver | Company) -> list[tuple[Vehicle, str]]:
    """The first vehicles of a driver, or of a company and its drivers, with their status."""
    ref = owner.public_id
    mine = Q(driver=owner) if isinstance(owner, Driver) else of_company(ref)
    today = operator_today()
    return [(row, row.shown_status(today)) for row in vehicles().filter(mine)[:SHOWN]]


def _context(request: HttpRequest, owner: Driver | Company, level: Level) -> dict[str, Any]:
    operator: Operator = operator_of(request)
    sees_sessions = has_permission(request, Permission.SESSION_VIEW)
    return {
        "vehicles": vehicles_of(owner),
        "tokens": tokens_of(owner)[:50] if has_permission(request, Permission.TOKEN_VIEW) else [],
        "sessions": sessions_of(owner)[:SHOWN] if sees_sessions else [],
        "attempts": attempts_of(owner)[:SHOWN] if sees_sessions else [],
        "hours": hours_lines(owner.allowed_hours),
        "limited": owner,
        "used": use_this_month(
            owner, level, owner.public_id, operator=operator, now=timezone.now()
        ),
        "can_edit": has_permission(request, Permission.DRIVER_EDIT),
        "may_set_payer": may_set_payer(request),
        "can_issue": has_permission(request, Permission.TOKEN_EDIT),
    }
