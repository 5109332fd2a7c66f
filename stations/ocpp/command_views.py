"""Sending commands: to one station, to many, raw messages, and stopping a session."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import attempt, posted
from stations.commands.selectors import commands
from stations.hardware.models import Station
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import page_of
from stations.ocpp.command_forms import CommandForm, ManyForm, RawForm, StopForm
from stations.ocpp.command_menu import menu, unavailable
from stations.ocpp.outbound import COMMANDS, actions
from stations.ocpp.sending import Request, needed_permission, send, send_to_many
from stations.sessions.page import find_session


def _version(station: Station) -> str:
    link = getattr(station, "link", None)
    return link.ocpp_version if link else ""


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_commands(request: HttpRequest, public_id: str) -> HttpResponse:
    """What can be asked of the station now, and what was asked before."""
    station = find_station(public_id)
    context = station_context(request, station, "commands") | {
        "menu": menu(_version(station), lambda p: has_permission(request, p)),
        "unavailable": unavailable(station),
        "may_raw": has_permission(request, Permission.COMMAND_RAW),
        "page": page_of(request, commands().filter(station=station)),
    }
    return render(request, "stations/ocpp/station_commands.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_commands_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The latest commands of the station, fetched again when something changed."""
    station = find_station(public_id)
    context = {"station": station, "page": page_of(request, commands().filter(station=station))}
    return render(request, "stations/ocpp/_command_rows.html", context)


@permission_required(Permission.COMMAND_SEND)
@require_http_methods(["GET", "POST"])
def station_command(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """The form of one command; posting it sends the command and shows its result live."""
    station = find_station(public_id)
    version = _version(station)
    command = COMMANDS.get(name)
    if command is None or version not in command.versions:
        raise Http404(_("The station's OCPP version has no such command."))
    if not has_permission(request, needed_permission(Request(command=name))):
        raise PermissionDenied(_("Your role may not do this."))
    why_not = unavailable(station)
    form = CommandForm(
        posted(request),
        initial=request.GET.dict(),
        command=command,
        version=version,
        may_wait=bool(why_not),
    )
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: send(station, form.request()))
        if sent is not None:
            return redirect("command_detail", public_id=sent.public_id)
    context = station_context(request, station, "commands") | {
        "form": form,
        "title": _(command.title),
        "consequence": _(command.consequence) if command.consequence else "",
        "is_dangerous": command.is_dangerous,
        "unavailable": why_not,
    }
    return render(request, "stations/ocpp/station_command.html", context)


@permission_required(Permission.COMMAND_RAW)
@require_http_methods(["GET", "POST"])
def station_raw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Any OCPP message, checked against the schema of the station's version only."""
    station = find_station(public_id)
    form = RawForm(posted(request), actions=sorted(actions(_version(station))))
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: send(station, form.request()))
        if sent is not None:
            return redirect("command_detail", public_id=sent.public_id)
    context = station_context(request, station, "commands") | {
        "form": form,
        "title": _("Any OCPP message"),
        "consequence": _("The message goes to the station as it is; nothing protects it."),
        "is_dangerous": True,
        "unavailable": unavailable(station),
    }
    return render(request, "stations/ocpp/station_command.html", context)


@permission_required(Permission.COMMAND_SEND)
@require_http_methods(["GET", "POST"])
def session_stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the station to stop the session's transaction."""
    session = find_session(public_id)
    command = COMMANDS["remote_stop"]
    if not has_permission(request, needed_permission(Request(command=command.name))):
        raise PermissionDenied(_("Your role may not do this."))
    form = StopForm(posted(request))
    if request.method == "POST" and form.is_valid():
        wanted = Request(
            command=command.name,
            parameters={"transaction": session.ocpp_transaction_id},
            reason=form.cleaned_data["reason"],
        )
        sent = attempt(form, lambda: send(session.station, wanted))
        if sent is not None:
            return redirect("command_detail", public_id=sent.public_id)
    context = {
        "title": _("Stop session %(session)s") % {"session": session},
        "consequence": _(
            "The station is asked to end the session: the car stops charging and the driver "
            "may have to present the card again."
        ),
        "verb": _("Stop charging"),
        "form": form,
        "cancel_url": reverse("session_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.COMMAND_SEND)
@require_http_methods(["GET", "POST"])
def command_to_many(request: HttpRequest) -> HttpResponse:
    """One command to many stations: choose, confirm by sending, see each result."""
    form = ManyForm(
        posted(request),
        initial={"stations": request.GET.getlist("station")},
        permissions=lambda p: has_permission(request, p),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: send_to_many(form.cleaned_data["stations"], form.request()))
        if done is not None:
            _report(request, done.refusals)
            if done.commands:
                return redirect("command_batch", batch_id=done.id)
    return render(request, "stations/ocpp/command_to_many.html", {"form": form})


def _report(request: HttpRequest, refusals: list[tuple[Station, RuleViolation]]) -> None:
    for station, refusal in refusals[:20]:
        messages.error(request, f"{station}: {refusal.message}")
