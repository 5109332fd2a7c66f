"""The search over everything: a page, and the rows of the palette."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.search.sources import LONGEST, search_everything


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What matches ``q``; straight to the page when only one thing does."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = search_everything(text, partial(has_permission, request))
    if len(groups) == 1 and len(groups[0].hits) == 1:
        return redirect(groups[0].hits[0].url)
    context = {"search_text": text, "groups": groups}
    return render(request, "core/search/search.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def search_rows(request: HttpRequest) -> HttpResponse:
    """The same as rows for the palette, while somebody types."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = search_everything(text, partial(has_permission, request))
    context = {"search_text": text, "groups": groups}
    return render(request, "core/search/_rows.html", context)
