"""The operator's side: who logs in as a driver or for a company, and looking as they do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.audit.services import record
from core.errors import RuleViolation
from core.forms import attempt, posted
from customers.companies.models import Company
from customers.companies.selectors import companies
from customers.drivers.models import Driver
from customers.drivers.selectors import drivers
from customers.selfservice.customer import SEEN_AS
from customers.selfservice.forms import EmailForm
from customers.selfservice.invitations import invite_customer, withdraw_invitation
from customers.selfservice.logins import end_login
from customers.selfservice.models import CustomerInvitation, CustomerLogin

Subject = Driver | Company


def _page(request: HttpRequest, subject: Subject, back: str, here: str) -> HttpResponse:
    is_driver = isinstance(subject, Driver)
    own: Any = {"driver": subject} if is_driver else {"company": subject}
    may_edit = has_permission(request, Permission.DRIVER_EDIT)
    email = getattr(subject, "email", "") or getattr(subject, "contact_email", "")
    form = EmailForm(posted(request), initial={"email": email})
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("Your role may not do this."))
        if _changed(request, own) or (form.is_valid() and _invited(request, subject, form)):
            return redirect(here)
    context = {
        "subject": subject,
        "is_driver": is_driver,
        "form": form,
        "back": back,
        "may_edit": may_edit,
        "may_see": has_permission(request, Permission.CUSTOMER_SEE),
        "logins": CustomerLogin.objects.filter(**own, ended_at=None).select_related("user"),
        "waiting": CustomerInvitation.objects.filter(
            **own, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        ),
        "see_url": reverse(
            "see_as_driver" if is_driver else "see_as_company", args=[subject.public_id]
        ),
    }
    return render(request, "customers/selfservice/access.html", context)


def _changed(request: HttpRequest, own: dict[str, Any]) -> bool:
    """End a log-in or withdraw an invitation, where the form asks for that."""
    ended, withdrawn = request.POST.get("end", ""), request.POST.get("withdraw", "")
    try:
        if ended.isdecimal():
            end_login(login=get_object_or_404(CustomerLogin, pk=ended[:18], **own))
            messages.success(request, _("The log-in has ended."))
        elif withdrawn.isdecimal():
            row = get_object_or_404(CustomerInvitation, pk=withdrawn[:18], **own)
            withdraw_invitation(invitation=row)
            messages.success(request, _("The invitation has been withdrawn."))
        else:
            return False
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    return True


def _invited(request: HttpRequest, subject: Subject, form: EmailForm) -> bool:
    email = form.cleaned_data["email"]
    if attempt(form, lambda: invite_customer(subject=subject, email=email)) is None:
        return False
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": email})
    return True


@permission_required(Permission.DRIVER_VIEW)
@require_http_methods(["GET", "POST"])
def driver_access(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who logs in as a driver; POST invites, withdraws, ends."""
    driver = get_object_or_404(drivers(), public_id=public_id)
    here = reverse("driver_access", args=[public_id])
    return _page(request, driver, reverse("driver_detail", args=[public_id]), here)


@permission_required(Permission.DRIVER_VIEW)
@require_http_methods(["GET", "POST"])
def company_access(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who looks after a company; POST invites, withdraws, ends."""
    company = get_object_or_404(companies(), public_id=public_id)
    here = reverse("company_access", args=[public_id])
    return _page(request, company, reverse("company_detail", args=[public_id]), here)


def _see(request: HttpRequest, subject: Subject) -> HttpResponse:
    operator = operator_of(request)
    key = "driver" if isinstance(subject, Driver) else "company"
    request.session[SEEN_AS] = {"operator": operator.pk, key: subject.pk}
    record("customer.see_as", subject, operator_id=operator.pk)
    return redirect("my_home", operator.slug)


@permission_required(Permission.CUSTOMER_SEE)
@require_POST
def see_as_driver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look at the portal as a driver does; read only, and in the audit trail."""
    return _see(request, get_object_or_404(drivers(), public_id=public_id))


@permission_required(Permission.CUSTOMER_SEE)
@require_POST
def see_as_company(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as who looks after a company."""
    return _see(request, get_object_or_404(companies(), public_id=public_id))


@login_required
@require_POST
def stop_seeing_as(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    seen = request.session.pop(SEEN_AS, None) or {}
    driver = Driver.objects.filter(pk=seen.get("driver")).first() if _is_member(request) else None
    if driver is not None:
        return redirect("driver_detail", public_id=driver.public_id)
    return redirect("home")


def _is_member(request: HttpRequest) -> bool:
    return getattr(request, "membership", None) is not None
