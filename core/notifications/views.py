"""One's own notifications, one's choices, and the choices of roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.decorators import permission_required
from core.accounts.models import Membership, User
from core.accounts.permissions import Permission, Role
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.views import list_view
from core.notifications import choices, reading
from core.notifications.filters import NotificationFilter
from core.notifications.forms import TimesForm
from core.notifications.mailing import in_words, zone_of
from core.notifications.models import Notification
from core.notifications.tables import NotificationTable
from core.notifications.ways import ways


def membership_of(request: HttpRequest) -> Membership:
    """The membership of the person."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        raise PermissionDenied(_("Your role may not do this."))
    return membership


def _own(request: HttpRequest) -> QuerySet[Notification]:
    member = membership_of(request)
    user = request.user
    return reading.own(member.operator, user) if isinstance(user, User) else _none()


def _none() -> QuerySet[Notification]:
    rows: QuerySet[Notification] = Notification.objects.none()
    return rows


NOTIFICATIONS = ListSpec(
    name="notifications",
    title=gettext_lazy("Notifications"),
    permission=Permission.NETWORK_VIEW,
    queryset=_own,
    filterset=NotificationFilter,
    table=NotificationTable,
    csv=(
        CsvColumn("happened_at"),
        CsvColumn("event"),
        CsvColumn("text", lambda row: in_words(row)[1]),
        CsvColumn("read_at"),
    ),
    empty=EmptyText(
        gettext_lazy("No notification yet"),
        gettext_lazy("You are told here what you chose to hear of."),
        "notification_choices",
        gettext_lazy("Choose"),
    ),
    search_hint=gettext_lazy("Name of a station or card"),
    template="core/notifications/notification_list.html",
)
notification_list = list_view(NOTIFICATIONS)


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "POST"])
def notification_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notification; POST marks it read and goes to what it is about."""
    rows = _own(request).filter(pk=pk)
    notification = get_object_or_404(rows)
    if request.method == "POST":
        reading.mark_read(rows)
        return redirect(notification.url or "notification_list")
    title, text = in_words(notification)
    context = {"notification": notification, "title": title, "text": text}
    return render(request, "core/notifications/notification_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    count = reading.mark_read(_own(request))
    messages.success(request, _("Marked as read: %(count)d") % {"count": count})
    return redirect("notification_list")


@permission_required(Permission.NETWORK_VIEW)
@require_http_methods(["GET", "POST"])
def notification_choices(request: HttpRequest) -> HttpResponse:
    """What one hears of, by which way, and when."""
    member = membership_of(request)
    times = choices.settings_of(member.operator, member.user)
    initial = {name: getattr(times, name) for name in TimesForm.base_fields}
    form = TimesForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = None if "reset" in request.POST else _wanted(request)
        secret = attempt(
            form, lambda: choices.choose(membership=member, wanted=wanted, **form.times())
        )
        if secret is not None:
            messages.success(request, _("Saved."))
            if secret:
                messages.warning(
                    request,
                    _("The webhook is signed with this secret, shown this once: %(secret)s")
                    % {"secret": secret},
                )
            return redirect("notification_choices")
    context = {
        "form": form,
        "rows": choices.rows_of(member),
        "ways": ways().values(),
        "zone": zone_of(member).key,
    }
    return render(request, "core/notifications/notification_choices.html", context)


def _wanted(request: HttpRequest) -> set[tuple[str, str]]:
    """The ticked boxes; each is named ``event:way``."""
    pairs = (name.partition(":") for name in request.POST.getlist("wanted"))
    return {(event, way) for event, _colon, way in pairs}


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def notification_roles(request: HttpRequest) -> HttpResponse:
    """What a role hears of unless its members choose, and after how long."""
    member = membership_of(request)
    role = request.GET.get("role", "")
    role = role if role in Role.values else Role.CONTROL_ROOM.value
    problem = ""
    if request.method == "POST":
        problem = _choose_for_role(request, member, role)
        if not problem:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?role={role}")
    context: dict[str, Any] = {
        "role": role,
        "roles": Role.choices,
        "rows": choices.rows_of_role(member.operator, role),
        "ways": [way for way in ways().values() if not way.is_own],
        "delays": choices.delays_of(member.operator),
        "problem": problem,
    }
    return render(request, "core/notifications/notification_roles.html", context)


def _choose_for_role(request: HttpRequest, member: Membership, role: str) -> str:
    """What was wrong, in words; empty when it was stored."""
    delays = {}
    for name in choices.delays_of(member.operator):
        text = request.POST.get(f"delay:{name}", "")
        if text:
            delays[name] = int(text) if text.isdecimal() and len(text) < 9 else 0
    try:
        choices.choose_for_role(
            operator=member.operator, role=role, wanted=_wanted(request), delays=delays
        )
    except RuleViolation as refusal:
        return str(refusal.message)
    return ""
