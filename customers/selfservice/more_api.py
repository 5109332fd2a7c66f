"""REST for customers: the year, payments by card, and cases with their messages."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.payments.cards.models import CardPayment, CardPaymentPart, CardState
from core.api.inputs import Input
from core.api.views import ListView
from core.attachments.models import Attachment
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet
from customers.notices.models import NoticeKind, NoticeState, PayerNotice
from customers.selfservice.api import MyView, my_address
from customers.selfservice.case_views import shown_entries, visible_cases
from customers.selfservice.document_views import document_response
from customers.selfservice.mine import invoices_of, told_to, visible_documents
from customers.selfservice.year import months_of, totals_of
from customers.selfservice.year_views import asked_owner, asked_year
from customers.support.models import CaseEntry, SupportCase
from customers.support.services import add_note


class MyMonthSerializer(serializers.Serializer[Any]):
    """A month, or the year, in one currency ("" where nothing was charged)."""

    month_on = serializers.DateField()
    currency = serializers.CharField()
    sessions = serializers.IntegerField()
    energy_wh = serializers.DecimalField(max_digits=16, decimal_places=3)
    gross = serializers.DecimalField(max_digits=16, decimal_places=4)


class MyYearSerializer(serializers.Serializer[Any]):
    """A year by month, and its totals."""

    year = serializers.IntegerField()
    months = MyMonthSerializer(many=True)
    totals = MyMonthSerializer(many=True)


class MyYear(MyView):
    """Sessions, energy and cost of a year."""

    @extend_schema(
        parameters=[
            OpenApiParameter("year", OpenApiTypes.INT),
            OpenApiParameter("of", OpenApiTypes.STR, enum=["company"]),
        ],
        responses=MyYearSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """As on the page of the year."""
        year = asked_year(request._request, operator_day(self.customer.operator).year)
        months = months_of(asked_owner(request._request, self.customer), year)
        found = {"year": year, "months": months, "totals": totals_of(months)}
        return Response(MyYearSerializer(found).data)


class MyPaymentFilter(ListFilterSet):
    """By state and days."""

    search_fields = ("public_id", "parts__invoice__number")
    state = ChoiceFilter(label=_("State"), choices=CardState.choices)
    created = DateRange(label=_("Started"), field_name="created_at")

    class Meta:
        model = CardPayment
        fields: list[str] = []


class MyPaymentSerializer(serializers.ModelSerializer[CardPayment]):
    """A payment by card, and the invoices that it pays."""

    id = serializers.CharField(source="public_id")
    invoices = serializers.SerializerMethodField()
    why = serializers.CharField(source="failure_text")

    class Meta:
        model = CardPayment
        fields = (
            "id", "state", "is_automatic", "amount", "currency", "captured_amount", "card_label",
            "why", "retry_at", "created_at", "settled_at", "invoices",
        )  # fmt: skip

    def get_invoices(self, row: CardPayment) -> list[str]:
        """Their public ids."""
        return [one.invoice.public_id for one in row.parts.all()]


class MyPayments(MyView, ListView):
    """Payments by card of invoices that the customer sees, the latest first."""

    serializer_class = MyPaymentSerializer
    filterset_class = MyPaymentFilter

    def rows(self) -> QuerySet[Any]:
        """Never those of another payer of the same account."""
        own = CardPaymentPart.objects.filter(
            invoice__in=invoices_of(self.customer).order_by().values("pk")
        )
        parts = CardPaymentPart.objects.select_related("invoice").order_by("pk")
        rows: QuerySet[CardPayment] = CardPayment.objects.filter(pk__in=own.values("card_payment"))
        return rows.prefetch_related(Prefetch("parts", parts)).order_by("-created_at", "-pk")


class MyEntrySerializer(serializers.ModelSerializer[CaseEntry]):
    """What was said."""

    kind = serializers.CharField()

    class Meta:
        model = CaseEntry
        fields = ("at", "kind", "text")


class MyCaseRowSerializer(serializers.ModelSerializer[SupportCase]):
    """A problem or question."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = SupportCase
        fields = ("id", "state", "asked", "opened_at", "closed_at")


