"""Applying what is desired to one or many stations, and what came of it, live."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.forms import attempt, posted
from stations.configuration.apply import BY_PERSON, Wish, apply_to_many
from stations.configuration.filters import DriftFilter
from stations.configuration.forms import ApplyForm
from stations.configuration.models import DesiredValue
from stations.configuration.selectors import drifts, run_results
from stations.hardware.keys import folded

MOST_ROWS = 5000
MOST_TOPICS = 15


def _wanted(request: HttpRequest) -> list[DesiredValue]:
    """What the filters of the drift list leave and an attempt may change."""
    filters = DriftFilter(request.GET, queryset=drifts(), request=request)
    return list(filters.result.filter(state__in=BY_PERSON, is_pending=False)[:MOST_ROWS])


@permission_required(Permission.COMMAND_DANGEROUS)
@require_http_methods(["GET", "POST"])
def configuration_apply(request: HttpRequest) -> HttpResponse:
    """The stations that the filters of the drift list leave; posting sets their values."""
    rows = _wanted(request)
    keys: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        keys[row.station_id].add(folded(row.key))
    counts = {station: len(found) for station, found in keys.items()}
    stations = list({row.station_id: row.station.public_id for row in rows}.values())
    form = ApplyForm(posted(request), initial={"stations": stations}, counts=counts)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wish = Wish(reason=data["reason"], chosen=keys, queue_if_offline=data["queue_if_offline"])
        done = attempt(form, lambda: apply_to_many(data["stations"], wish))
        if done is not None:
            for station, refusal in done.refusals[:20]:
                messages.error(request, f"{station}: {refusal.message}")
            if done.commands:
                return redirect("configuration_run", batch_id=done.id)
            if not done.refusals:
                messages.info(request, _("Nothing differs any more."))
            return redirect("configuration_drift_list")
    context = {"form": form, "rows": rows[:200], "count": len(rows), "stations": stations}
    return render(request, "stations/configuration/apply.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def configuration_run(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What every station answered for every key."""
    return render(request, "stations/configuration/run.html", _run(batch_id))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def configuration_run_live(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The same as a fragment, fetched again when something changed."""
    return render(request, "stations/configuration/_run.html", _run(batch_id))


def _run(batch_id: UUID) -> dict[str, Any]:
    results = run_results(batch_id)
    if not results:
        raise Http404(_("There are no such commands."))
    open_ones = [
        key.command.public_id for result in results for key in result.keys if not key.is_finished
    ]
    return {
        "results": results,
        "batch_id": batch_id,
        "finished": sum(result.finished for result in results),
        "all": sum(len(result.keys) for result in results),
        "topics": " ".join(f"command.{public_id}" for public_id in dict.fromkeys(open_ones))
        if len(set(open_ones)) <= MOST_TOPICS
        else "network",
    }
