"""REST: saved views of lists. A person's own and shared ones; a token reads the shared ones."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from core.lists import registry, saved
from core.lists.models import SavedView


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A named filter of a list; ``query`` is as in the list's address."""

    list = serializers.CharField(source="list_name")
    owner = serializers.CharField(source="owner.email")

    class Meta:
        model = SavedView
        fields = ("id", "list", "name", "query", "is_shared", "owner", "created_at", "updated_at")


class SavedViewInput(Input):
    """A view of one's own; one of this name is changed."""

    list = serializers.CharField(max_length=60, help_text="Name of the list, such as stations")
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(allow_blank=True, default="", max_length=4000)
    is_shared = serializers.BooleanField(default=False)


def _visible(request: Request) -> QuerySet[SavedView]:
    """Of lists that the caller may see: shared ones, and those of the person."""
    lists = [name for name, spec in registry.all_lists().items() if may(request, spec.permission)]
    own = Q(owner=request.user.pk) if isinstance(request.user, User) else Q()
    shown = own | Q(is_shared=True) if own else Q(is_shared=True)
    rows: QuerySet[SavedView] = SavedView.objects.filter(shown, list_name__in=lists)
    return rows.select_related("owner").order_by("list_name", "name", "id")


def _person(request: Request) -> HttpRequest:
    if getattr(request._request, "membership", None) is None:
        raise PermissionDenied(_("Views are saved by persons; an API token is none."))
    return request._request


class SavedViewList(ListView):
    """Saved views; POST saves one."""

    read_permission = write_permission = Permission.NETWORK_VIEW
    serializer_class = SavedViewSerializer

    def rows(self) -> QuerySet[SavedView]:
        """Those that the caller may open, of one list with ``list``."""
        wanted = self.request.query_params.get("list")
        rows = _visible(self.request)
        return rows.filter(list_name=wanted) if wanted else rows

    @extend_schema(parameters=[OpenApiParameter("list", str, description="Name of a list")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those that the caller may open."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=SavedViewInput, responses={201: SavedViewSerializer})
    def post(self, request: Request) -> Response:
        """Keep a view under a name; refuses a query that the list does not understand."""
        person = _person(request)
        given = SavedViewInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        spec = registry.find(values.pop("list"))
        if spec is None or not may(request, spec.permission):
            raise InvalidInput("no_list", _("There is no such list."), field="list")
        view = saved.save_view(request=person, spec=spec, **values)
        return Response(SavedViewSerializer(view).data, status=201)


class SavedViewDetail(ScopedView):
    """DELETE removes a view."""

    write_permission = Permission.NETWORK_VIEW

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Its owner may, and for a shared one who manages members."""
        person = _person(request)
        view = _visible(request).filter(pk=int(number)).first()
        if view is None:
            raise Http404
        saved.delete_view(request=person, view=view)
        return Response(status=204)


urls = [
    address("saved-views", SavedViewList, "saved_views"),
    address("saved-views/{number}", SavedViewDetail, "saved_view"),
]
