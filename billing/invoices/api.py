"""REST: invoices and credit notes."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.invoices.crediting import credit
from billing.invoices.issuing import issue
from billing.invoices.lists import InvoiceFilter
from billing.invoices.models import Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from billing.invoices.runs import delete_draft
from billing.invoices.selectors import invoices, items_of
from billing.invoices.settling import set_disputed
from core.accounts.permissions import Permission
from core.api.fields import ObjectField, ReasonSerializer
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """A document; a draft has no number. Amounts of a credit note are positive."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id", allow_null=True, default=None)
    seller = serializers.CharField(source="seller.public_id")
    run = serializers.CharField(source="run.public_id", allow_null=True, default=None)
    original = serializers.CharField(source="original.public_id", allow_null=True, default=None)

    class Meta:
        model = Invoice
        fields = (
            "id", "number", "kind", "state", "account", "seller", "run", "original", "reason",
            "issued_on", "due_on", "supply_from_on", "supply_until_on", "currency",
            "prices_include_tax", "net", "tax", "gross", "rounding", "payable", "open_amount",
            "paid_amount", "credited_amount", "written_off_amount", "credited_gross", "ocr",
            "language", "is_disputed", "created_at",
        )  # fmt: skip


class InvoiceLineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """A line; the price is without VAT."""

    site = serializers.CharField(source="site.public_id", allow_null=True, default=None)

    class Meta:
        model = InvoiceLine
        fields = (
            "position", "group_title", "kind", "description", "details", "quantity", "unit",
            "unit_price", "net", "tax", "gross", "tax_rate", "tax_category", "tax_country",
            "site", "period_from_on", "period_until_on", "cost_centre", "registration_number",
            "revenue_account", "is_specified",
        )  # fmt: skip


class InvoiceTaxSerializer(serializers.ModelSerializer[InvoiceTax]):
    """The VAT of a category, rate and country."""

    class Meta:
        model = InvoiceTax
        fields = ("category", "rate", "country", "net", "tax", "reason")


class InvoiceDetailSerializer(InvoiceSerializer):
    """With lines, VAT, both parties as they were, and credit notes."""

    lines = InvoiceLineSerializer(many=True)
    taxes = InvoiceTaxSerializer(many=True)
    credit_notes: serializers.SlugRelatedField[Invoice] = serializers.SlugRelatedField(
        "public_id", many=True, read_only=True
    )
    seller_snapshot = ObjectField()
    buyer_snapshot = ObjectField()

    class Meta(InvoiceSerializer.Meta):
        fields = (
            *InvoiceSerializer.Meta.fields,
            "lines", "taxes", "credit_notes", "seller_snapshot", "buyer_snapshot",
        )  # type: ignore[assignment]  # a longer tuple  # fmt: skip


class InvoiceItemSerializer(serializers.ModelSerializer[InvoiceItem]):
    """A billed thing; ``adjusts``: the invoice that billed the session before."""

    session = serializers.CharField(
        source="billable.session.public_id", allow_null=True, default=None
    )
    fee = serializers.CharField(source="fee.public_id", allow_null=True, default=None)
    manual_item = serializers.CharField(source="manual.public_id", allow_null=True, default=None)
    adjusts = serializers.CharField(source="adjusts.public_id", allow_null=True, default=None)
    line = serializers.IntegerField(source="line.position")

    class Meta:
        model = InvoiceItem
        fields = ("key", "line", "session", "fee", "manual_item", "adjusts", "net", "gross")


class DisputeSerializer(Input):
    """Whether the customer disputes the invoice, and why this is noted."""

    is_disputed = serializers.BooleanField()
    reason = serializers.CharField(max_length=500)


class CreditLineSerializer(Input):
    """A gross amount of one line."""

    position = serializers.IntegerField(min_value=1)
    gross = serializers.DecimalField(max_digits=14, decimal_places=2)


