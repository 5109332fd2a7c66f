"""Pages of stated causes and of the conventions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, attempted, posted
from core.lists.views import list_view
from stations.sites.selectors import sites
from stations.uptime import selectors, services
from stations.uptime.forms import CauseForm, ConventionsForm
from stations.uptime.lists import CAUSES
from stations.uptime.models import CauseStatement, UptimeSetting

cause_list = list_view(CAUSES)


def _cause(public_id: str) -> CauseStatement:
    found: CauseStatement = get_object_or_404(selectors.causes(), public_id=public_id)
    return found


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def cause_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One statement, its documents and its history."""
    cause = _cause(public_id)
    context = {
        "cause": cause,
        "can_approve": has_permission(request, Permission.UPTIME_APPROVE)
        and cause.state == "proposed",
        "can_withdraw": has_permission(request, Permission.UPTIME_EDIT)
        and cause.state != "withdrawn",
    }
    return render(request, "stations/uptime/cause_detail.html", context)


@permission_required(Permission.UPTIME_EDIT)
@require_http_methods(["GET", "POST"])
def cause_create(request: HttpRequest) -> HttpResponse:
    """State why a place was, or will be, out of service."""
    site = sites().filter(public_id=request.GET.get("site", "")).first()
    form = CauseForm(posted(request), initial={"site": site.pk if site else None})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(form, lambda: services.state_cause(**values))
        if made is not None:
            messages.success(request, _("The cause has been stated; it counts once approved."))
            return redirect("cause_detail", public_id=made.public_id)
    return render(request, "stations/uptime/cause_form.html", {"form": form})


@permission_required(Permission.UPTIME_APPROVE)
@require_POST
def cause_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let it count."""
    try:
        services.approve_cause(statement=_cause(public_id))
        messages.success(request, _("Approved. The figures follow within some minutes."))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    return redirect("cause_detail", public_id=public_id)


@permission_required(Permission.UPTIME_EDIT)
@require_http_methods(["GET", "POST"])
def cause_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take it back, with a reason."""
    cause = _cause(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: services.withdraw_cause(statement=cause, reason=reason)):
            messages.success(request, _("The cause has been withdrawn."))
            return redirect("cause_detail", public_id=public_id)
    context = {
        "title": _("Withdraw %(name)s") % {"name": cause.get_cause_display()},
        "consequence": _("It counts no more; the row stays, with your reason."),
        "verb": _("Withdraw"),
        "form": form,
        "cancel_url": reverse("cause_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.UPTIME_APPROVE)
@require_http_methods(["GET", "POST"])
def uptime_conventions(request: HttpRequest) -> HttpResponse:
    """How outages are counted: by the operator, or by the site that the address names."""
    operator = operator_of(request)
    site = sites().filter(public_id=request.GET.get("site", "")).first()
    setting = UptimeSetting.objects.filter(site=site).first()
    if setting is None and site is not None:
        setting = UptimeSetting.objects.filter(site=None).first()
    form = ConventionsForm(posted(request), instance=setting)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(
            form, lambda: services.set_conventions(operator=operator, site=site, **values)
        ):
            messages.success(request, _("Saved. All days are made anew with these conventions."))
            return redirect("uptime_report")
    context = {"form": form, "site": site, "sites": sites().order_by("name")}
    return render(request, "stations/uptime/conventions.html", context)
