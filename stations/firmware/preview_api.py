"""REST: which stations a campaign would take, and the uploaded file of a firmware."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ScopedView
from core.audit.services import record
from core.files.serving import file_response
from stations.firmware import campaigns as services
from stations.firmware import selectors
from stations.firmware.api import CampaignPlanSerializer, planned
from stations.firmware.words import why_word


class ChosenSerializer(serializers.Serializer[Any]):
    """A station that a campaign would take (``why`` empty), or leave out, and why."""

    station = serializers.CharField(source="station.public_id")
    name = serializers.CharField(source="station.name")
    site = serializers.CharField(source="station.site.public_id")
    firmware = serializers.CharField(source="station.firmware_version")
    wave = serializers.IntegerField()
    why = serializers.CharField()
    why_text = serializers.SerializerMethodField()

    def get_why_text(self, chosen: services.Chosen) -> str:
        """In the caller's language."""
        return why_word(chosen.why) if chosen.why else ""


class CampaignPreview(ScopedView):
    """POST tells which stations a campaign would take; nothing begins."""

    write_permission = Permission.FIRMWARE_EDIT

    @extend_schema(request=CampaignPlanSerializer, responses=ChosenSerializer(many=True))
    def post(self, request: Request) -> Response:
        """By wave, 0 is the canary; those left out come last."""
        given = CampaignPlanSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        image, plan = planned({**given.validated_data})
        return Response(ChosenSerializer(services.choose(image, plan), many=True).data)


class FirmwareContent(ScopedView):
    """The uploaded file itself."""

    read_permission = Permission.FIRMWARE_EDIT

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """As it was uploaded; 404 for firmware that stations fetch elsewhere."""
        image = selectors.image_or_404(ref)
        if not image.path:
            raise Http404(_("The file is no longer there."))
        record("firmware.download", image, operator_id=image.operator_id)
        return file_response(
            image.path, content_type="application/octet-stream", name=image.file_name, inline=False
        )


urls = [
    address("firmware-campaign-preview", CampaignPreview, "campaign_preview"),
    address("firmware/{ref}/file", FirmwareContent, "firmware_file"),
]
