"""The view of every list page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.accounts.decorators import View, permission_required
from core.accounts.middleware import has_permission
from core.lists.export import csv_response
from core.lists.page import filtered, list_page, ordered
from core.lists.spec import ListSpec


def list_view(spec: ListSpec) -> View:
    """A guarded view: the page, the fragment for htmx, or with ``?format=csv`` the download."""

    @require_GET
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("format") == "csv":
            return _download(request, spec)
        context = list_context(request, spec)
        fragment = _wants_fragment(request)
        response = render(request, "core/lists/_list.html" if fragment else spec.template, context)
        patch_vary_headers(response, ["HX-Request"])
        response["Cache-Control"] = "no-store"
        return response

    view.__name__ = f"{spec.name.replace('-', '_')}_list"
    view.__doc__ = f"The list {spec.name}."
    return permission_required(spec.permission)(view)


def list_context(request: HttpRequest, spec: ListSpec) -> dict[str, Any]:
    """Context of the templates: ``listing``, ``may_help`` and the spec's own."""
    empty = spec.empty
    return {
        **spec.context(request),
        "listing": list_page(request, spec),
        "may_help": not empty.permission or has_permission(request, empty.permission),
        "is_fragment": _wants_fragment(request),
    }


def _wants_fragment(request: HttpRequest) -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def _download(request: HttpRequest, spec: ListSpec) -> HttpResponseBase:
    filterset, rows = filtered(request, spec)
    if not filterset.is_valid():
        reasons = "; ".join(f"{name}: {' '.join(e)}" for name, e in filterset.errors.items())
        return HttpResponse(
            _("A filter is wrong, so nothing was exported. %(reasons)s") % {"reasons": reasons},
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    return csv_response(request, spec, ordered(request, spec, rows).data.data)
