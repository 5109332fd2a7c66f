"""REST: status pages of sites, what drivers are told of known faults, and how to get in."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ScopedView
from stations.maintenance import status_pages
from stations.maintenance.known_faults import known_faults
from stations.maintenance.partner_models import SiteAccess
from stations.maintenance.site_access import access_of, change_access
from stations.sites.models import Site
from stations.sites.selectors import sites


class KnownFaultSerializer(serializers.Serializer[Any]):
    """One sentence for drivers; ``where`` is empty for the whole site."""

    text = serializers.CharField()
    where = serializers.CharField()
    since_at = serializers.DateTimeField(allow_null=True)
    expected_at = serializers.DateTimeField(allow_null=True)


class StatusPageSerializer(serializers.Serializer[Any]):
    """The page; ``url`` is empty while nobody may see it."""

    is_public = serializers.BooleanField()
    url = serializers.CharField()
    notice = serializers.CharField()
    notice_until_at = serializers.DateTimeField(allow_null=True)
    known_faults = KnownFaultSerializer(many=True)


class StatusPageWriteSerializer(Input):
    """What may be changed; ``has_new_code`` gives the page a new address."""

    is_public = serializers.BooleanField(required=False)
    notice = serializers.CharField(max_length=300, required=False, allow_blank=True)
    notice_until_at = serializers.DateTimeField(required=False, allow_null=True)
    has_new_code = serializers.BooleanField(required=False)


class StatusPage(ScopedView):
    """The public status page of a site; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT

    @extend_schema(responses=StatusPageSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Settings, and what drivers are told now."""
        return _shown(_site(ref))

    @extend_schema(request=StatusPageWriteSerializer, responses=StatusPageSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        site = _site(ref)
        given = StatusPageWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        status_pages.change_page(site=site, **given.validated_data)
        return _shown(site)


class SiteAccessSerializer(serializers.ModelSerializer[SiteAccess]):
    """Gates, keys, whom to call."""

    class Meta:
        model = SiteAccess
        fields = ("notes", "contact_name", "contact_phone")


class SiteAccessWriteSerializer(Input):
    """What may be changed."""

    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    contact_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


class SiteAccessView(ScopedView):
    """How a technician gets to the stations of a site; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT

    @extend_schema(responses=SiteAccessSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Empty where nobody wrote anything."""
        return Response(SiteAccessSerializer(access_of(_site(ref))).data)

    @extend_schema(request=SiteAccessWriteSerializer, responses=SiteAccessSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        site = _site(ref)
        given = SiteAccessWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = change_access(site=site, **given.validated_data)
        return Response(SiteAccessSerializer(row).data)


def _site(ref: str) -> Site:
    site: Site = get_object_or_404(sites(), public_id=ref)
    return site


def _shown(site: Site) -> Response:
    page = status_pages.page_of(site)
    shown = {
        "is_public": page.is_public,
        "url": status_pages.status_url(page) if page.pk and page.is_public else "",
        "notice": page.notice,
        "notice_until_at": page.notice_until_at,
        "known_faults": known_faults(site),
    }
    return Response(StatusPageSerializer(shown).data)


urls = [
    address("sites/{ref}/status-page", StatusPage, "site_status_page"),
    address("sites/{ref}/access", SiteAccessView, "site_access"),
]
