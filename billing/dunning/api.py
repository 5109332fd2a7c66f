"""REST: late invoices, steps, pauses, the plan, reference rates, ageing, collection files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.dunning import selectors, services
from billing.dunning.ageing import BANDS, ageing
from billing.dunning.facts import overdue, pauses_of
from billing.dunning.lists import DunningFilter, with_last_step
from billing.dunning.models import CollectionFile, DunningPause, DunningStep, PauseKind, StepKind
from billing.dunning.plans import change_plan, plan_of
from billing.dunning.rates import rates_for, set_rate
from billing.dunning.selectors import decision_of, find_invoice
from billing.invoices.models import Invoice
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView


class LateInvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice past its due day, with the last step about it."""

    id = serializers.CharField(source="public_id")
    account = serializers.CharField(source="account.public_id")
    last_step = serializers.CharField(allow_null=True)
    last_step_on = serializers.DateField(allow_null=True)

    class Meta:
        model = Invoice
        fields = (
            "id", "number", "account", "ocr", "issued_on", "due_on", "currency", "payable",
            "open_amount", "is_disputed", "last_step", "last_step_on",
        )  # fmt: skip


class DunningStepSerializer(serializers.ModelSerializer[DunningStep]):
    """A step with its letter."""

    id = serializers.CharField(source="public_id")
    sent_to = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = DunningStep
        fields = (
            "id", "step", "done_on", "owed", "fee", "interest", "total", "currency", "pay_by_on",
            "subject", "letter", "letter_sha256", "sent_to", "sent_at",
        )  # fmt: skip


class DunningPauseSerializer(serializers.ModelSerializer[DunningPause]):
    """Days that do not count; ``whole_account``: of all invoices of the account."""

    whole_account = serializers.SerializerMethodField()

    class Meta:
        model = DunningPause
        fields = ("id", "kind", "from_on", "until_on", "whole_account", "reason", "user_label")

    def get_whole_account(self, row: DunningPause) -> bool:
        """Whether it names no invoice."""
        return row.invoice_id is None


class DunningSerializer(serializers.Serializer[Any]):
    """Where an invoice stands; dates are null where nothing is next."""

    state = serializers.CharField()
    counted_days = serializers.IntegerField()
    next_on = serializers.DateField(allow_null=True)
    steps = DunningStepSerializer(many=True)
    pauses = DunningPauseSerializer(many=True)


class PauseWriteSerializer(Input):
    """A pause, or a promise to pay (with its day)."""

    kind = serializers.ChoiceField(choices=["by_hand", "promise"])
    from_on = serializers.DateField()
    until_on = serializers.DateField(required=False, allow_null=True, default=None)
    whole_account = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500)


class RungSerializer(Input):
    """A step of the ladder."""

    step = serializers.ChoiceField(choices=StepKind.choices)
    day = serializers.IntegerField(min_value=1, max_value=365)
    fee = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, default=Decimal(0))
    fee_by_terms = serializers.BooleanField(default=False)
    days_to_pay = serializers.IntegerField(min_value=0, max_value=90, default=0)


class DunningPlanSerializer(serializers.Serializer[Any]):
    """The operator's ladder."""

    is_active = serializers.BooleanField()
    currency = serializers.CharField()
    country_code = serializers.CharField()
    grace_bank_days = serializers.IntegerField()
    least_amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    business_compensation = serializers.DecimalField(max_digits=16, decimal_places=4)
    asks_interest = serializers.BooleanField()
    rungs = RungSerializer(many=True)


