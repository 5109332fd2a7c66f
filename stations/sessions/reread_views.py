"""Pages that read sessions again: of one station, or of all stations of a model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import ReasonForm, day_widget, posted
from core.tenancy.today import operator_today
from stations.hardware.catalogue.views import find_model
from stations.hardware.models import Station
from stations.hardware.page import find_station
from stations.sessions.rereading import reread_sessions


class RereadForm(ReasonForm):
    """From which day on."""

    since = forms.DateField(label=gettext_lazy("Sessions since"), widget=day_widget())
    field_order = ("since", "reason")


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def station_reread(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read the sessions of a station again with the quirks that are known now."""
    station = find_station(public_id)
    home = reverse("station_hardware", args=[public_id])
    return _page(request, str(station), [station], home)


@permission_required(Permission.NETWORK_EDIT)
@require_http_methods(["GET", "POST"])
def model_reread(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read the sessions of all stations of a model again."""
    model = find_model(public_id)
    stations = Station.objects.filter(hardware_model=model).order_by("id")
    return _page(request, str(model), stations, reverse("model_detail", args=[public_id]))


def _page(request: HttpRequest, name: str, stations: Iterable[Station], home: str) -> HttpResponse:
    first = operator_today() - timedelta(days=30)
    form = RereadForm(posted(request), initial={"since": first})
    if request.method == "POST" and form.is_valid():
        since = datetime.combine(form.cleaned_data["since"], datetime.min.time())
        count = reread_sessions(
            stations=stations,
            since=timezone.make_aware(since),
            reason=form.cleaned_data["reason"],
        )
        done = _("%(count)s sessions are read again now.") % {"count": count}
        messages.success(request, done)
        return redirect(home)
    context = {
        "title": _("Read sessions of %(name)s again") % {"name": name},
        "consequence": _(
            "Energy, times and findings of these sessions are derived anew from what the "
            "stations sent, with the quirks that are known now. Figures may change."
        ),
        "verb": _("Read again"),
        "form": form,
        "cancel_url": home,
    }
    return render(request, "confirm.html", context)
