"""Pages of preventive plans: list, form, one plan, and a month of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.forms import attempt, day_widget, posted
from core.lists.views import list_view
from core.months import first_day, last_day, month_before, month_of, next_month
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from stations.maintenance import planning
from stations.maintenance.models import WorkOrder
from stations.maintenance.partner_models import Partner
from stations.maintenance.plan_lists import PLANS, plans
from stations.maintenance.plan_models import MaintenancePlan, PlanVisit
from stations.maintenance.selectors import orders
from stations.maintenance.work_models import Checklist
from stations.sites.selectors import sites

plan_list = list_view(PLANS)


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Make or change a plan."""

    site: Any = forms.ModelChoiceField(
        label=gettext_lazy("Site"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("All sites"),
    )
    hardware_model: Any = forms.ModelChoiceField(
        label=gettext_lazy("Station model"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("All models"),
    )
    partner: Any = forms.ModelChoiceField(
        label=gettext_lazy("Partner"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("As the service agreement says"),
    )
    checklist: Any = forms.ModelChoiceField(
        label=gettext_lazy("Checklist"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("As for the station model and kind of work"),
    )

    class Meta:
        model = MaintenancePlan
        fields = (
            "name", "kind", "priority", "site", "hardware_model", "every_months", "every_kwh",
            "every_cycles", "starts_on", "lead_days", "group_km", "partner", "checklist",
            "is_active",
        )  # fmt: skip
        widgets = {"starts_on": day_widget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site"].queryset = sites()
        fields["hardware_model"].queryset = HardwareModel.objects.order_by("vendor", "model", "id")
        fields["partner"].queryset = Partner.objects.filter(
            is_technician=True, is_active=True
        ).order_by("name", "id")
        fields["checklist"].queryset = Checklist.objects.order_by("name", "id")

    def _post_clean(self) -> None:
        """Leave the row to the service."""


@dataclass(slots=True)
class Day:
    """What falls on a day: orders that stand, and turns that have none yet."""

    on: date
    orders: list[WorkOrder] = field(default_factory=list)
    coming: list[tuple[MaintenancePlan, Station]] = field(default_factory=list)


def plan_or_404(ref: str) -> MaintenancePlan:
    """One plan by its public id."""
    plan: MaintenancePlan = get_object_or_404(plans(), public_id=ref)
    return plan


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def plan_create(request: HttpRequest) -> HttpResponse:
    """A new plan."""
    return _form(request, None)


@permission_required(Permission.ORDER_EDIT)
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a plan; orders that were made stay as they are."""
    return _form(request, plan_or_404(public_id))


def _form(request: HttpRequest, plan: MaintenancePlan | None) -> HttpResponse:
    form = PlanForm(posted(request), instance=plan_or_404(plan.public_id) if plan else None)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: planning.save_plan(
                operator=operator_of(request), plan=plan, **form.cleaned_data
            ),
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("plan_detail", public_id=saved.public_id)
    return render(request, "stations/maintenance/plan_form.html", {"form": form, "plan": plan})


@permission_required(Permission.ORDER_VIEW)
@require_safe
def plan_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A plan, what came of it, and what comes in the next twelve months."""
    plan = plan_or_404(public_id)
    today = planning.today_of(plan)
    coming = planning.upcoming([plan], date(2000, 1, 1), today + timedelta(days=365))
    visits = PlanVisit.objects.filter(plan=plan).select_related("station__site", "order")
    context = {
        "plan": plan,
        "coming": coming[:100],
        "visits": visits[:100],
        "stations": planning.stations_of(plan).count(),
    }
    return render(request, "stations/maintenance/plan_detail.html", context)


@permission_required(Permission.ORDER_VIEW)
@require_safe
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """A month: planned orders and turns of plans, day by day."""
    today = timezone.localdate()
    first, last = month_span(month_of(request.GET.get("month", "")))
    context = {
        "month": first,
        "days": month_days(first, last),
        "before": month_before(first),
        "after": next_month(first),
        "today": today,
    }
    return render(request, "stations/maintenance/plan_calendar.html", context)


def month_span(first: date | None) -> tuple[date, date]:
    """The first and last day of a month; None: the one that runs."""
    begin = first or first_day(timezone.localdate())
    return begin, last_day(begin)


def month_days(first: date, last: date) -> list[Day]:
    """Days of a month on which something falls, in their order."""
    found: dict[date, Day] = {}

    def day(on: date) -> Day:
        return found.setdefault(on, Day(on))

    begin = timezone.make_aware(datetime.combine(first, time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    for order in orders().filter(scheduled_at__gte=begin, scheduled_at__lt=end):
        at = order.scheduled_at
        if at is not None:
            day(timezone.localtime(at).date()).orders.append(order)
    due = PlanVisit.objects.filter(
        due_on__gte=first, due_on__lte=last, order__scheduled_at=None
    ).select_related("order__site")
    for visit in due.order_by("due_on", "id"):
        if visit.order not in day(visit.due_on).orders:
            day(visit.due_on).orders.append(visit.order)
    for plan, station, on in planning.upcoming(plans(), first, last):
        day(on).coming.append((plan, station))
    return [found[on] for on in sorted(found)]
