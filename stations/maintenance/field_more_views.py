"""On site: asking the station for something, photos, the calendar."""

from __future__ import annotations

from contextlib import ExitStack

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import enter_membership
from core.accounts.permissions import Permission
from core.attachments.models import AttachmentKind
from core.errors import RuleViolation
from core.files.serving import file_response
from core.forms import attempted, posted
from stations.maintenance import feeds, field_commands, selectors
from stations.maintenance.field_forms import FieldActionForm
from stations.maintenance.field_views import is_trusted
from stations.maintenance.photos import photo_of


@permission_required(Permission.ORDER_WORK)
@require_http_methods(["GET", "POST"])
def field_action(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Confirm and send a safe command to the order's own station."""
    order = selectors.field_order_or_404(request, public_id)
    wanted = field_commands.ACTIONS.get(action)
    if wanted is None:
        raise Http404(_("There is no such action."))
    form = FieldActionForm(posted(request), order=order, action=wanted)
    if request.method == "POST" and form.is_valid():
        values = {"evse": None} | form.cleaned_data
        trusted = is_trusted(request)
        if attempted(
            form,
            lambda: field_commands.do_action(
                order=order, action=wanted, is_trusted=trusted, **values
            ),
        ):
            messages.success(request, _("The station has been asked. Its answer comes below."))
            return redirect("field_detail", public_id=public_id)
    running = field_commands.running_at(order) if order.station_id else []
    context = {
        "title": f"{_(wanted.title)}: {order.station or order}",
        "consequence": _(wanted.consequence),
        "verb": _(wanted.title),
        "form": form,
        "affected": [
            _("Session %(session)s at EVSE %(evse)s")
            % {"session": one.public_id, "evse": one.evse.number if one.evse else "–"}
            for one in running
        ],
        "cancel_url": reverse("field_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ORDER_WORK)
@require_safe
def field_file(request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """A photo or document of an order; ``?small=1``: the photo made small."""
    found = photo_of(selectors.field_order_or_404(request, public_id), file)
    if found is None:
        raise Http404
    if request.GET.get("small") == "1" and found.thumbnail_path:
        return file_response(
            found.thumbnail_path, content_type="image/jpeg", name=found.name, inline=True
        )
    is_photo = found.kind == AttachmentKind.PHOTO
    return file_response(
        found.path, content_type=found.content_type, name=found.name, inline=is_photo
    )


@permission_required(Permission.ORDER_WORK)
@require_http_methods(["GET", "POST"])
def field_calendar(request: HttpRequest) -> HttpResponse:
    """The reader's own calendar address: make a new one, or end it."""
    membership = selectors.membership_of(request)
    if membership is None:
        raise Http404
    url = ""
    if request.method == "POST":
        try:
            if "end" in request.POST:
                feeds.end_feed(membership=membership)
                messages.success(request, _("The address has ended."))
            else:
                url = feeds.make_feed(membership=membership)
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
    context = {"feed": feeds.feed_of(membership), "url": url}
    answer = render(request, "stations/maintenance/field_calendar.html", context)
    patch_cache_control(answer, no_store=True)
    return answer


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar for whoever has its address; 404 for a forged or ended one."""
    membership = feeds.member_behind(token)
    if membership is None:
        raise Http404
    with ExitStack() as stack:
        enter_membership(stack, membership)
        stack.enter_context(translation.override(membership.user.language or "en"))
        text = feeds.calendar_of(membership, timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="work-orders.ics"'
    patch_cache_control(answer, private=True, no_store=True)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
