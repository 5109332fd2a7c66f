"""REST: local lists, sending them now, and where they are kept in step."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from core.tenancy.places import current_places
from stations.hardware.selectors import station_or_404
from stations.ocpp.lists import settings, sync
from stations.ocpp.lists.selectors import local_list_of, local_lists
from stations.ocpp.lists.tables import LocalListFilter
from stations.ocpp.models import ListChoice, LocalList
from stations.ocpp.serializers import ListStateSerializer
from stations.sites.models import Site


class ListSendSerializer(ReasonSerializer):
    """What to send now: the change, the whole list, or only a question for the version."""

    what = serializers.ChoiceField(choices=["differential", "full", "version"])


class ListChoiceSerializer(ReasonSerializer):
    """Whether the list of one station is kept in step."""

    choice = serializers.ChoiceField(choices=ListChoice.choices)


class SiteChoiceSerializer(serializers.Serializer[Any]):
    """The choice of a site; null: as the operator says."""

    site = serializers.CharField(max_length=24)
    is_enabled = serializers.BooleanField(allow_null=True)


class ListSettingsSerializer(ReasonSerializer):
    """Where local lists are kept in step. ``is_enabled``: the operator's own choice."""

    is_enabled = serializers.BooleanField(required=False)
    sites = SiteChoiceSerializer(many=True, required=False)


class LocalLists(ListView):
    """The local lists of all stations, without their entries."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ListStateSerializer
    filterset_class = LocalListFilter

    def rows(self) -> QuerySet[LocalList]:
        """Lists of the caller's stations."""
        return local_lists()


class ListSending(ScopedView):
    """POST sends a station its list now."""

    write_permission = Permission.COMMAND_SEND

    @extend_schema(request=ListSendSerializer, responses={202: ListStateSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Send; what was refused before, or not supported, is tried again."""
        station = station_or_404(ref)
        given = ListSendSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        update, reason = given.validated_data["what"], given.validated_data["reason"]
        if update == "version":
            sync.ask_version(station, reason=reason)
        else:
            sync.send_now(station, update=update, reason=reason)
        return Response(ListStateSerializer(local_list_of(station)).data, status=202)


class ListClearing(ScopedView):
    """POST empties the list in a station."""

    write_permission = Permission.COMMAND_DANGEROUS

    @extend_schema(request=ReasonSerializer, responses={202: ListStateSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Empty it; it is left alone from now on."""
        station = station_or_404(ref)
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        sync.clear(station, reason=given.validated_data["reason"])
        return Response(ListStateSerializer(local_list_of(station)).data, status=202)


class ListChoosing(ScopedView):
    """PUT says whether the list of a station is kept in step."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ListChoiceSerializer, responses=ListStateSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """Keep it in step, leave it alone, or do as its site says."""
        station = station_or_404(ref)
        given = ListChoiceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        settings.choose_for_station(
            station=station,
            choice=given.validated_data["choice"],
            reason=given.validated_data["reason"],
        )
        return Response(ListStateSerializer(local_list_of(station)).data)


class ListSettings(ScopedView):
    """Where local lists are kept in step; PUT changes what is given."""

    read_permission = Permission.NETWORK_EDIT
    write_permission = Permission.NETWORK_EDIT

    @extend_schema(responses=ListSettingsSerializer)
    def get(self, request: Request) -> Response:
        """The operator's choice and that of every site that has one."""
        return Response(_shown())

    @extend_schema(request=ListSettingsSerializer, responses=ListSettingsSerializer)
    def put(self, request: Request) -> Response:
        """Change the operator's choice, or that of sites; what is left out stays."""
        given = ListSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        with transaction.atomic():
            if "is_enabled" in values:
                settings.choose_for_operator(
                    operator=operator_of(request),
                    is_enabled=values["is_enabled"],
                    reason=values["reason"],
                )
            for row in values.get("sites", ()):
                settings.choose_for_site(
                    site=_site(row["site"]), is_enabled=row["is_enabled"], reason=values["reason"]
                )
        return Response(_shown())


def _site(public_id: str) -> Site:
    site: Site | None = Site.objects.filter(public_id=public_id).first()
    if site is None:
        raise InvalidInput("unknown_site", f"There is no site {public_id}", field="sites")
    return site


def _shown() -> dict[str, Any]:
    choices = settings.Choices()
    sites = [
        {"site": site.public_id, "is_enabled": own}
        for site in Site.objects.order_by("name", "id")
        if (own := choices.of_site(site.pk)) is not None
    ]
    whole = {"is_enabled": choices.operator} if current_places() is None else {}
    return {**whole, "sites": sites}


_LIST = "stations/{ref}/local-list"
urls = [
    address("local-lists", LocalLists, "local_lists"),
    address("local-list-settings", ListSettings, "local_list_settings"),
    address(f"{_LIST}/send", ListSending, "local_list_send"),
    address(f"{_LIST}/clear", ListClearing, "local_list_clear"),
    address(f"{_LIST}/choice", ListChoosing, "local_list_choice"),
]