class CreditSerializer(Input):
    """What to give back: amounts by line, or one gross sum; neither: all that remains."""

    reason = serializers.CharField(max_length=500)
    lines = CreditLineSerializer(many=True, required=False)
    gross = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses what could be read in two ways: each line once, and lines or a sum."""
        positions = [one["position"] for one in attrs.get("lines", ())]
        if len(set(positions)) < len(positions):
            raise serializers.ValidationError({"lines": _("Name each line once.")})
        if "lines" in attrs and "gross" in attrs:
            raise serializers.ValidationError({"gross": _("Give lines or one sum, not both.")})
        return attrs


def found(ref: str) -> Invoice:
    """The caller's own document, or 404."""
    invoice: Invoice = get_object_or_404(
        invoices()
        .select_related("seller__operator")
        .prefetch_related(
            Prefetch("lines", InvoiceLine.objects.select_related("site").order_by("position")),
            "taxes",
            "credit_notes",
        ),
        public_id=ref,
    )
    return invoice


class InvoiceList(ListView):
    """All documents, drafts first, then the newest."""

    read_permission = Permission.INVOICE_VIEW
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter

    def rows(self) -> QuerySet[Invoice]:
        """Documents of the caller's operator."""
        return invoices()


class InvoiceDetail(DetailView):
    """One document; DELETE throws a draft away."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT
    serializer_class = InvoiceDetailSerializer

    def get_object(self) -> Invoice:
        """The caller's own document, or 404."""
        return found(self.kwargs["ref"])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """What a draft billed is due again; 409 for what is issued."""
        delete_draft(invoice=self.get_object())
        return Response(status=204)


class InvoiceItems(ListView):
    """What a document bills: sessions, fees and manual items."""

    read_permission = Permission.INVOICE_VIEW
    serializer_class = InvoiceItemSerializer

    def rows(self) -> QuerySet[InvoiceItem]:
        """In the order of the lines."""
        return items_of(get_object_or_404(invoices(), public_id=self.kwargs["ref"]))


class InvoiceIssue(ScopedView):
    """POST issues a draft."""

    write_permission = Permission.INVOICE_ISSUE

    @extend_schema(request=ReasonSerializer, responses=InvoiceDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """It takes the next number of its series; 409 when it no longer holds."""
        invoice = found(ref)
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        issue(invoice, reason=given.validated_data["reason"])
        return Response(InvoiceDetailSerializer(found(ref)).data)


class InvoiceDispute(ScopedView):
    """POST notes that the customer disputes an invoice, or no longer does."""

    write_permission = Permission.INVOICE_EDIT

    @extend_schema(request=DisputeSerializer, responses=InvoiceDetailSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 where it is so already, and for drafts."""
        invoice = found(ref)
        given = DisputeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_disputed(invoice=invoice, **given.validated_data)
        return Response(InvoiceDetailSerializer(found(ref)).data)


class InvoiceCredit(ScopedView):
    """POST issues a credit note."""

    write_permission = Permission.INVOICE_ISSUE

    @extend_schema(request=CreditSerializer, responses={201: InvoiceDetailSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """The credit note; 409 for more than remains."""
        invoice = found(ref)
        given = CreditSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        if "lines" in values:
            values["lines"] = {one["position"]: one["gross"] for one in values["lines"]}
        note = credit(invoice, **values)
        return Response(InvoiceDetailSerializer(found(note.public_id)).data, status=201)


urls = [
    address("invoices", InvoiceList, "invoices"),
    address("invoices/{ref}", InvoiceDetail, "invoice"),
    address("invoices/{ref}/items", InvoiceItems, "invoice_items"),
    address("invoices/{ref}/issue", InvoiceIssue, "invoice_issue"),
    address("invoices/{ref}/dispute", InvoiceDispute, "invoice_dispute"),
    address("invoices/{ref}/credit", InvoiceCredit, "invoice_credit"),
]
