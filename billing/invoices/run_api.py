"""REST: billing runs, how sellers invoice, and items entered by hand."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.models import InvoiceRhythm
from billing.accounts.selectors import account_named
from billing.invoices import manual_services
from billing.invoices.lists import ManualFilter, RunFilter
from billing.invoices.run_models import BillingRules, BillingRun, ManualItem, ManualKind
from billing.invoices.runs import (
    approve_run,
    change_rules,
    discard_run,
    plan_run,
    refresh_run,
    rules_of,
)
from billing.invoices.selectors import manual_items, runs
from billing.invoices.tasks import work_runs
from billing.sellers.models import Seller
from billing.sellers.selectors import seller_named
from core.accounts.permissions import Permission
from core.api.fields import ObjectField
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.soon import soon


class RunSerializer(serializers.ModelSerializer[BillingRun]):
    """A run; ``sums`` are gross sums by currency."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")
    account = serializers.CharField(source="account.public_id", allow_null=True, default=None)
    sums = ObjectField()

    class Meta:
        model = BillingRun
        fields = (
            "id", "seller", "scope", "account", "period_from_on", "period_until_on", "state",
            "issues_alone", "ignores_minimum", "draft_count", "invoice_count", "item_count",
            "carried_count", "sums", "error", "started_label", "created_at", "previewed_at",
            "finished_at",
        )  # fmt: skip


class RunWriteSerializer(Input):
    """A new run: of one account, or of all that are invoiced in the seller's rhythm."""

    seller = serializers.CharField(max_length=24)
    period_from_on = serializers.DateField()
    period_until_on = serializers.DateField()
    account = serializers.CharField(max_length=24, required=False)
    ignores_minimum = serializers.BooleanField(required=False)


class BillingRulesSerializer(serializers.ModelSerializer[BillingRules]):
    """How a seller invoices."""

    class Meta:
        model = BillingRules
        fields = (
            "rhythm", "runs_alone", "run_day", "issues_alone", "minimum_amount",
            "rounds_to_coins", "uses_customer_ocr", "bills_from_on",
        )  # fmt: skip


