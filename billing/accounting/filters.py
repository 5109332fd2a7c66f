"""Filters of the journal and of charts."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounting.book_models import ChartAccount
from billing.accounting.models import (
    KIND_CHOICES,
    JournalEntry,
    JournalPosting,
    Period,
    PeriodState,
)
from billing.accounting.selectors import sellers
from billing.accounts.models import BillingAccount
from billing.accounts.selectors import accounts
from billing.sellers.models import Seller
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
)


def seller_choices(_request: HttpRequest | None) -> QuerySet[Seller]:
    """Sellers of the operator in scope."""
    return sellers()


def account_choices(_request: HttpRequest | None) -> QuerySet[BillingAccount]:
    """Billing accounts of the operator in scope."""
    return accounts()


class EntryFilter(ListFilterSet):
    """Entries by document, seller, kind, day, ledger account, customer and invoice."""

    search_fields = ("document", "text", "public_id", "account__name")
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    kind = ChoiceFilter(label=_("Kind"), choices=KIND_CHOICES)
    booked = DateRange(field_name="booked_on", label=_("Day"))
    ledger = CharFilter(method="by_ledger", label=_("Ledger account"))
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Billing account")
    )
    invoice = CharFilter(method="by_invoice", label=_("Invoice"))
    number = CharFilter(method="by_number", label=_("Number"))

    class Meta:
        model = JournalEntry
        fields: list[str] = []

    def by_ledger(
        self, queryset: QuerySet[JournalEntry], _name: str, value: str
    ) -> QuerySet[JournalEntry]:
        """With a posting on accounts that begin with the digits."""
        return _posted(queryset, account__number__startswith=value.strip())

    def by_invoice(
        self, queryset: QuerySet[JournalEntry], _name: str, value: str
    ) -> QuerySet[JournalEntry]:
        """That move the receivable of the invoice."""
        return _posted(queryset, invoice_number=value.strip())

    def by_number(
        self, queryset: QuerySet[JournalEntry], _name: str, value: str
    ) -> QuerySet[JournalEntry]:
        """The entry of that number; nothing for what is no number."""
        text = value.strip()
        good = text.isascii() and text.isdigit() and len(text) < 10
        return queryset.filter(number=int(text)) if good else queryset.none()


def _posted(queryset: QuerySet[JournalEntry], **terms: str) -> QuerySet[JournalEntry]:
    return queryset.filter(Exists(JournalPosting.objects.filter(entry=OuterRef("pk"), **terms)))


class ChartFilter(ListFilterSet):
    """Ledger accounts by number or name, seller, and whether anything is booked on them."""

    search_fields = ("number", "name")
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    is_booked = BooleanFilter(label=_("Booked on"))

    class Meta:
        model = ChartAccount
        fields: list[str] = []


class PeriodFilter(ListFilterSet):
    """Months by seller and state."""

    search_fields = ("seller__name", "closed_by_label")
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    state = ChoiceFilter(label=_("State"), choices=PeriodState.choices)

    class Meta:
        model = Period
        fields: list[str] = []
