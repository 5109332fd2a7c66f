"""REST: the journal and charts of accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting import chart_services as services
from billing.accounting.book_models import ChartAccount
from billing.accounting.filters import ChartFilter, EntryFilter
from billing.accounting.models import JournalEntry, JournalPosting
from billing.accounting.selectors import chart_accounts, entries
from billing.sellers.selectors import seller_named
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView


class PostingSerializer(serializers.ModelSerializer[JournalPosting]):
    """An amount on a ledger account: debit above zero, credit below."""

    account = serializers.CharField(source="account.number")
    account_name = serializers.CharField(source="account.name")

    class Meta:
        model = JournalPosting
        fields = (
            "position",
            "account",
            "account_name",
            "amount",
            "currency",
            "text",
            "dimensions",
            "tax_part",
            "tax_category",
            "tax_rate",
            "tax_country",
            "invoice_number",
        )


class JournalEntrySerializer(serializers.ModelSerializer[JournalEntry]):
    """An entry of the journal without its postings."""

    id = serializers.CharField(source="public_id")
    seller = serializers.CharField(source="seller.public_id")
    account = serializers.CharField(source="account.public_id", allow_null=True, default=None)

    class Meta:
        model = JournalEntry
        fields: tuple[str, ...] = (
            "id",
            "seller",
            "number",
            "kind",
            "booked_on",
            "document",
            "text",
            "total",
            "currency",
            "account",
            "source_kind",
            "created_at",
        )


class EntryDetailSerializer(JournalEntrySerializer):
    """An entry with its postings."""

    postings = PostingSerializer(many=True)

    class Meta(JournalEntrySerializer.Meta):
        fields = (*JournalEntrySerializer.Meta.fields, "postings")


class EntryList(ListView):
    """The journal, the latest entry first."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = JournalEntrySerializer
    filterset_class = EntryFilter

    def rows(self) -> QuerySet[JournalEntry]:
        """Entries of the caller's operator."""
        return entries()


class EntryDetail(DetailView):
    """One entry with its postings."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = EntryDetailSerializer

    def get_object(self) -> JournalEntry:
        """The caller's own entry, or 404."""
        rows = entries().prefetch_related("postings__account")
        entry: JournalEntry = get_object_or_404(rows, public_id=self.kwargs["ref"])
        return entry


class ChartAccountSerializer(serializers.ModelSerializer[ChartAccount]):
    """A ledger account; ``map_count``: uses and rules that name it."""

    id = serializers.IntegerField(source="pk")
    seller = serializers.CharField(source="seller.public_id")
    is_booked = serializers.BooleanField()
    map_count = serializers.IntegerField()

    class Meta:
        model = ChartAccount
        fields = ("id", "seller", "number", "name", "is_booked", "map_count")


class ChartAccountWriteSerializer(Input):
    """A new ledger account."""

    seller = serializers.CharField(max_length=24)
    number = serializers.CharField(max_length=6)
    name = serializers.CharField(max_length=100)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ChartAccountChangeSerializer(Input):
    """What may change of a ledger account."""

    number = serializers.CharField(max_length=6, required=False)
    name = serializers.CharField(max_length=100, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ChartAccountList(ListView):
    """All ledger accounts; POST adds one."""

    read_permission = Permission.LEDGER_VIEW
    write_permission = Permission.LEDGER_EDIT
    serializer_class = ChartAccountSerializer
    filterset_class = ChartFilter

    def rows(self) -> QuerySet[ChartAccount]:
        """Ledger accounts of the caller's operator."""
        return chart_accounts()

    @extend_schema(request=ChartAccountWriteSerializer, responses={201: ChartAccountSerializer})
    def post(self, request: Request) -> Response:
        """Add a ledger account to a seller's chart."""
        given = ChartAccountWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values["seller"] = seller_named(values["seller"])
        account = services.create_account(**values)
        fresh = chart_accounts().get(pk=account.pk)
        return Response(ChartAccountSerializer(fresh).data, status=201)


class ChartAccountDetail(DetailView):
    """One ledger account; PATCH changes it, DELETE takes it out."""

    read_permission = Permission.LEDGER_VIEW
    write_permission = Permission.LEDGER_EDIT
    serializer_class = ChartAccountSerializer

    def get_object(self) -> ChartAccount:
        """The caller's own ledger account, or 404."""
        account: ChartAccount = get_object_or_404(chart_accounts(), pk=self.kwargs["number"])
        return account

    @extend_schema(request=ChartAccountChangeSerializer, responses=ChartAccountSerializer)
    def patch(self, request: Request, number: str) -> Response:
        """Change name or number; 409 for the number of an account that is booked on."""
        account = self.get_object()
        given = ChartAccountChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        plain = ChartAccount.objects.select_related("seller").get(pk=account.pk)
        services.change_account(account=plain, **given.validated_data)
        return Response(ChartAccountSerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Take an unused ledger account out; 409 for one that is used."""
        services.delete_account(account=self.get_object())
        return Response(status=204)


urls = [
    address("journal-entries", EntryList, "journal_entries"),
    address("journal-entries/{ref}", EntryDetail, "journal_entry"),
    address("chart-accounts", ChartAccountList, "chart_accounts"),
    address("chart-accounts/{number}", ChartAccountDetail, "chart_account"),
]
