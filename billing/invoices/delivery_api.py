"""REST: files and deliveries of issued documents."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.invoices.delivery_lists import DeliveryFilter, deliveries
from billing.invoices.delivery_models import Delivery, DeliveryWay, FileKind, InvoiceFile
from billing.invoices.delivery_services import MOST_ADDRESSES, mark_done, note_bounce, send_again
from billing.invoices.file_services import (
    CONTENT_TYPES,
    content,
    ensure_file,
    file_name,
    retry_files,
)
from billing.invoices.models import Invoice
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import RuleViolation


class InvoiceFileSerializer(serializers.ModelSerializer[InvoiceFile]):
    """A made file with its digest; ``problem`` says why there is none."""

    class Meta:
        model = InvoiceFile
        fields = ("kind", "language", "sha256", "size_bytes", "problem", "created_at")


class InvoiceDeliverySerializer(serializers.ModelSerializer[Delivery]):
    """A delivery; ``invoice`` by public id."""

    id = serializers.CharField(source="public_id")
    invoice = serializers.CharField(source="invoice.public_id")
    number = serializers.CharField(source="invoice.number")
    addresses = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Delivery
        fields = (
            "id",
            "invoice",
            "number",
            "way",
            "addresses",
            "state",
            "is_planned",
            "attempts",
            "error",
            "message_id",
            "requested_label",
            "created_at",
            "sent_at",
            "delivered_at",
        )


class SendSerializer(Input):
    """Another delivery; without addresses a mail goes to those of the account."""

    way = serializers.ChoiceField(choices=DeliveryWay.choices)
    addresses = serializers.ListField(
        child=serializers.EmailField(), max_length=MOST_ADDRESSES, required=False
    )
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class BounceSerializer(Input):
    """What the mail server said."""

    error = serializers.CharField(max_length=500)


def _invoice(ref: str) -> Invoice:
    invoice: Invoice = get_object_or_404(Invoice.objects.exclude(state="draft"), public_id=ref)
    return invoice


class InvoiceFiles(ScopedView):
    """The files of a document; POST tries again to make those that could not be made."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT

    @extend_schema(responses=InvoiceFileSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """PDF, and the e-invoice where both sides have a Peppol address."""
        return self._shown(_invoice(ref))

    @extend_schema(request=None, responses=InvoiceFileSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """What is there stays as it is."""
        invoice = _invoice(ref)
        retry_files(invoice)
        return self._shown(invoice)

    def _shown(self, invoice: Invoice) -> Response:
        rows = InvoiceFile.objects.filter(invoice=invoice)
        return Response(InvoiceFileSerializer(rows, many=True).data)


class InvoicePdf(ScopedView):
    """The bytes of a file as it was made."""

    read_permission = Permission.INVOICE_VIEW
    kind = FileKind.PDF

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """Made now if it is not there yet. 404 where the document gets none; 409 when it could
        not be made, or the store has lost it."""
        invoice = _invoice(ref)
        file = ensure_file(invoice, self.kind)
        if file is None:
            raise Http404
        if file.problem:
            raise RuleViolation("not_made", file.problem)
        answer = HttpResponse(content(file), content_type=CONTENT_TYPES[FileKind(file.kind)])
        name = file_name(file, invoice.number)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-SHA256"] = file.sha256
        return answer


class InvoiceUbl(InvoicePdf):
    """The e-invoice as it was made."""

    kind = FileKind.UBL


class InvoiceDeliveries(ScopedView):
    """The deliveries of a document; POST queues another one."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT

    @extend_schema(
        operation_id="invoice_deliveries_of_invoice", responses=InvoiceDeliverySerializer(many=True)
    )
    def get(self, request: Request, ref: str) -> Response:
        """The latest first."""
        rows = deliveries().filter(invoice=_invoice(ref))
        return Response(InvoiceDeliverySerializer(rows, many=True).data)

    @extend_schema(request=SendSerializer, responses={201: InvoiceDeliverySerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 where the document has no such file."""
        invoice = _invoice(ref)
        given = SendSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        made = send_again(invoice=invoice, **values)
        return Response(InvoiceDeliverySerializer(made).data, status=201)


class DeliveryList(ListView):
    """All deliveries of invoices."""

    read_permission = Permission.INVOICE_VIEW
    serializer_class = InvoiceDeliverySerializer
    filterset_class = DeliveryFilter

    def rows(self) -> QuerySet[Delivery]:
        """Deliveries of the caller's operator."""
        return deliveries()


class DeliveryDone(ScopedView):
    """POST notes that what was printed or fetched is handed over."""

    write_permission = Permission.INVOICE_EDIT

    @extend_schema(request=None, responses=InvoiceDeliverySerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a delivery that goes by itself, or is done."""
        delivery = get_object_or_404(deliveries(), public_id=ref)
        return Response(InvoiceDeliverySerializer(mark_done(delivery=delivery)).data)


class DeliveryBounce(ScopedView):
    """POST notes that a mail came back, as a mail server or provider reports it."""

    write_permission = Permission.INVOICE_EDIT

    @extend_schema(request=BounceSerializer, responses=InvoiceDeliverySerializer)
    def post(self, request: Request, ref: str) -> Response:
        """``ref`` is the delivery's id or its message id; 409 when it is noted already."""
        name = "public_id" if ref.startswith("dlv_") else "message_id"
        delivery = get_object_or_404(deliveries(), **{name: ref})
        given = BounceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        noted = note_bounce(delivery=delivery, error=given.validated_data["error"])
        return Response(InvoiceDeliverySerializer(noted).data)


urls = [
    address("invoices/{ref}/files", InvoiceFiles, "invoice_files"),
    address("invoices/{ref}/files/pdf", InvoicePdf, "invoice_pdf"),
    address("invoices/{ref}/files/ubl", InvoiceUbl, "invoice_ubl"),
    address("invoices/{ref}/deliveries", InvoiceDeliveries, "invoice_deliveries_of_invoice"),
    address("invoice-deliveries", DeliveryList, "invoice_deliveries"),
    address("invoice-deliveries/{ref}/done", DeliveryDone, "invoice_delivery_done"),
    address("invoice-deliveries/{ref}/bounce", DeliveryBounce, "invoice_delivery_bounce"),
]
