"""Saved views of lists, and what a person keeps of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import User
from core.accounts.permissions import Permission
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.lists import columns
from core.lists.chips import parameters_of
from core.lists.models import ListPreference, SavedView
from core.lists.spec import ListSpec

NO_VIEW: Final = "0"
"""Value of ``view`` in the address that means: none, not even the default one."""
LIST_PARAMETERS: Final = ("sort", "per_page", "columns")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the reader keeps of a list: columns, views, the default one."""

    columns: tuple[str, ...]
    views: tuple[SavedView, ...]
    default_id: int | None

    def view(self, text: str | None) -> SavedView | None:
        """The view that ``view=`` in the address names."""
        return next((v for v in self.views if str(v.pk) == text), None)


def views_of(user: User, spec: ListSpec) -> QuerySet[SavedView]:
    """The person's own views of the list and those that others share."""
    found: QuerySet[SavedView] = SavedView.objects.filter(list_name=spec.name)
    return found.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


def kept_by(request: HttpRequest, spec: ListSpec) -> Kept:
    """Two queries, whatever the list; one who only looks is asked for once."""
    known: dict[str, Kept] = request.__dict__.setdefault("kept_of_lists", {})
    if request.method != "GET" or spec.name not in known:
        known[spec.name] = _kept_by(request, spec)
    return known[spec.name]


def _kept_by(request: HttpRequest, spec: ListSpec) -> Kept:
    user = request.user
    if not isinstance(user, User):
        return Kept((), (), None)
    preference = ListPreference.objects.filter(user=user, list_name=spec.name).first()
    names = preference.columns if preference else []
    default = preference.default_view_id if preference else None
    return Kept(tuple(names), tuple(views_of(user, spec)), default)


def sound(request: HttpRequest, spec: ListSpec, text: str) -> tuple[QueryDict, list[str]]:
    """A query string without what the list does not know (any more), and those names."""
    given = QueryDict(text)
    filterset = spec.filterset(given, queryset=spec.queryset(request), request=request)
    wrong = set(filterset.form.errors)
    good: set[str] = set(LIST_PARAMETERS)
    for name, field in filterset.form.fields.items():
        if name not in wrong:
            good.update(parameters_of(name, field))
    kept, lost = QueryDict(mutable=True), []
    for name, values in given.lists():
        if name not in good:
            lost.append(name)
        elif values := [value for value in values if value]:
            kept.setlist(name, values)
    lost += _sound_columns(spec, kept)
    return kept, lost


def _sound_columns(spec: ListSpec, query: QueryDict) -> list[str]:
    asked = query.get("columns", "").split(",") if query.get("columns") else []
    found = columns.known(spec, asked)
    if asked and found:
        query["columns"] = ",".join(found)
    elif asked:
        del query["columns"]
    return [name for name in asked if name not in found]


@transaction.atomic
def save_view(
    *, request: HttpRequest, spec: ListSpec, name: str, query: str, is_shared: bool
) -> SavedView:
    """Keep a view under a name; one's own view of this name is changed.

    Refuses an empty name and a query that the list does not understand.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 60:
        raise InvalidInput("view_name", _("Give the view a name of 1 to 60 characters."))
    good, lost = sound(request, spec, query)
    lost = [one for one in lost if one not in ("view", "page", "format")]
    if lost:
        words = {"names": ", ".join(lost)}
        raise InvalidInput(
            "view_query", _("A filter is wrong, so nothing was saved: %(names)s") % words
        )
    user, operator = _person(request)
    view: SavedView
    view, created = SavedView.objects.update_or_create(
        operator=operator,
        list_name=spec.name,
        owner=user,
        name=name,
        defaults={"query": good.urlencode(), "is_shared": is_shared},
    )
    record(
        "saved_view.create" if created else "saved_view.change",
        view,
        operator_id=operator.pk,
        after={"list": spec.name, "query": view.query, "is_shared": is_shared},
    )
    return view


@transaction.atomic
def delete_view(*, request: HttpRequest, view: SavedView) -> None:
    """Remove one's own view; a shared one may also be removed by who manages people."""
    manages = view.is_shared and has_permission(request, Permission.PEOPLE_MANAGE)
    if view.owner_id != request.user.pk and not manages:
        raise RuleViolation("not_your_view", _("Only its owner may delete this view."))
    record(
        "saved_view.delete",
        view,
        operator_id=view.operator_id,
        before={"list": view.list_name, "query": view.query, "is_shared": view.is_shared},
    )
    view.delete()


def set_default_view(*, request: HttpRequest, spec: ListSpec, view: SavedView | None) -> None:
    """The view with which the list opens for this person; None: all rows."""
    _prefer(request, spec, default_view=view)


def choose_columns(*, request: HttpRequest, spec: ListSpec, keys: list[str]) -> tuple[str, ...]:
    """Keep the columns that the person wants; none given: those of the list itself."""
    found = columns.known(spec, keys)
    if keys and not found:
        raise InvalidInput("columns", _("Choose at least one column."))
    chosen = () if found == columns.own(spec) else found
    _prefer(request, spec, columns=list(chosen))
    return found


def _prefer(request: HttpRequest, spec: ListSpec, **values: Any) -> None:
    user, operator = _person(request)
    ListPreference.objects.update_or_create(
        operator=operator, user=user, list_name=spec.name, defaults=values
    )


def _person(request: HttpRequest) -> tuple[User, Any]:
    assert isinstance(request.user, User)
    return request.user, operator_of(request)
