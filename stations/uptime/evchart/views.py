"""The page of EV-ChART: a quarter's figures of each port, where they come from, and files."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.lists.export import file_chunks, streamed
from stations.uptime.evchart.files import produce
from stations.uptime.evchart.forms import EvChartForm
from stations.uptime.evchart.modules import HEADERS, Piece
from stations.uptime.evchart.selectors import PortQuarter, port_quarters, sessions_of
from stations.uptime.models import Cause

MOST_ROWS: Final = 300
"""Rows on a page; the files have all."""


@permission_required(Permission.REPORT_VIEW)
@require_safe
def evchart(request: HttpRequest) -> HttpResponseBase:
    """One quarter: ports, their outages, and the files of the three modules."""
    form = EvChartForm(request.GET, operator=operator_of(request))
    module = request.GET.get("module", "")
    if not form.is_valid():
        if module:
            reasons = "; ".join(f"{n}: {' '.join(map(str, e))}" for n, e in form.errors.items())
            return HttpResponse(reasons, status=400, content_type="text/plain; charset=utf-8")
        return render(request, "stations/uptime/evchart.html", {"form": form})
    asked = form.asked()
    if module:
        if module not in {str(one) for one in HEADERS}:
            raise Http404
        made = produce(module=int(module), **asked)
        return streamed(request, file_chunks(made.content), made.content_type, made.name)
    return render(request, "stations/uptime/evchart.html", _context(form, asked))


def _context(form: EvChartForm, asked: dict[str, Any]) -> dict[str, Any]:
    ports = port_quarters(**asked)
    pieces = [(port, piece) for port in ports for piece in port.pieces]
    return {
        "form": form,
        "asked": asked,
        "is_going_on": asked["quarter"] == form.now,
        "ports": ports[:MOST_ROWS],
        "port_count": len(ports),
        "outages": [_outage(port, piece) for port, piece in pieces[:MOST_ROWS]],
        "outage_count": len(pieces),
        "session_count": sessions_of(asked["quarter"], asked["site"]).count(),
    }


def _outage(port: PortQuarter, piece: Piece) -> dict[str, Any]:
    return {
        "port": port,
        "piece": piece,
        "cause": Cause(piece.cause).label if piece.cause else "",
        "sources": port.sources(piece),
    }
