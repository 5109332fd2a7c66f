"""Pages of logs: all of them, a station's, one; asking, downloading, deleting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.files import store
from core.files.serving import file_response
from core.forms import attempt, moment_widget, posted
from core.lists.views import list_view
from stations.firmware import logs as services
from stations.firmware.log_lists import LOGS, logs
from stations.firmware.log_models import OPEN_STATES, LogKind, StationLog
from stations.firmware.log_reading import View, view_of
from stations.firmware.words import why_word
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.ocpp.command_menu import unavailable

log_list = list_view(LOGS)


class LogForm(forms.Form):
    """Which log, of which time, and how long it is kept."""

    kind = forms.ChoiceField(label=gettext_lazy("Log"), choices=LogKind.choices)
    oldest_at = forms.DateTimeField(
        label=gettext_lazy("Oldest entry"), required=False, widget=moment_widget()
    )
    latest_at = forms.DateTimeField(
        label=gettext_lazy("Latest entry"), required=False, widget=moment_widget()
    )
    keep_days = forms.IntegerField(
        label=gettext_lazy("Days kept"), min_value=1, max_value=365, initial=30
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        help_text=gettext_lazy("Kept with your name in the audit trail."),
    )


def log_or_404(public_id: str) -> StationLog:
    """One log of the sites that the reader may see."""
    found: StationLog = get_object_or_404(logs(), public_id=public_id)
    return found


@permission_required(Permission.LOG_FETCH)
@require_http_methods(["GET", "POST"])
def station_logs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The station's logs; POST asks for one."""
    station = find_station(public_id)
    form = LogForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: services.ask_for_log(station=station, **data))
        if made is not None:
            messages.success(request, _("The station has been asked for the log."))
            return redirect("log_detail", public_id=made.public_id)
    context = station_context(request, station, "logs") | {
        "form": form,
        "page": page_of(request, logs().filter(station=station)),
        "unavailable": unavailable(station),
    }
    return render(request, "stations/firmware/station_logs.html", context)


@permission_required(Permission.LOG_FETCH)
@require_safe
def log_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One log: what became of it, and what is in it."""
    log = log_or_404(public_id)
    context: dict[str, Any] = {
        "log": log,
        "why": why_word(log.why),
        "has_file": bool(log.path),
        "view": _view(log),
        "is_open": log.state in OPEN_STATES,
    }
    return render(request, "stations/firmware/log_detail.html", context)


def _view(log: StationLog) -> View | None:
    file = store.opened(log.path) if log.path else None
    if file is None:
        return None
    with file:
        return view_of(file)


@permission_required(Permission.LOG_FETCH)
@require_safe
def log_content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file itself; that it was taken is in the audit trail."""
    log = log_or_404(public_id)
    return content_of(log)


def content_of(log: StationLog) -> HttpResponse:
    """The file as a download; Http404 where there is none."""
    if not log.path:
        raise Http404(_("The file is no longer there."))
    response = file_response(
        log.path, content_type="application/octet-stream", name=log.name, inline=False
    )
    services.note_download(log)
    return response


@permission_required(Permission.LOG_FETCH)
@require_http_methods(["GET", "POST"])
def log_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete the file before its time."""
    log = log_or_404(public_id)
    question = Question(
        title=_("Delete %(file)s") % {"file": log.name or log},
        consequence=_("The file is gone for good. That it was there stays on record."),
        verb=_("Delete"),
        done=_("The file has been deleted."),
    )
    return confirm(
        request,
        question,
        lambda reason: services.delete_log(log=log, reason=reason),
        back_url=reverse("log_detail", args=[public_id]),
    )
