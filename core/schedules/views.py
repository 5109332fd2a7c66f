"""Pages of schedules: the list, one with its log, and its forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.models import Membership
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, posted
from core.lists.paging import page_number
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.schedules import services
from core.schedules.filters import ScheduleFilter
from core.schedules.forms import ScheduleForm
from core.schedules.models import Delivery, Schedule
from core.schedules.rights import may_receive
from core.schedules.source import FileItem, FileSource, find, sources
from core.schedules.tables import ScheduleTable, item_title

PER_PAGE = 50


def schedules() -> QuerySet[Schedule]:
    """All schedules of the operator in scope with their owners."""
    rows: QuerySet[Schedule] = Schedule.objects.select_related("owner__user", "operator")
    return rows.order_by("name", "id")


SCHEDULES = ListSpec(
    name="schedules",
    title=gettext_lazy("Schedules"),
    permission=Permission.SCHEDULE_MANAGE,
    queryset=lambda _request: schedules(),
    filterset=ScheduleFilter,
    table=ScheduleTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("state"),
        CsvColumn("source"),
        CsvColumn("item"),
        CsvColumn("query", label=gettext_lazy("Filters")),
        CsvColumn("extension"),
        CsvColumn("frequency"),
        CsvColumn("hour"),
        CsvColumn("time_zone"),
        CsvColumn("next_due_at"),
        CsvColumn("owner", "owner.user.email"),
    ),
    empty=EmptyText(
        gettext_lazy("No schedule yet"),
        gettext_lazy("Open a list, set its filters, and choose “Send on a schedule”."),
        "schedule_create",
        gettext_lazy("New schedule"),
    ),
    search_hint=gettext_lazy("Name or owner"),
    actions=(ListAction(gettext_lazy("New schedule"), "schedule_create"),),
)
schedule_list = list_view(SCHEDULES)


def _membership(request: HttpRequest) -> Membership:
    """Of a member; pages of others check before."""
    membership: Membership = request.membership  # type: ignore[attr-defined]  # set by the middleware
    return membership


def _schedule(public_id: str) -> Schedule:
    return get_object_or_404(schedules(), public_id=public_id)


def _wanted(request: HttpRequest, kind: str, name: str) -> tuple[FileSource, FileItem]:
    found = find(kind, name)
    if found is None:
        raise Http404(_("There is no such list or report."))
    if not has_permission(request, found[1].permission):
        raise PermissionDenied(_("Your role may not do this."))
    return found


@permission_required(Permission.SCHEDULE_MANAGE)
@require_http_methods(["GET", "POST"])
def schedule_create(request: HttpRequest) -> HttpResponse:
    """Send what ``source``, ``item`` and ``query`` in the address name."""
    kind, name = request.GET.get("source", "list"), request.GET.get("item", "")
    if not name:
        return _choose(request)
    source, item = _wanted(request, kind, name)
    query, lost = source.sound(request, name, request.GET.get("query", ""))
    owner = _membership(request)
    form = ScheduleForm(posted(request), owner=owner, item=item, initial={"name": str(item.title)})
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "source": kind, "item": name, "query": query}
        made = attempt(form, lambda: services.create_schedule(request=request, **values))
        if made is not None:
            messages.success(request, _("The schedule has been created."))
            return redirect("schedule_detail", public_id=made.public_id)
    context = {
        "form": form,
        "schedule": None,
        "item": item,
        "filters": _filters(request, source, item, query),
        "lost": lost,
    }
    return render(request, "core/schedules/schedule_form.html", context)


def _choose(request: HttpRequest) -> HttpResponse:
    """Everything that the person may have sent, with the page where filters are set."""
    offered = [
        (source.kind, item, source.address(name))
        for source in sources().values()
        for name, item in source.items().items()
        if has_permission(request, item.permission)
    ]
    offered.sort(key=lambda one: str(one[1].title))
    return render(request, "core/schedules/schedule_choose.html", {"offered": offered})


def _filters(request: HttpRequest, source: FileSource, item: FileItem, query: str) -> list[str]:
    """The filters in words, as the reader would see them."""
    kept = request.GET
    request.GET = QueryDict(query)
    try:
        return source.describe(request, item.name)
    finally:
        request.GET = kept


@permission_required(Permission.SCHEDULE_MANAGE)
@require_http_methods(["GET", "POST"])
def schedule_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change when, how and to whom; the filter is chosen in the list."""
    schedule = _schedule(public_id)
    owner = _membership(request)
    if schedule.owner_id != owner.pk:
        raise PermissionDenied(_("Only its owner may change this schedule."))
    source, item = _wanted(request, schedule.source, schedule.item)
    form = ScheduleForm(posted(request), instance=_schedule(public_id), owner=owner, item=item)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: services.change_schedule(
                request=request, schedule=schedule, **form.cleaned_data
            ),
        )
        if changed is not None:
            messages.success(request, _("The schedule has been changed."))
            return redirect("schedule_detail", public_id=public_id)
    context = {
        "form": form,
        "schedule": schedule,
        "item": item,
        "filters": _filters(request, source, item, schedule.query),
    }
    return render(request, "core/schedules/schedule_form.html", context)


