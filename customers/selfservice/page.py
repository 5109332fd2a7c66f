"""What every page of the portal shows around its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.operators.selectors import setup_of
from customers.selfservice.customer import Customer, portals_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the menu."""

    label: str | Promise
    url_name: str
    icon: str
    href: str = ""
    current: str = ""


_OF_DRIVER = (
    Entry(_("Home"), "my_home", "home"),
    Entry(_("Charge"), "my_station_list", "map-pin"),
    Entry(_("Sessions"), "my_session_list", "bolt"),
    Entry(_("Invoices"), "my_invoice_list", "receipt"),
    Entry(_("Cards"), "my_token_list", "id-badge"),
)
_OF_COMPANY = (
    Entry(_("Home"), "my_home", "home"),
    Entry(_("Drivers"), "my_driver_list", "users"),
    Entry(_("Sessions"), "my_company_session_list", "bolt"),
    Entry(_("Invoices"), "my_invoice_list", "receipt"),
    Entry(_("Cards"), "my_token_list", "id-badge"),
    Entry(_("Vehicles"), "my_vehicle_list", "car"),
    Entry(_("Specification"), "my_specification", "stack-2"),
    Entry(_("Basis of wages"), "my_payroll", "coin"),
    Entry(_("Stations"), "my_station_list", "map-pin"),
)
_MORE = (
    Entry(_("The year"), "my_year", "chart-line"),
    Entry(_("Problems and questions"), "my_case_list", "message"),
    Entry(_("Documents"), "my_document_list", "file-text"),
    Entry(_("My data"), "my_data", "user"),
    Entry(_("Terms"), "my_terms", "file-text"),
)
BAR = 4


def my_render(
    request: HttpRequest, customer: Customer, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """A page of the portal: its template with menu, operator and banner of who looks."""
    operator = customer.operator
    entries = _entries(customer, request.path)
    user = request.user
    around = {
        "customer": customer,
        "operator": operator,
        "slug": operator.slug,
        "entries": entries,
        "bar": entries[:BAR],
        "logo": bool(setup_of(operator).logo_path),
        "portals": portals_of(user) if isinstance(user, User) else [],
    }
    return render(request, f"customers/selfservice/{template}", around | dict(context))


def my_fragment(
    request: HttpRequest, customer: Customer, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """A part of a page, without what stands around it."""
    around = {"customer": customer, "operator": customer.operator, "slug": customer.operator.slug}
    return render(request, f"customers/selfservice/{template}", around | dict(context))


def _entries(customer: Customer, path: str) -> list[Entry]:
    """The menu of the person: a driver's first, then what a company adds."""
    first = list(_OF_DRIVER if customer.driver is not None else _OF_COMPANY)
    if customer.driver is not None and customer.company is not None:
        known = {one.url_name for one in first}
        first += [
            one for one in _OF_COMPANY if one.url_name not in known and one != _OF_COMPANY[-1]
        ]
    shown = [
        replace(one, href=reverse(one.url_name, args=[customer.operator.slug]))
        for one in (*first, *_MORE)
    ]
    home = reverse("my_home", args=[customer.operator.slug])
    here = max(
        (
            one
            for one in shown
            if path == one.href or (one.href != home and path.startswith(one.href))
        ),
        key=lambda one: len(one.href),
        default=None,
    )
    return [
        replace(one, current="page" if one.href == path else "true") if one is here else one
        for one in shown
    ]
