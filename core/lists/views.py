"""The view of every list page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import View, permission_required
from core.accounts.middleware import has_permission
from core.errors import RuleViolation
from core.lists import registry
from core.lists.columns import plan
from core.lists.export import FORMATS, export_response
from core.lists.page import filtered, list_page, ordered
from core.lists.posting import handle
from core.lists.saved import NO_VIEW, kept_by, sound
from core.lists.spec import ListSpec


def list_view(spec: ListSpec) -> View:
    """A guarded view: the page, the fragment for htmx, with ``?format=csv`` or ``xlsx`` the
    download; POST saves views, chooses columns and begins bulk actions."""
    registry.add(spec)

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            return handle(request, spec)
        if request.GET.get("format") in FORMATS:
            return _download(request, spec)
        fragment = _wants_fragment(request)
        opened = None if fragment else _opened_view(request, spec)
        if opened is not None:
            return HttpResponseRedirect(opened)
        context = list_context(request, spec)
        response = render(request, "core/lists/_list.html" if fragment else spec.template, context)
        patch_vary_headers(response, ["HX-Request"])
        response["Cache-Control"] = "no-store"
        return response

    view.__name__ = f"{spec.name.replace('-', '_')}_list"
    view.__doc__ = f"The list {spec.name}."
    view.list_name = spec.name  # type: ignore[attr-defined]  # read by exports and schedules
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


def _opened_view(request: HttpRequest, spec: ListSpec) -> str | None:
    """The whole address of a saved view: of the one to ``open``, or the default one."""
    if request.GET and "open" not in request.GET:
        return None
    kept = kept_by(request, spec)
    asked = request.GET.get("open", "")
    view = kept.view(asked or str(kept.default_id))
    if view is None:
        if asked not in ("", NO_VIEW):
            messages.warning(request, _("There is no such saved view (any more)."))
        return f"{request.path}?view={NO_VIEW}" if asked else None
    query, lost = sound(request, spec, view.query)
    if lost:
        words = {"view": view, "names": ", ".join(lost)}
        messages.warning(
            request, _("Parts of the view %(view)s no longer exist: %(names)s") % words
        )
    query["view"] = str(view.pk)
    return f"{request.path}?{query.urlencode()}"


def _download(request: HttpRequest, spec: ListSpec) -> HttpResponseBase:
    filterset, rows = filtered(request, spec)
    if not filterset.is_valid():
        reasons = "; ".join(f"{name}: {' '.join(e)}" for name, e in filterset.errors.items())
        return _refusal(
            _("A filter is wrong, so nothing was exported. %(reasons)s") % {"reasons": reasons}
        )
    columns = plan(spec, request.GET.get("columns", ""), kept_by(request, spec).columns)
    table = ordered(request, spec, rows, columns)
    try:
        return export_response(request, spec, table.data.data, columns.files)
    except RuleViolation as refusal:
        return _refusal(str(refusal.message))


def _refusal(text: str) -> HttpResponse:
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
