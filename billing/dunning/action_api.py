"""REST: letters on paper and as posted, the end of a pause, fees and interest that are let go."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounts.dated import operator_day
from billing.dunning import services
from billing.dunning.api import DunningPauseSerializer, DunningStepSerializer
from billing.dunning.facts import pauses_of
from billing.dunning.letter_pdf import letter_name, letter_pdf
from billing.dunning.letters_back import LETTER
from billing.dunning.selectors import find_invoice, find_letter, find_step
from billing.payments.models import Claim
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.files.serving import pdf_response
from core.letters.api import MailedLetterSerializer
from core.letters.models import Letter
from core.letters.selectors import letters_about


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A fee, compensation or interest beside an invoice, with what is left of it."""

    id = serializers.CharField(source="public_id")
    open_amount = serializers.DecimalField(max_digits=16, decimal_places=4)

    class Meta:
        model = Claim
        fields = (
            "id", "kind", "amount", "waived_amount", "open_amount", "currency", "made_on",
        )  # fmt: skip


class DunningReasonSerializer(Input):
    """Why; kept in the audit trail."""

    reason = serializers.CharField(max_length=500)


class PauseEndSerializer(Input):
    """Which pause, and the last day that does not count; today unless told."""

    pause = serializers.IntegerField()
    until_on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DunningPauseEnd(ScopedView):
    """POST ends a pause of an invoice or its account."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=PauseEndSerializer, responses=DunningPauseSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for one that ends before that anyway."""
        invoice = find_invoice(ref)
        given = PauseEndSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        wanted = values.pop("pause")
        found = next((one for one in pauses_of(invoice) if one.pk == wanted), None)
        if found is None:
            raise Http404
        today = max(operator_day(invoice.operator), found.from_on)
        values.setdefault("until_on", today)
        return Response(DunningPauseSerializer(services.end_pause(pause=found, **values)).data)


class DunningWaive(ScopedView):
    """POST lets go what is open of all fees and interest of an invoice."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=DunningReasonSerializer, responses=ClaimSerializer(many=True))
    def post(self, request: Request, ref: str) -> Response:
        """409 when nothing is open of them."""
        invoice = find_invoice(ref)
        given = DunningReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        waived = services.waive_claims(invoice=invoice, reason=given.validated_data["reason"])
        return Response(ClaimSerializer(waived, many=True).data)


class DunningLetterPdf(ScopedView):
    """A letter on paper."""

    read_permission = Permission.PAYMENT_VIEW

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """In the customer's language; 404 for a step without a letter."""
        step = find_letter(ref)
        return pdf_response(letter_pdf(step), letter_name(step))


class DunningLetterPosted(ScopedView):
    """POST notes that a letter was printed and posted."""

    write_permission = Permission.PAYMENT_EDIT

    @extend_schema(request=None, responses=DunningStepSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 for a letter that has gone already, and for a step without one."""
        step = services.note_printed(step=find_step(ref), now=timezone.now())
        return Response(DunningStepSerializer(step).data)


class DunningLetterMails(ListView):
    """The mails with a letter, address by address, and what became of them."""

    read_permission = Permission.PAYMENT_VIEW
    serializer_class = MailedLetterSerializer

    def rows(self) -> QuerySet[Letter]:
        """The latest first."""
        return letters_about(LETTER, find_letter(self.kwargs["ref"]).public_id)


urls = [
    address("dunning/{ref}/pauses/end", DunningPauseEnd, "dunning_pause_end"),
    address("dunning/{ref}/waive", DunningWaive, "dunning_waive"),
    address("dunning-letters/{ref}/pdf", DunningLetterPdf, "dunning_letter_pdf"),
    address("dunning-letters/{ref}/mails", DunningLetterMails, "dunning_letter_mails"),
    address("dunning-letters/{ref}/posted", DunningLetterPosted, "dunning_letter_posted"),
]
