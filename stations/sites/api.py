"""REST: sites."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.sites import services
from stations.sites.filters import SiteFilter
from stations.sites.models import Site
from stations.sites.selectors import sites

_WRITABLE = (
    "name",
    "address",
    "postal_code",
    "city",
    "country_code",
    "latitude",
    "longitude",
    "time_zone",
    "power_limit_w",
    "allow_profile_0",
    "commissioned_on",
)


class SiteSerializer(serializers.ModelSerializer[Site]):
    """A site as it is."""

    id = serializers.CharField(source="public_id")
    station_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Site
        fields = ("id", *_WRITABLE, "retired_on", "station_count", "created_at")


class SiteWriteSerializer(serializers.ModelSerializer[Site]):
    """What may be written of a site."""

    reason = serializers.CharField(max_length=500, required=False, write_only=True)

    class Meta:
        model = Site
        fields = (*_WRITABLE, "reason")


class SiteList(ListView):
    """All sites; POST creates one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = SiteSerializer
    filterset_class = SiteFilter

    def rows(self) -> QuerySet[Site]:
        """Sites of the caller's operator."""
        return sites()

    @extend_schema(request=SiteWriteSerializer, responses={201: SiteSerializer})
    def post(self, request: Request) -> Response:
        """Create a site."""
        given = SiteWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values.pop("reason", None)
        site = services.create_site(operator=operator_of(request), **values)
        return Response(SiteSerializer(site).data, status=201)


class SiteDetail(DetailView):
    """One site; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = SiteSerializer

    def get_object(self) -> Site:
        """The caller's own site, or 404."""
        return get_object_or_404(sites(), public_id=self.kwargs["ref"])

    @extend_schema(request=SiteWriteSerializer, responses=SiteSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a site."""
        site = self.get_object()
        given = SiteWriteSerializer(site, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return Response(
            SiteSerializer(services.change_site(site=site, **given.validated_data)).data
        )


class SiteRetirement(ScopedView):
    """POST retires a site."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=SiteSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Retire a site; 409 while stations are in use there."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        site = get_object_or_404(sites(), public_id=ref)
        site = services.retire_site(site=site, **given.validated_data)
        return Response(SiteSerializer(site).data)


urls = [
    address("sites", SiteList, "sites"),
    address("sites/{ref}", SiteDetail, "site"),
    address("sites/{ref}/retire", SiteRetirement, "site_retire"),
]
