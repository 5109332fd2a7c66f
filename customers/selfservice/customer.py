"""Who asks in the portal of an operator: a driver, who looks after a company, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Permission, allowed
from core.tenancy.places import limited_to
from core.tenancy.scopes import across_operators, operator_scope
from core.ui.zone_names import zone_names
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.selfservice.models import CustomerLogin, LoginKind

SEEN_AS: Final = "seen_as"
"""The key of the browser session under which stands as whom a member looks."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
NOTHING_CHANGES: Final = _("You look as the customer does: nothing can be changed.")
CustomerView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Customer:
    """A person at one operator. ``company``: the one that they look after. ``viewer``: the name
    of the operator's member who looks as this customer does, and may change nothing."""

    operator: Operator
    driver: Driver | None = None
    company: Company | None = None
    viewer: str = ""

    @property
    def is_read_only(self) -> bool:
        """Whether somebody else looks."""
        return bool(self.viewer)

    @property
    def name(self) -> str:
        """Of the driver, else of the company."""
        return str(self.driver or self.company)


def find_customer(request: HttpRequest, slug: str) -> Customer | None:
    """The customer that the person is at the operator of ``slug``, or looks as; else None."""
    operator = Operator.objects.filter(slug=slug, is_active=True).first()
    user = request.user
    if operator is None or not isinstance(user, User):
        return None
    with operator_scope(operator), limited_to(None):
        return _seen_as(request, operator, user) or _own(operator, user)


def _own(operator: Operator, user: User) -> Customer | None:
    rows = CustomerLogin.objects.filter(user=user, ended_at=None)
    logins = {one.kind: one for one in rows.select_related("driver__company", "company")}
    if not logins:
        return None
    driver, admin = logins.get(LoginKind.DRIVER), logins.get(LoginKind.COMPANY_ADMIN)
    return Customer(operator, driver and driver.driver, admin and admin.company)


def _seen_as(request: HttpRequest, operator: Operator, user: User) -> Customer | None:
    """As whom a member looks, as long as they are one who may."""
    wanted = request.session.get(SEEN_AS)
    if not isinstance(wanted, dict) or wanted.get("operator") != operator.pk:
        return None
    member = Membership.objects.filter(user=user, is_active=True).first()
    right = Permission.CUSTOMER_SEE
    if member is None or not allowed(member.role, right, is_limited=member.is_limited):
        return None
    driver = Driver.objects.select_related("company").filter(pk=wanted.get("driver")).first()
    company = Company.objects.filter(pk=wanted.get("company")).first()
    if driver is None and company is None:
        return None
    return Customer(operator, driver, company, viewer=str(user))


def customer_page(view: CustomerView) -> CustomerView:
    """Run ``view(request, customer, …)`` inside the scope of the operator that the address
    names; 404 for everybody who is no customer there, 403 for changes by who only looks."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        customer = find_customer(request, slug)
        if customer is None:
            raise Http404
        if customer.is_read_only and request.method not in SAFE:
            raise PermissionDenied(NOTHING_CHANGES)
        operator = customer.operator
        # No right of a member reaches into these pages, whoever the person is elsewhere.
        request.membership, request.operator = None, operator  # type: ignore[attr-defined]  # set by the middleware
        zone = getattr(request.user, "time_zone", "") or operator.time_zone
        known = zone if zone in zone_names() else "UTC"
        with operator_scope(operator), limited_to(None), timezone.override(ZoneInfo(known)):
            return view(request, customer, *args, **kwargs)

    return login_required(never_cache(guarded))


def driver_page(view: CustomerView) -> CustomerView:
    """The same for pages of drivers alone; the view gets the customer with a driver."""

    @customer_page
    @wraps(view)
    def guarded(
        request: HttpRequest, customer: Customer, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if customer.driver is None:
            raise Http404
        return view(request, customer, customer.driver, *args, **kwargs)

    return guarded


def company_page(view: CustomerView) -> CustomerView:
    """The same for pages of who looks after a company."""

    @customer_page
    @wraps(view)
    def guarded(
        request: HttpRequest, customer: Customer, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if customer.company is None:
            raise Http404
        return view(request, customer, customer.company, *args, **kwargs)

    return guarded


def operator_ids_of(user: User) -> list[int]:
    """Keys of the operators of which a person is a customer (``ACCOUNT_OPERATORS``)."""
    rows = CustomerLogin.objects.filter(user=user, ended_at=None).order_by("operator_id")
    return list(rows.values_list("operator_id", flat=True).distinct())


def portals_of(user: User) -> list[Operator]:
    """The operators of which the person is a customer, by name."""
    with across_operators("a person may be a customer of several operators"):
        rows = CustomerLogin.objects.filter(
            user=user, ended_at=None, operator__is_active=True
        ).select_related("operator")
        found = {one.operator_id: one.operator for one in rows}
    return sorted(found.values(), key=lambda operator: operator.name)
