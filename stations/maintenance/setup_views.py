"""Pages that set up maintenance: partners, calendars, agreements, checklists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempted, posted
from core.stale import StaleCheck
from stations.maintenance import checklists, selectors, setup_services
from stations.maintenance.partner_models import Partner, ServiceAgreement, WorkCalendar
from stations.maintenance.setup_forms import (
    AgreementForm,
    CalendarForm,
    ChecklistForm,
    PartnerForm,
)
from stations.maintenance.work_models import Checklist


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of thing that is set up: its table, form, service and words."""

    model: Any
    form: type[forms.ModelForm[Any]]
    save: Callable[..., object]
    name: str
    new: str | Promise


_PARTNER = _Kind(
    Partner, PartnerForm, setup_services.save_partner, "partner", gettext_lazy("New partner")
)
_CALENDAR = _Kind(
    WorkCalendar, CalendarForm, setup_services.save_calendar, "calendar",
    gettext_lazy("New work calendar"),
)  # fmt: skip
_AGREEMENT = _Kind(
    ServiceAgreement, AgreementForm, setup_services.save_agreement, "agreement",
    gettext_lazy("New service agreement"),
)  # fmt: skip
_CHECKLIST = _Kind(
    Checklist, ChecklistForm, checklists.save_checklist, "checklist",
    gettext_lazy("New checklist"),
)  # fmt: skip


@permission_required(Permission.AGREEMENT_EDIT)
@require_safe
def service_setup(request: HttpRequest) -> HttpResponse:
    """Everything that is set up, each with a link to its form."""
    context = {
        "partners": selectors.partners(),
        "agreements": selectors.agreements(),
        "calendars": selectors.calendars(),
        "checklists": selectors.all_checklists(),
    }
    return render(request, "stations/maintenance/setup.html", context)


def _page(request: HttpRequest, kind: _Kind, public_id: str = "") -> HttpResponse:
    rows = kind.model.objects.all()
    row = get_object_or_404(rows, public_id=public_id) if public_id else None
    again = get_object_or_404(rows, public_id=public_id) if public_id else None
    form = kind.form(posted(request), instance=again)
    check = StaleCheck(request, form, [row] if row else [])
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data if row is None else check.changes()
        if found is not None:
            values = {"operator": operator_of(request), kind.name: row, **found}
            if attempted(form, lambda: kind.save(**values)):
                messages.success(request, _("Saved."))
                return redirect("service_setup")
    context = {"form": form, "row": row, "title": str(row) if row else kind.new} | check.context()
    return render(request, "stations/maintenance/setup_form.html", context)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def partner_create(request: HttpRequest) -> HttpResponse:
    """A new partner."""
    return _page(request, _PARTNER)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def partner_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a partner."""
    return _page(request, _PARTNER, public_id)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def work_calendar_create(request: HttpRequest) -> HttpResponse:
    """A new calendar."""
    return _page(request, _CALENDAR)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def work_calendar_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a calendar."""
    return _page(request, _CALENDAR, public_id)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def agreement_create(request: HttpRequest) -> HttpResponse:
    """A new agreement."""
    return _page(request, _AGREEMENT)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def agreement_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an agreement."""
    return _page(request, _AGREEMENT, public_id)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def checklist_create(request: HttpRequest) -> HttpResponse:
    """A new checklist."""
    return _page(request, _CHECKLIST)


@permission_required(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def checklist_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a checklist."""
    return _page(request, _CHECKLIST, public_id)