class MyCaseDetailSerializer(MyCaseRowSerializer):
    """With what was said, the operator's notes to itself apart."""

    entries = MyEntrySerializer(many=True, source="shown")

    class Meta(MyCaseRowSerializer.Meta):
        fields = (*MyCaseRowSerializer.Meta.fields, "entries")  # type: ignore[assignment]  # longer than its base's


class MyMessageSerializer(Input):
    """An answer."""

    text = serializers.CharField(max_length=2000)


class MyCaseFilter(ListFilterSet):
    """By text."""

    search_fields = ("public_id", "asked")

    class Meta:
        model = SupportCase
        fields: list[str] = []


class MyCases(MyView, ListView):
    """Problems and questions, the newest first."""

    serializer_class = MyCaseRowSerializer
    filterset_class = MyCaseFilter

    def rows(self) -> QuerySet[Any]:
        """The customer's."""
        return visible_cases(self.customer)


class MyCase(MyView):
    """One of them; POST adds a message."""

    def _shown(self, ref: str) -> Response:
        case: Any = get_object_or_404(visible_cases(self.customer), public_id=ref)
        case.shown = list(shown_entries(case))
        return Response(MyCaseDetailSerializer(case).data)

    @extend_schema(operation_id="my_case_read", responses=MyCaseDetailSerializer)
    def get(self, request: Request, slug: str, ref: str) -> Response:
        """What was said, the oldest first."""
        return self._shown(ref)

    @extend_schema(request=MyMessageSerializer, responses=MyCaseDetailSerializer)
    def post(self, request: Request, slug: str, ref: str) -> Response:
        """409 in a closed case."""
        case = visible_cases(self.customer).filter(public_id=ref).first()
        if case is None:
            raise Http404
        add_note(case=case, text=self.given(MyMessageSerializer)["text"], is_shared=True)
        return self._shown(ref)


class MyMailFilter(ListFilterSet):
    """By text, kind and state."""

    search_fields = ("address", "ref")
    kind = ChoiceFilter(label=_("About"), choices=NoticeKind.choices)
    state = ChoiceFilter(label=_("State"), choices=NoticeState.choices)

    class Meta:
        model = PayerNotice
        fields: list[str] = []


class MyMailSerializer(serializers.ModelSerializer[PayerNotice]):
    """A mail about an invoice or a card, and when it was sent."""

    state = serializers.ChoiceField(choices=NoticeState.choices)

    class Meta:
        model = PayerNotice
        fields = ("id", "kind", "ref", "address", "state", "created_at", "sent_at")


class MyMails(MyView, ListView):
    """What was mailed to the customer about invoices and cards, the latest first."""

    serializer_class = MyMailSerializer
    filterset_class = MyMailFilter

    def rows(self) -> QuerySet[PayerNotice]:
        """The customer's."""
        return told_to(self.customer)


class MyDocumentSerializer(serializers.ModelSerializer[Attachment]):
    """A file that the operator shows; its bytes are at ``documents/{id}``."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Attachment
        fields = ("id", "name", "caption", "content_type", "size_bytes", "created_at")


class MyDocumentFilter(ListFilterSet):
    """By text."""

    search_fields = ("name", "caption")

    class Meta:
        model = Attachment
        fields: list[str] = []


class MyDocuments(MyView, ListView):
    """Documents that the operator shows to the customer, the newest first."""

    serializer_class = MyDocumentSerializer
    filterset_class = MyDocumentFilter

    def rows(self) -> QuerySet[Attachment]:
        """The customer's."""
        return visible_documents(self.customer)


class MyDocument(MyView):
    """One of them."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, ref: str) -> HttpResponse:
        """The file as stored."""
        return document_response(get_object_or_404(visible_documents(self.customer), public_id=ref))


urls = [
    my_address("/documents", MyDocuments, "documents"),
    my_address("/documents/{ref}", MyDocument, "document"),
    my_address("/mails", MyMails, "mails"),
    my_address("/year", MyYear, "year"),
    my_address("/payments", MyPayments, "payments"),
    my_address("/cases", MyCases, "cases"),
    my_address("/cases/{ref}", MyCase, "case"),
]
