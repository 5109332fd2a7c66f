"""What a list page is sent: saved views, chosen columns, the beginning of a bulk action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.lists import bulk, saved
from core.lists.bulk_choice import of_page
from core.lists.spec import ListSpec
from core.undo import tell_done

Handler = Callable[[HttpRequest, ListSpec], HttpResponse]


def handle(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    """``do`` names what is wanted; ``bulk`` (a button) names an action on chosen rows."""
    wanted = "bulk" if "bulk" in request.POST else request.POST.get("do", "")
    handler = _HANDLERS.get(wanted)
    if handler is None:
        messages.error(request, _("Nothing was done: the page is out of date."))
        return _back(request)
    try:
        return handler(request, spec)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
        return _back(request)


def _back(request: HttpRequest, *, drop: tuple[str, ...] = (), **changes: str) -> HttpResponse:
    query = request.GET.copy()
    for name in drop:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def _save_view(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    query = request.GET.copy()
    for name in ("view", "page", "format"):
        query.pop(name, None)
    if not query.get("columns") and (kept := saved.kept_by(request, spec).columns):
        query["columns"] = ",".join(kept)
    view = saved.save_view(
        request=request,
        spec=spec,
        name=request.POST.get("name", ""),
        query=query.urlencode(),
        is_shared="shared" in request.POST,
    )
    if "default" in request.POST:
        saved.set_default_view(request=request, spec=spec, view=view)
    messages.success(request, _("The view “%(view)s” has been saved.") % {"view": view})
    return redirect(f"{request.path}?open={view.pk}")


def _delete_view(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    listed = saved.kept_by(request, spec)
    view = listed.view(request.POST.get("view"))
    if view is None:
        raise RuleViolation("no_view", _("There is no such saved view (any more)."))
    kept = {"do": "save-view", "name": view.name}
    kept |= {"shared": "1"} if view.is_shared else {}
    kept |= {"default": "1"} if view.pk == listed.default_id else {}
    is_own = view.owner_id == request.user.pk
    text = _("The view “%(view)s” has been deleted.") % {"view": view}
    again = f"{request.path}?{view.query}"
    saved.delete_view(request=request, view=view)
    if is_own:
        tell_done(request, text, undo=again, values=kept)
    else:
        messages.success(request, text)
    return _back(request, view=saved.NO_VIEW)


def _default_view(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    view = saved.kept_by(request, spec).view(request.POST.get("view"))
    saved.set_default_view(request=request, spec=spec, view=view)
    words = {"view": view}
    messages.success(
        request,
        _("The list now opens with the view “%(view)s”.") % words
        if view
        else _("The list now opens with all rows."),
    )
    return _back(request)


def _columns(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    before = saved.kept_by(request, spec).columns
    answer = _choose_columns(request, spec)
    values: dict[str, str | list[str]] = {"do": "columns", "column": list(before)}
    values |= {f"place_{key}": str(place) for place, key in enumerate(before, 1)}
    tell_done(
        request,
        _("The columns have been changed."),
        undo=request.get_full_path(),
        values=values if before else {"do": "columns", "reset": "1"},
    )
    return answer


def _choose_columns(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    if "reset" in request.POST:
        saved.choose_columns(request=request, spec=spec, keys=[])
        return _back(request, drop=("columns",))
    chosen = request.POST.getlist("column")
    if not chosen:
        raise RuleViolation("columns", _("Choose at least one column."))
    places = {key: _place(request.POST.get(f"place_{key}", "")) for key in chosen}
    keys = sorted(chosen, key=lambda key: places[key])
    saved.choose_columns(request=request, spec=spec, keys=keys)
    return _back(request, drop=("columns",))


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 99_999


def _bulk(request: HttpRequest, spec: ListSpec) -> HttpResponse:
    run = bulk.begin(
        request=request,
        spec=spec,
        action_name=request.POST.get("bulk", ""),
        choose=lambda: of_page(request, spec),
    )
    return redirect("bulk_run", public_id=run.public_id)


_HANDLERS: Final[dict[str, Handler]] = {
    "save-view": _save_view,
    "delete-view": _delete_view,
    "default-view": _default_view,
    "columns": _columns,
    "bulk": _bulk,
}
