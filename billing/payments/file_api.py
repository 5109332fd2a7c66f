"""REST: bank files and their transactions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from billing.payments import file_selectors
from billing.payments.bank.model import MOST_BYTES
from billing.payments.bank_models import BankFile, BankTransaction
from billing.payments.bringing import bring_file
from billing.payments.file_lists import BankFileFilter, TransactionFilter
from billing.payments.matching_services import match_at_once
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.parsers import BoundedJSONParser
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.files.store import read_upload


class BankFileSerializer(serializers.ModelSerializer[BankFile]):
    """A file without its content; ``waiting``: transactions that are to be sorted out."""

    id = serializers.CharField(source="public_id")
    accounts = serializers.ListField(child=serializers.CharField())
    waiting = serializers.IntegerField()

    class Meta:
        model = BankFile
        fields = (
            "id", "format", "file_name", "file_id", "sha256", "size_bytes", "accounts",
            "transaction_count", "known_count", "waiting", "user_label", "created_at",
        )  # fmt: skip


class BankTransactionSerializer(serializers.ModelSerializer[BankTransaction]):
    """A transaction as the bank told it, and what became of it."""

    id = serializers.CharField(source="public_id")
    bank_file = serializers.CharField(source="bank_file.public_id")
    references = serializers.ListField(child=serializers.CharField())
    proposal = serializers.DictField()

    class Meta:
        model = BankTransaction
        fields = (
            "id", "bank_file", "position", "bank_account", "bank_id", "direction", "amount",
            "currency", "booked_on", "references", "text", "payer_name", "payer_account",
            "payer_number", "state", "proposal", "note", "settled_at",
        )  # fmt: skip


class BankFileWriteSerializer(Input):
    """A file of the bank."""

    file = serializers.FileField(allow_empty_file=True)


def _file(ref: str) -> BankFile:
    file: BankFile = get_object_or_404(file_selectors.bank_files(), public_id=ref)
    return file


class BankFileList(ListView):
    """Bank files; POST (multipart) brings one."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT
    serializer_class = BankFileSerializer
    filterset_class = BankFileFilter
    parser_classes = [MultiPartParser, BoundedJSONParser]

    def rows(self) -> QuerySet[BankFile]:
        """Files of the caller's operator."""
        return file_selectors.bank_files()

    @extend_schema(
        request={"multipart/form-data": BankFileWriteSerializer},
        responses={201: BankFileSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take a file over, whole or not at all: 422 names the place that is wrong, 409 tells
        that the file is known."""
        given = BankFileWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload: Any = given.validated_data["file"]
        file = bring_file(
            operator=operator_of(request),
            name=upload.name or "",
            raw=read_upload(upload, most_bytes=MOST_BYTES),
        )
        match_at_once(operator=operator_of(request), file=file, now=timezone.now())
        return Response(BankFileSerializer(_file(file.public_id)).data, status=201)


class BankFileDetail(DetailView):
    """One bank file."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = BankFileSerializer

    def get_object(self) -> BankFile:
        """The caller's own file, or 404."""
        return _file(self.kwargs["ref"])


class BankFileContent(ScopedView):
    """A bank file as it came."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The bytes."""
        file: BankFile = get_object_or_404(BankFile.objects.all(), public_id=ref)
        return HttpResponse(bytes(file.raw), content_type="application/octet-stream")


class BankTransactionList(ListView):
    """Bank transactions; ``state=work_list`` is the work list."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = BankTransactionSerializer
    filterset_class = TransactionFilter

    def rows(self) -> QuerySet[BankTransaction]:
        """Transactions of the caller's operator."""
        return file_selectors.transactions()


class BankTransactionDetail(DetailView):
    """One bank transaction."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = BankTransactionSerializer

    def get_object(self) -> BankTransaction:
        """The caller's own transaction, or 404."""
        return get_object_or_404(file_selectors.transactions(), public_id=self.kwargs["ref"])


urls = [
    address("bank-files", BankFileList, "bank_files"),
    address("bank-files/{ref}", BankFileDetail, "bank_file"),
    address("bank-files/{ref}/content", BankFileContent, "bank_file_content"),
    address("bank-transactions", BankTransactionList, "bank_transactions"),
    address("bank-transactions/{ref}", BankTransactionDetail, "bank_transaction"),
]
