"""REST: photos and documents about objects."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.parsers import BoundedJSONParser
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.attachments import services
from core.attachments.filters import AttachmentFilter
from core.attachments.models import Attachment, AttachmentKind
from core.files.serving import file_response
from core.objects.api import kind_name, named_object, visible


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file and what it is about; its bytes are at ``files/{id}/content``."""

    id = serializers.CharField(source="public_id")
    about_kind = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = (
            "id",
            "about_kind",
            "object_id",
            "kind",
            "name",
            "caption",
            "content_type",
            "size_bytes",
            "width",
            "height",
            "is_shared",
            "added_label",
            "created_at",
        )

    def get_about_kind(self, attachment: Attachment) -> str:
        """The kind of object, such as ``site``."""
        return kind_name(attachment.object_type)


class AttachmentWriteSerializer(Input):
    """A new file: kind and reference of its object, the file, a caption."""

    kind = serializers.CharField(max_length=20)
    object = serializers.CharField(max_length=64)
    file = serializers.FileField(allow_empty_file=True)
    caption = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    is_shared = serializers.BooleanField(required=False, default=False)


class SharingSerializer(Input):
    """Whether the customer that the file is about sees it."""

    is_shared = serializers.BooleanField()


class DeletionSerializer(Input):
    """Why a file is deleted."""

    reason = serializers.CharField(max_length=500)


class AttachmentList(ListView):
    """All files; POST (multipart) adds one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.FILE_EDIT
    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilter
    parser_classes = [MultiPartParser, BoundedJSONParser]

    def rows(self) -> QuerySet[Attachment]:
        """Files about what the caller may see."""
        return visible(self.request, Attachment.objects.order_by("-created_at", "-id"))

    @extend_schema(
        request={"multipart/form-data": AttachmentWriteSerializer},
        responses={201: AttachmentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a photo or document to an object."""
        given = AttachmentWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        _kind, instance = named_object(request, values["kind"], values["object"])
        added = services.add_file(
            instance=instance,
            operator_id=operator_of(request).pk,
            upload=values["file"],
            caption=values["caption"],
            is_shared=values["is_shared"],
            by=request.user if isinstance(request.user, User) else None,
        )
        return Response(AttachmentSerializer(added).data, status=201)


class AttachmentDetail(DetailView):
    """One file; PATCH shows it to the customer or not, DELETE deletes it for good."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.FILE_EDIT
    serializer_class = AttachmentSerializer

    def get_object(self) -> Attachment:
        """The file, or 404."""
        return _found(self)

    @extend_schema(request=SharingSerializer, responses=AttachmentSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Show a file to the customer that it is about, or no longer."""
        attachment = self.get_object()
        given = SharingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.share_file(attachment=attachment, is_shared=given.validated_data["is_shared"])
        return Response(AttachmentSerializer(attachment).data)

    @extend_schema(request=DeletionSerializer, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete a file; takes a reason."""
        attachment = self.get_object()
        given = DeletionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.delete_file(attachment=attachment, reason=given.validated_data["reason"])
        return Response(status=204)


class AttachmentContent(ScopedView):
    """The bytes of a file."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The file as stored."""
        attachment = _found(self)
        return file_response(
            attachment.path,
            content_type=attachment.content_type,
            name=attachment.name,
            inline=attachment.kind == AttachmentKind.PHOTO,
        )


def _found(view: ScopedView | DetailView) -> Attachment:
    rows = visible(view.request, Attachment.objects.all())
    attachment: Attachment = get_object_or_404(rows, public_id=view.kwargs["ref"])
    return attachment


urls = [
    address("files", AttachmentList, "files"),
    address("files/{ref}", AttachmentDetail, "file"),
    address("files/{ref}/content", AttachmentContent, "file_content"),
]