class BillingRulesWriteSerializer(Input):
    """What may be changed of how a seller invoices."""

    rhythm = serializers.ChoiceField(choices=InvoiceRhythm.choices, required=False)
    runs_alone = serializers.BooleanField(required=False)
    run_day = serializers.IntegerField(min_value=1, max_value=28, required=False)
    issues_alone = serializers.BooleanField(required=False)
    minimum_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    rounds_to_coins = serializers.BooleanField(required=False)
    uses_customer_ocr = serializers.BooleanField(required=False)
    bills_from_on = serializers.DateField(allow_null=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ManualSerializer(serializers.ModelSerializer[ManualItem]):
    """An item entered by hand; ``invoice``: the one that bills it."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id")
    seller = serializers.CharField(source="seller.public_id")
    invoice = serializers.CharField(source="invoice_ref", allow_null=True, default=None)

    class Meta:
        model = ManualItem
        fields = (
            "id", "account", "seller", "kind", "description", "due_on", "quantity", "unit",
            "unit_price", "currency", "is_tax_included", "tax_percent", "cost_centre",
            "revenue_account", "note", "invoice", "created_at",
        )  # fmt: skip


class ManualChangeSerializer(Input):
    """What may be written of an item."""

    kind = serializers.ChoiceField(choices=ManualKind.choices, required=False)
    description = serializers.CharField(max_length=300, required=False)
    due_on = serializers.DateField(required=False)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, required=False)
    unit = serializers.ChoiceField(choices=manual_services.UNITS, required=False)
    unit_price = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=0, required=False
    )
    is_tax_included = serializers.BooleanField(required=False)
    tax_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=99, required=False
    )
    cost_centre = serializers.CharField(max_length=40, allow_blank=True, required=False)
    revenue_account = serializers.CharField(max_length=10, allow_blank=True, required=False)
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ManualWriteSerializer(ManualChangeSerializer):
    """A new item of an account."""

    account = serializers.CharField(max_length=24)
    seller = serializers.CharField(max_length=24)
    description = serializers.CharField(max_length=300)
    due_on = serializers.DateField()
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0)


class RunList(ListView):
    """All runs; POST begins one, whose drafts wait for approval."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT
    serializer_class = RunSerializer
    filterset_class = RunFilter

    def rows(self) -> QuerySet[BillingRun]:
        """Runs of the caller's operator."""
        return runs()

    @extend_schema(request=RunWriteSerializer, responses={201: RunSerializer})
    def post(self, request: Request) -> Response:
        """Begin a run."""
        given = RunWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        account = account_named(values["account"]) if "account" in values else None
        run = plan_run(
            seller=seller_named(values["seller"], in_use=True),
            period=(values["period_from_on"], values["period_until_on"]),
            now=timezone.now(),
            account=account,
            ignores_minimum=values.get("ignores_minimum", False),
        )
        soon(work_runs)
        return Response(RunSerializer(run).data, status=201)


class RunDetail(DetailView):
    """One run; its drafts are among the invoices. DELETE throws it away with its drafts."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT
    serializer_class = RunSerializer

    def get_object(self) -> BillingRun:
        """The caller's own run, or 404."""
        return get_object_or_404(runs(), public_id=self.kwargs["ref"])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """409 for a run that has issued anything."""
        discard_run(run=self.get_object())
        return Response(status=204)


class RunApprove(ScopedView):
    """POST lets the drafts of a run be issued."""

    write_permission = Permission.INVOICE_ISSUE

    @extend_schema(request=None, responses=RunSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a run that does not wait for it."""
        run: BillingRun = get_object_or_404(runs(), public_id=ref)
        approve_run(run=run)
        soon(work_runs)
        return Response(RunSerializer(run).data)


class RunRefresh(ScopedView):
    """POST makes the drafts of a run anew."""

    write_permission = Permission.INVOICE_EDIT

    @extend_schema(request=None, responses=RunSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a run that is being worked on or done."""
        run: BillingRun = get_object_or_404(runs(), public_id=ref)
        refresh_run(run=run)
        soon(work_runs)
        return Response(RunSerializer(run).data)


class SellerRules(ScopedView):
    """How a seller invoices; PATCH changes it."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT

    @extend_schema(responses=BillingRulesSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The rules in force."""
        seller: Seller = get_object_or_404(Seller.objects.all(), public_id=ref)
        return Response(BillingRulesSerializer(rules_of(seller)).data)

    @extend_schema(request=BillingRulesWriteSerializer, responses=BillingRulesSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given."""
        seller: Seller = get_object_or_404(Seller.objects.all(), public_id=ref)
        given = BillingRulesWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        rules = change_rules(seller=seller, **given.validated_data)
        return Response(BillingRulesSerializer(rules).data)


class ManualList(ListView):
    """All items entered by hand; POST enters one."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT
    serializer_class = ManualSerializer
    filterset_class = ManualFilter

    def rows(self) -> QuerySet[ManualItem]:
        """Items of the caller's operator."""
        return manual_items()

    @extend_schema(request=ManualWriteSerializer, responses={201: ManualSerializer})
    def post(self, request: Request) -> Response:
        """Enter an item for the account's next invoice."""
        given = ManualWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        account = account_named(values.pop("account"))
        seller = seller_named(values.pop("seller"), in_use=True)
        item = manual_services.create_manual_item(account=account, seller=seller, **values)
        return Response(ManualSerializer(item).data, status=201)


class ManualDetail(DetailView):
    """One item; PATCH changes it, DELETE takes it out."""

    read_permission = Permission.INVOICE_VIEW
    write_permission = Permission.INVOICE_EDIT
    serializer_class = ManualSerializer

    def get_object(self) -> ManualItem:
        """The caller's own item, or 404."""
        return get_object_or_404(manual_items(), public_id=self.kwargs["ref"])

    @extend_schema(request=ManualChangeSerializer, responses=ManualSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays; 409 once an invoice bills it."""
        item = self.get_object()
        given = ManualChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        manual_services.change_manual_item(item=item, **given.validated_data)
        return Response(ManualSerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """409 for an item that an invoice or a draft bills."""
        manual_services.delete_manual_item(item=self.get_object())
        return Response(status=204)


urls = [
    address("billing-runs", RunList, "billing_runs"),
    address("billing-runs/{ref}", RunDetail, "billing_run"),
    address("billing-runs/{ref}/approve", RunApprove, "billing_run_approve"),
    address("billing-runs/{ref}/refresh", RunRefresh, "billing_run_refresh"),
    address("sellers/{ref}/invoicing", SellerRules, "seller_invoicing"),
    address("manual-items", ManualList, "manual_items"),
    address("manual-items/{ref}", ManualDetail, "manual_item"),
]
