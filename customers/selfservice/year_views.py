"""The year of a customer, with charts and their tables."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from billing.accounts.dated import operator_day
from customers.selfservice.customer import Customer, customer_page
from customers.selfservice.mine import Owner, owner_of, owners_of
from customers.selfservice.page import my_render
from customers.selfservice.year import charts_of, months_of, totals_of

FIRST_YEAR = 2000


def asked_year(request: HttpRequest, this_year: int) -> int:
    """The year that ``?year=`` names, else this one."""
    text = request.GET.get("year", "")
    asked = int(text) if text.isdecimal() and len(text) == 4 else this_year
    return min(max(asked, FIRST_YEAR), this_year)


def asked_owner(request: HttpRequest, customer: Customer) -> Owner:
    """Whose year: of who is both, ``?of=company`` names the company's."""
    if request.GET.get("of") == "company" and customer.company is not None:
        return customer.company
    return owner_of(customer)


@require_safe
@customer_page
def my_year(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Sessions, energy and cost by month; ``?year=`` and, of who is both, ``?of=company``."""
    this_year = operator_day(customer.operator).year
    year, owner = asked_year(request, this_year), asked_owner(request, customer)
    months = months_of(owner, year)
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < this_year else None,
        "owner": owner,
        "owners": owners_of(customer),
        "months": months,
        "totals": totals_of(months),
        "charts": charts_of(months),
        "has_any": any(one.sessions for one in months),
    }
    return my_render(request, customer, "year.html", context)
