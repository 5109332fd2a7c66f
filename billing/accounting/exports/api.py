"""REST: export profiles, and the files that were made."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting.exports.lists import ProfileFilter, ReceiptFilter, profiles, receipts
from billing.accounting.exports.models import (
    ExportProfile,
    ExportReceipt,
    FileFormat,
    Preset,
    VoucherSize,
)
from billing.accounting.exports.services import (
    PROFILE_FIELDS,
    change_profile,
    create_profile,
    make_exports,
)
from billing.sellers.selectors import seller_named
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.files.serving import file_response


class ExportProfileSerializer(serializers.ModelSerializer[ExportProfile]):
    """An importer of a seller's journal."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")
    file_count = serializers.IntegerField()

    class Meta:
        model = ExportProfile
        fields = ("id", "seller", *PROFILE_FIELDS, "file_count", "created_at", "updated_at")


class ExportProfileChangeSerializer(Input):
    """What may be written of a profile."""

    name = serializers.CharField(max_length=80, required=False)
    preset = serializers.ChoiceField(choices=Preset.choices, required=False)
    file_format = serializers.ChoiceField(choices=FileFormat.choices, required=False)
    voucher_size = serializers.ChoiceField(choices=VoucherSize.choices, required=False)
    series = serializers.CharField(max_length=5, allow_blank=True, required=False)
    starts_on = serializers.DateField(required=False)
    is_active = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ExportProfileWriteSerializer(ExportProfileChangeSerializer):
    """A new profile."""

    seller = serializers.CharField(max_length=24)
    name = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()


class ExportReceiptSerializer(serializers.ModelSerializer[ExportReceipt]):
    """The receipt of a file."""

    id = serializers.CharField(source="public_id")
    profile = serializers.CharField(source="profile.public_id")

    class Meta:
        model = ExportReceipt
        fields = (
            "id", "profile", "number", "name", "currency", "from_on", "until_on", "entry_count",
            "voucher_count", "debit", "sha256", "size_bytes", "made_at", "made_by_label",
        )  # fmt: skip


def _profile(ref: str) -> ExportProfile:
    profile: ExportProfile = get_object_or_404(profiles(), public_id=ref)
    return profile


class ExportProfileList(ListView):
    """All export profiles; POST creates one."""

    read_permission = Permission.LEDGER_VIEW
    write_permission = Permission.LEDGER_EDIT
    serializer_class = ExportProfileSerializer
    filterset_class = ProfileFilter

    def rows(self) -> QuerySet[ExportProfile]:
        """Profiles of the caller's operator."""
        return profiles()

    @extend_schema(request=ExportProfileWriteSerializer, responses={201: ExportProfileSerializer})
    def post(self, request: Request) -> Response:
        """Create a profile."""
        given = ExportProfileWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values["seller"] = seller_named(values["seller"])
        made = create_profile(**values)
        return Response(ExportProfileSerializer(_profile(made.public_id)).data, status=201)


class ExportProfileDetail(DetailView):
    """One export profile; PATCH changes it."""

    read_permission = Permission.LEDGER_VIEW
    write_permission = Permission.LEDGER_EDIT
    serializer_class = ExportProfileSerializer

    def get_object(self) -> ExportProfile:
        """The caller's own profile, or 404."""
        return _profile(self.kwargs["ref"])

    @extend_schema(request=ExportProfileChangeSerializer, responses=ExportProfileSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a profile; what is not given stays."""
        profile = self.get_object()
        given = ExportProfileChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        change_profile(profile=profile, **given.validated_data)
        return Response(ExportProfileSerializer(self.get_object()).data)


class ExportProfileExport(ScopedView):
    """POST makes files of all that waits."""

    write_permission = Permission.LEDGER_EDIT

    @extend_schema(request=None, responses={201: ExportReceiptSerializer(many=True)})
    def post(self, request: Request, ref: str) -> Response:
        """A receipt for each file; none where nothing waits."""
        made = make_exports(profile=_profile(ref))
        return Response(ExportReceiptSerializer(made, many=True).data, status=201)


class ExportReceiptList(ListView):
    """The files that were made, the latest first."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = ExportReceiptSerializer
    filterset_class = ReceiptFilter

    def rows(self) -> QuerySet[ExportReceipt]:
        """Files of the caller's operator."""
        return receipts()


class ExportReceiptDetail(DetailView):
    """The receipt of one file."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = ExportReceiptSerializer

    def get_object(self) -> ExportReceipt:
        """The caller's own file, or 404."""
        receipt: ExportReceipt = get_object_or_404(receipts(), public_id=self.kwargs["ref"])
        return receipt


class ExportReceiptFile(ScopedView):
    """GET fetches a file again, byte for byte."""

    read_permission = Permission.LEDGER_VIEW

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The file."""
        one = get_object_or_404(receipts(), public_id=ref)
        return file_response(one.path, content_type=one.content_type, name=one.name, inline=False)


urls = [
    address("export-profiles", ExportProfileList, "export_profiles"),
    address("export-profiles/{ref}", ExportProfileDetail, "export_profile"),
    address("export-profiles/{ref}/export", ExportProfileExport, "export_profile_export"),
    address("export-receipts", ExportReceiptList, "export_receipts"),
    address("export-receipts/{ref}", ExportReceiptDetail, "export_receipt"),
    address("export-receipts/{ref}/file", ExportReceiptFile, "export_receipt_file"),
]