@permission_required(Permission.SCHEDULE_MANAGE)
@require_http_methods(["GET", "POST"])
def schedule_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One schedule with its log; POST pauses, resumes or runs it now (``do``)."""
    schedule = _schedule(public_id)
    if request.method == "POST":
        _act(request, schedule, request.POST.get("do", ""))
        return redirect("schedule_detail", public_id=public_id)
    found = find(schedule.source, schedule.item)
    may_see = found is not None and has_permission(request, found[1].permission)
    own = schedule.owner_id == _membership(request).pk
    pages = Paginator(schedule.deliveries.defer("content").order_by("-due_at", "-id"), PER_PAGE)
    context: dict[str, Any] = {
        "schedule": schedule,
        "item_title": item_title(schedule),
        "filters": _filters(request, *found, schedule.query) if found and may_see else [],
        "list_url": f"{found[0].address(schedule.item)}?{schedule.query}"
        if found and may_see
        else "",
        "recipients": schedule.recipients.select_related("membership__user").order_by("id"),
        "page": pages.page(page_number(request.GET.get("page"), pages.num_pages)),
        "is_own": own,
        "may_manage": own or has_permission(request, Permission.PEOPLE_MANAGE),
    }
    return render(request, "core/schedules/schedule_detail.html", context)


def _act(request: HttpRequest, schedule: Schedule, wanted: str) -> None:
    try:
        if wanted == "pause":
            services.pause_schedule(request=request, schedule=schedule)
            messages.success(request, _("The schedule is paused."))
        elif wanted == "resume":
            services.resume_schedule(request=request, schedule=schedule)
            messages.success(request, _("The schedule runs again."))
        elif wanted == "run":
            services.run_now(request=request, schedule=schedule)
            messages.success(
                request, _("It is sent within a minute; the log below says how it went.")
            )
        else:
            messages.error(request, _("Nothing was done: the page is out of date."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))


@permission_required(Permission.SCHEDULE_MANAGE)
@require_http_methods(["GET", "POST"])
def schedule_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete a schedule, with a reason."""
    schedule = _schedule(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def delete() -> bool:
            services.delete_schedule(request=request, schedule=schedule, reason=reason)
            return True

        if attempt(form, delete) is not None:
            messages.success(request, _("The schedule has been deleted."))
            return redirect("schedule_list")
    context = {
        "title": _("Delete %(schedule)s") % {"schedule": schedule},
        "consequence": _("Nothing is sent any more; the log of what was sent goes too."),
        "verb": _("Delete"),
        "form": form,
        "cancel_url": reverse("schedule_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@login_required
@require_safe
def delivery_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file too large for an e-mail, for its recipients and its owner."""
    if getattr(request, "membership", None) is None:
        raise Http404
    deliveries = Delivery.objects.select_related("schedule__owner__user")
    delivery = get_object_or_404(deliveries, public_id=public_id)
    schedule, reader = delivery.schedule, _membership(request)
    found = find(schedule.source, schedule.item)
    named = schedule.recipients.filter(membership=reader).exists()
    own = schedule.owner_id == reader.pk
    if found is None or not (named or own) or delivery.content is None:
        raise Http404(_("There is no such file (any more)."))
    if not may_receive(reader, found[1].permission, schedule.owner):
        raise PermissionDenied(_("Your role may not do this."))
    response = HttpResponse(bytes(delivery.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{delivery.file_name}"'
    response["Cache-Control"] = "no-store"
    return response