class DunningPlanWriteSerializer(Input):
    """What may be changed of the ladder; what is not given stays."""

    is_active = serializers.BooleanField(required=False)
    grace_bank_days = serializers.IntegerField(min_value=0, max_value=30, required=False)
    least_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    business_compensation = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    asks_interest = serializers.BooleanField(required=False)
    rungs = RungSerializer(many=True, required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ReferenceRateSerializer(serializers.Serializer[Any]):
    """The rate of a half-year."""

    from_on = serializers.DateField()
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class ReferenceRateWriteSerializer(Input):
    """The rate of the half-year that begins on 1 January or 1 July."""

    from_on = serializers.DateField()
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class AgeingSerializer(serializers.Serializer[Any]):
    """What was open of an invoice, or of a fee beside it, and in which band."""

    account_id = serializers.CharField()
    account = serializers.CharField()
    number = serializers.CharField()
    ocr = serializers.CharField()
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    paid = serializers.DecimalField(max_digits=16, decimal_places=4)
    open_amount = serializers.DecimalField(max_digits=16, decimal_places=4)
    days_late = serializers.IntegerField()
    band = serializers.ChoiceField(choices=BANDS)
    is_disputed = serializers.BooleanField()
    is_at_collection = serializers.BooleanField()


class AsOfSerializer(Input):
    """As of which day; today unless told."""

    as_of = serializers.DateField(required=False)


class CollectionFileSerializer(serializers.ModelSerializer[CollectionFile]):
    """A file for the collection agency without its content."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = CollectionFile
        fields = ("id", "invoice_count", "sha256", "user_label", "created_at")


class DunningList(ListView):
    """Invoices past their due day."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = LateInvoiceSerializer
    filterset_class = DunningFilter

    def rows(self) -> QuerySet[Any]:
        """Of the caller's operator."""
        return with_last_step(overdue(operator_day(operator_of(self.request))))


class DunningDetail(ScopedView):
    """Where one invoice stands."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses=DunningSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Steps, pauses and what is next."""
        invoice = find_invoice(ref)
        decision = decision_of(invoice)
        found = {
            "state": decision.state if decision else "",
            "counted_days": decision.counted_days if decision else 0,
            "next_on": decision.next_on if decision else None,
            "steps": invoice.steps_done,
            "pauses": pauses_of(invoice),
        }
        return Response(DunningSerializer(found).data)


class DunningPauses(ScopedView):
    """POST adds a pause or a promise."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PauseWriteSerializer, responses={201: DunningPauseSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """These days do not count."""
        invoice = find_invoice(ref)
        given = PauseWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        whole, kind = values.pop("whole_account"), PauseKind(values.pop("kind"))
        pause = services.add_pause(
            account=invoice.account, invoice=None if whole else invoice, kind=kind, **values
        )
        return Response(DunningPauseSerializer(pause).data, status=201)


class DunningPlanView(ScopedView):
    """The operator's ladder; PATCH changes it."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(responses=DunningPlanSerializer)
    def get(self, request: Request) -> Response:
        """The stored one, or the default that is switched off."""
        return Response(DunningPlanSerializer(plan_of(operator_of(request))).data)

    @extend_schema(request=DunningPlanWriteSerializer, responses=DunningPlanSerializer)
    def patch(self, request: Request) -> Response:
        """422 for a ladder that breaks the law or itself."""
        given = DunningPlanWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        plan = change_plan(operator=operator_of(request), **given.validated_data)
        return Response(DunningPlanSerializer(plan).data)


class ReferenceRates(ScopedView):
    """Reference rates by half-year; POST enters one."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(responses=ReferenceRateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The oldest first."""
        return Response(ReferenceRateSerializer(rates_for(operator_of(request).pk), many=True).data)

    @extend_schema(request=ReferenceRateWriteSerializer, responses={201: ReferenceRateSerializer})
    def post(self, request: Request) -> Response:
        """Enter or correct the rate of a half-year."""
        given = ReferenceRateWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rate = set_rate(operator=operator_of(request), **given.validated_data)
        return Response(ReferenceRateSerializer(rate).data, status=201)


class Ageing(ScopedView):
    """Receivables by age."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(
        parameters=[OpenApiParameter("as_of", OpenApiTypes.DATE)],
        responses=AgeingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """As of a day, by account and due day."""
        given = AsOfSerializer(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        as_of = given.validated_data.get("as_of") or operator_day(operator_of(request))
        return Response(AgeingSerializer(ageing(as_of=as_of), many=True).data)


class CollectionFileList(ListView):
    """Files for the collection agency; POST makes one of what waits."""

    read_permission = Permission.PAYMENT_VIEW
    write_permission = Permission.PAYMENT_EDIT
    serializer_class = CollectionFileSerializer

    def rows(self) -> QuerySet[CollectionFile]:
        """Of the caller's operator, the latest first."""
        rows: QuerySet[CollectionFile] = selectors.collection_files()
        return rows

    @extend_schema(request=None, responses={201: CollectionFileSerializer})
    def post(self, request: Request) -> Response:
        """409 when nothing waits."""
        file = services.make_collection_file(operator=operator_of(request), now=timezone.now())
        return Response(CollectionFileSerializer(file).data, status=201)


class CollectionFileContent(DetailView):
    """A file as it was made."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = CollectionFileSerializer

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The bytes."""
        file: CollectionFile = get_object_or_404(
            CollectionFile.objects.all(), public_id=kwargs["ref"]
        )
        return HttpResponse(bytes(file.content), content_type="text/csv; charset=utf-8")


urls = [
    address("dunning", DunningList, "dunning"),
    address("dunning/{ref}", DunningDetail, "dunning_invoice"),
    address("dunning/{ref}/pauses", DunningPauses, "dunning_pauses"),
    address("dunning-plan", DunningPlanView, "dunning_plan"),
    address("reference-rates", ReferenceRates, "reference_rates"),
    address("ageing", Ageing, "ageing"),
    address("collection-files", CollectionFileList, "collection_files"),
    address("collection-files/{ref}/content", CollectionFileContent, "collection_file_content"),
]
