"""The page of one session, its live fragment and curve, and closing it by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from stations.sessions.chart import chart
from stations.sessions.closing import close_session
from stations.sessions.curve import curve
from stations.sessions.models import SessionFact
from stations.sessions.page import find_session, live_context, page_context
from stations.sessions.panels import panels


@permission_required(Permission.SESSION_VIEW)
@require_safe
def session_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Energy, times, curve, findings in words, and what may be done."""
    session = find_session(public_id)
    context = page_context(request, session) | {
        "points": curve(session),
        "panels": panels(request, session),
    }
    return render(request, "stations/sessions/session_detail.html", context)


@permission_required(Permission.SESSION_VIEW)
@require_safe
def session_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures, fetched again when something changed."""
    context = live_context(request, find_session(public_id))
    return render(request, "stations/sessions/_session_live.html", context)


@permission_required(Permission.SESSION_VIEW)
@require_safe
def session_curve(request: HttpRequest, public_id: str) -> JsonResponse:
    """Series for the chart, in the zone of the site."""
    session = find_session(public_id)
    return JsonResponse(chart(curve(session), zone=session.station.site.time_zone))


@permission_required(Permission.JOURNAL_VIEW)
@require_safe
def session_facts(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the station told about the session, message by message, with our answers."""
    session = find_session(public_id)
    facts = SessionFact.objects.filter(session=session).order_by("received_at", "id")[:500]
    context = live_context(request, session) | {"facts": facts}
    return render(request, "stations/sessions/session_facts.html", context)


@permission_required(Permission.SESSION_CLOSE)
@require_http_methods(["GET", "POST"])
def session_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a session whose end will not come, with a reason."""
    session = find_session(public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        closed = attempt(form, lambda: close_session(session=session, reason=reason))
        if closed is not None:
            messages.success(request, _("The session has been closed."))
            return redirect("session_detail", public_id=public_id)
    context = {
        "title": _("Close session %(session)s by hand") % {"session": session},
        "consequence": _(
            "The session ends with the last reading that arrived and is held for review. "
            "The station is not told: it may still be charging. Stop it there first if it is."
        ),
        "verb": _("Close the session"),
        "form": form,
        "cancel_url": reverse("session_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
