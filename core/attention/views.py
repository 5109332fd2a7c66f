"""The list of what needs attention: by reason and site, a page at a time, as CSV."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.attention.sources import Concern, concerns, counted, narrowed
from core.lists.export import csv_lines
from core.lists.spec import CsvColumn

PAGE_ROWS: Final = 50
_CSV: Final = [
    CsvColumn("reason", "reason.code"),
    CsvColumn("subject"),
    CsvColumn("text"),
    CsvColumn("since_at"),
    CsvColumn("site", "place"),
    CsvColumn("site_id", "place_ref"),
    CsvColumn("url"),
]


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def attention(request: HttpRequest) -> HttpResponseBase:
    """What needs a person, with the reason, since when, and where to act."""
    found = concerns(partial(has_permission, request), timezone.now())
    reason, site = request.GET.get("reason", ""), request.GET.get("site", "")
    shown = narrowed(found, reason=reason, site=site)
    if request.GET.get("format") == "csv":
        return _csv(shown)
    context = {
        "found": found,
        "reasons": counted(narrowed(found, site=site)),
        "places": sorted(
            {(c.place_ref, c.place) for c in found if c.place_ref}, key=lambda p: p[1]
        ),
        "reason": reason,
        "site": site,
        "all_of_site": len(narrowed(found, site=site)),
        "page": Paginator(shown, PAGE_ROWS).get_page(request.GET.get("page")),
        "trouble": sum(c.reason.tone == "bad" for c in found),
    }
    return render(request, "core/attention/list.html", context)


def _csv(shown: list[Concern]) -> HttpResponse:
    name = f"attention-{timezone.now():%Y-%m-%dT%H%MZ}.csv"
    response = HttpResponse(
        "".join(csv_lines(iter(shown), _CSV)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
