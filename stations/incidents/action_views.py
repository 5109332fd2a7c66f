"""What people do with an incident; each a page that works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.decorators import permission_required
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import attempted, posted
from stations.incidents import services
from stations.incidents.forms import (
    AssignForm,
    LinkForm,
    MergeForm,
    NoteForm,
    ResolveForm,
    SnoozeForm,
)
from stations.incidents.models import Incident
from stations.incidents.views import incident_or_404
from stations.incidents.words import title_of


@permission_required(Permission.INCIDENT_WORK)
@require_POST
def incident_acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody has seen it."""
    by = request.user if isinstance(request.user, User) else None
    return _told(request, public_id, lambda one: services.acknowledge(incident=one, by=by))


@permission_required(Permission.INCIDENT_WORK)
@require_POST
def incident_wake(request: HttpRequest, public_id: str) -> HttpResponse:
    """It rests no more."""
    return _told(request, public_id, lambda one: services.wake(incident=one))


@permission_required(Permission.INCIDENT_WORK)
@require_POST
def incident_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a line into the timeline."""
    form = NoteForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return _told(request, public_id, lambda one: services.note(incident=one, text=text))


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_assign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give it to somebody."""
    incident = incident_or_404(public_id)
    return _asked(
        request,
        incident,
        AssignForm(posted(request), initial={"owner": incident.owner_id}),
        lambda values: services.assign(incident=incident, owner=values["owner"]),
        (_("Who has it"), _("Whoever has it is shown to all others."), _("Assign")),
    )


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_snooze(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let it rest until a time."""
    incident = incident_or_404(public_id)
    return _asked(
        request,
        incident,
        SnoozeForm(posted(request)),
        lambda values: services.snooze(incident=incident, **values),
        (_("Snooze"), _("It stays open, but below all others until then."), _("Snooze")),
    )


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_resolve(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is over."""
    incident = incident_or_404(public_id)
    return _asked(
        request,
        incident,
        ResolveForm(posted(request)),
        lambda values: services.resolve(incident=incident, **values),
        (
            _("Resolve"),
            _("If the rule still finds the trouble, it opens again by itself."),
            _("Resolve"),
        ),
    )


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is the same as another."""
    incident = incident_or_404(public_id)
    return _asked(
        request,
        incident,
        MergeForm(posted(request), incident=incident),
        lambda values: services.merge(
            incident=incident, into=values["other"], reason=values["reason"]
        ),
        (
            _("Merge"),
            _("This incident ends; the other one goes on with its beginning. No undo."),
            _("Merge"),
        ),
    )


@permission_required(Permission.INCIDENT_WORK)
@require_http_methods(["GET", "POST"])
def incident_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is part of another."""
    incident = incident_or_404(public_id)
    return _asked(
        request,
        incident,
        LinkForm(posted(request), incident=incident),
        lambda values: services.link(incident=incident, parent=values["other"]),
        (
            _("Make it part of another"),
            _("It ends with the other one where both are of the same kind."),
            _("Save"),
        ),
    )


def _told(request: HttpRequest, public_id: str, call: Callable[[Incident], object]) -> HttpResponse:
    try:
        call(incident_or_404(public_id))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    return redirect("incident_detail", public_id=public_id)


def _asked(
    request: HttpRequest,
    incident: Incident,
    form: forms.Form,
    call: Callable[[dict[str, Any]], object],
    words: tuple[str, str, str],
) -> HttpResponse:
    """Ask with a form; do it when it was sent and is right."""
    if (
        request.method == "POST"
        and form.is_valid()
        and attempted(form, lambda: call(form.cleaned_data))
    ):
        messages.success(request, _("Done."))
        return redirect("incident_detail", public_id=incident.public_id)
    title, consequence, verb = words
    context = {
        "title": f"{title} – {title_of(incident)}",
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": reverse("incident_detail", args=[incident.public_id]),
    }
    return render(request, "confirm.html", context)
