"""The page of how sites are used, and its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.export import csv_response
from planning.watching.rules import OVER, UNDER
from planning.watching.selectors import DAYS, Watched, became, days_of, figures, watched
from planning.watching.words import VERDICTS, advice


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def network_use(request: HttpRequest) -> HttpResponse:
    """Sites that are too small or hardly used, with what would help; plans beside reality."""
    days = days_of(request.GET.get("days", ""))
    found = watched(now=timezone.now(), days=days)
    if request.GET.get("format") == "csv":
        return _file(found)
    context = {
        "rows": [_shown(one) for one in found],
        "became": became(found),
        "days": days,
        "choices": DAYS,
        "over": sum(one.use.verdict == OVER for one in found),
        "under": sum(one.use.verdict == UNDER for one in found),
        "waited": sum(one.use.waited for one in found),
        "left": round(sum(one.use.left for one in found)),
    }
    return render(request, "planning/watching/network_use.html", context)


def _shown(one: Watched) -> dict[str, Any]:
    word, tone, icon = VERDICTS[one.use.verdict]
    return {
        "site": one.site, "use": one.use, "word": word, "tone": tone, "icon": icon,
        "advice": advice(one.use),
    }  # fmt: skip


def _file(found: list[Watched]) -> HttpResponse:
    rows = [{**figures(one), "advice": advice(one.use)} for one in found]
    header = list(rows[0]) if rows else ["site"]
    return csv_response("network-use", header, (row.values() for row in rows))
