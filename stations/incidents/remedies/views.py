"""Pages of remedies: what they saved, their runs, the switch, the playbooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.forms import attempted, posted
from core.lists.views import list_view
from stations.incidents.choices import FaultClass
from stations.incidents.remedies import selectors, services
from stations.incidents.remedies.facts import limits_of, steps_of
from stations.incidents.remedies.forms import PlaybookForm, RemedyForm
from stations.incidents.remedies.lists import RUNS
from stations.incidents.remedy_models import Playbook, RemedySetting
from stations.incidents.words import ACTIONS

SHOWN_DAYS: Final = 90
run_list = list_view(RUNS)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def healing(request: HttpRequest) -> HttpResponse:
    """What healing saved over three months, by step; the switch and the playbooks."""
    operator = operator_of(request)
    found = selectors.savings(timezone.now() - timedelta(days=SHOWN_DAYS))
    classes = dict(FaultClass.choices)
    own = set(Playbook.objects.values_list("fault_class", flat=True))
    context = {
        "found": found,
        "days": SHOWN_DAYS,
        "steps": [
            (classes.get(one.fault_class, one.fault_class), ACTIONS.get(one.action, ""), one)
            for one in found.steps
        ],
        "limits": limits_of(operator.pk),
        "mode": RemedySetting(mode=limits_of(operator.pk).mode).get_mode_display(),
        "playbooks": [
            (
                key,
                word,
                [(ACTIONS[one.action], one.wait_s) for one in steps_of(operator.pk, key)],
                key in own,
            )
            for key, word in FaultClass.choices
        ],
        "can_decide": has_permission(request, Permission.INCIDENT_RULES),
    }
    return render(request, "stations/incidents/healing.html", context)


@permission_required(Permission.INCIDENT_RULES)
@require_http_methods(["GET", "POST"])
def remedy_setting(request: HttpRequest) -> HttpResponse:
    """The switch: off, only written down, on; and the limits."""
    operator = operator_of(request)
    form = RemedyForm(posted(request), instance=RemedySetting.objects.first())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: services.set_remedies(operator=operator, **values)):
            messages.success(request, _("Saved."))
            return redirect("healing")
    context = {
        "title": _("Remedies"),
        "consequence": _(
            "When they are on, stations are restarted without anybody asking, within these limits "
            "and never during a session."
        ),
        "verb": _("Save"),
        "form": form,
        "cancel_url": reverse("healing"),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.INCIDENT_RULES)
@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest) -> HttpResponse:
    """Steps of one class (``class`` of the address)."""
    operator = operator_of(request)
    fault = request.GET.get("class", FaultClass.TRANSIENT)
    if fault not in FaultClass.values:
        raise Http404
    steps = "\n".join(f"{one.action} {one.wait_s}" for one in steps_of(operator.pk, fault))
    form = PlaybookForm(posted(request), initial={"steps": steps, "is_enabled": True})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(
            form,
            lambda: services.set_playbook(operator=operator, fault_class=fault, **values),
        ):
            messages.success(request, _("Saved."))
            return redirect("healing")
    context = {
        "title": _("Playbook: %(name)s") % {"name": dict(FaultClass.choices)[fault]},
        "consequence": _("Runs that begin from now on follow these steps."),
        "verb": _("Save"),
        "form": form,
        "cancel_url": reverse("healing"),
    }
    return render(request, "confirm.html", context)
