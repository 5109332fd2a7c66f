"""REST: charging bases of sites where nobody invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.letters.api import MailedLetterSerializer
from core.letters.models import Letter
from core.letters.selectors import letters_about
from core.months import last_day, month_of
from core.soon import soon
from customers.basis import services
from customers.basis.due import BasisDue, Due, load_basis
from customers.basis.files import layout_of
from customers.basis.layout import Line
from customers.basis.lists import BasisFilter
from customers.basis.models import (
    BasisEncoding,
    BasisFormat,
    BasisLayout,
    BasisRow,
    ChargingBasis,
    DecimalSign,
    Separator,
)
from customers.basis.selectors import bases, rows_of
from customers.basis.sending import LETTER
from customers.basis.tasks import send_bases
from customers.basis.views import file_response
from customers.residents.models import Resident
from customers.residents.selectors import site_day
from stations.sites.models import Site
from stations.sites.selectors import sites

_MONTH = OpenApiParameter("month", str, description="As 2026-11; without it the month that goes on")


class ChargingBasisSerializer(serializers.ModelSerializer[ChargingBasis]):
    """A frozen basis; ``month_on`` is the first day of its month. Sums are exact."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")

    class Meta:
        model = ChargingBasis
        fields = (
            "id", "site", "month_on", "currency", "is_taxed", "energy_wh", "net", "tax", "gross",
            "session_count", "unknown_count", "frozen_at", "frozen_label", "delivery", "to_email",
            "sent_at", "error", "file_name", "file_sha256",
        )  # fmt: skip


class ChargingBasisRowSerializer(serializers.ModelSerializer[BasisRow]):
    """One resident as they were called then. ``adjustment``: what of the amount corrects earlier
    months."""

    resident = serializers.CharField(source="resident.public_id")

    class Meta:
        model = BasisRow
        fields = (
            "resident", "object_number", "apartment", "bay", "name", "email", "session_count",
            "energy_wh", "net", "tax", "gross", "adjustment",
        )  # fmt: skip


class DueRowSerializer(serializers.Serializer[Any]):
    """What is due of one resident."""

    resident = serializers.CharField()
    object_number = serializers.CharField()
    apartment = serializers.CharField()
    bay = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    session_count = serializers.IntegerField()
    energy_wh = serializers.DecimalField(max_digits=18, decimal_places=4)
    net = serializers.DecimalField(max_digits=16, decimal_places=4)
    tax = serializers.DecimalField(max_digits=16, decimal_places=4)
    gross = serializers.DecimalField(max_digits=16, decimal_places=4)
    adjustment = serializers.DecimalField(max_digits=16, decimal_places=4)


class UnknownSerializer(serializers.Serializer[Due]):
    """A session of nobody in the register. ``why``: no_token, token_of_nobody,
    driver_not_registered or company."""

    session = serializers.CharField()
    station = serializers.CharField()
    started_at = serializers.DateTimeField()
    token = serializers.CharField()
    driver = serializers.CharField()
    energy_wh = serializers.DecimalField(max_digits=18, decimal_places=4)
    gross = serializers.DecimalField(max_digits=16, decimal_places=4)
    currency = serializers.CharField()
    why = serializers.CharField(source="unknown")


class DueSerializer(serializers.Serializer[BasisDue]):
    """What is due of a site up to the end of a month and in no basis. ``awaiting``: sessions by
    state that are not decided or priced."""

    month = serializers.CharField()
    rows = DueRowSerializer(many=True)
    unknown = UnknownSerializer(many=True)
    awaiting = serializers.DictField(child=serializers.IntegerField())


class FreezeSerializer(Input):
    """The month as 2026-11; ``sends``: to the property manager."""

    month = serializers.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
    sends = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class BasisSendSerializer(Input):
    """To whom the file goes once more."""

    to_email = serializers.EmailField(max_length=254)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


class BasisLayoutSerializer(serializers.ModelSerializer[BasisLayout]):
    """How the files of a site look. ``columns``: pairs of column and heading, in order."""

    columns = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = BasisLayout
        fields = (
            "file_format", "columns", "has_headings", "has_total", "separator", "decimal_sign",
            "encoding", "text", "send_day",
        )  # fmt: skip


class BasisLayoutWriteSerializer(Input):
    """What may be changed of how files look."""

    file_format = serializers.ChoiceField(choices=BasisFormat.choices, required=False)
    columns = serializers.ListField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=60), min_length=2, max_length=2
        ),
        max_length=40,
        required=False,
    )
    has_headings = serializers.BooleanField(required=False)
    has_total = serializers.BooleanField(required=False)
    separator = serializers.ChoiceField(choices=Separator.choices, required=False)
    decimal_sign = serializers.ChoiceField(choices=DecimalSign.choices, required=False)
    encoding = serializers.ChoiceField(choices=BasisEncoding.choices, required=False)
    text = serializers.CharField(max_length=80, allow_blank=True, required=False)
    send_day = serializers.IntegerField(min_value=1, max_value=28, allow_null=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False)


def _site(ref: str) -> Site:
    site: Site = get_object_or_404(sites().select_related("operator"), public_id=ref)
    return site


def _month(text: str) -> date:
    month = month_of(text)
    if month is None:
        raise InvalidInput("month", _("Write the month as 2026-11."), field="month")
    return month


def _row(currency: str, row: tuple[Resident, Line, Sequence[Due]]) -> dict[str, Any]:
    resident, line, _items = row
    names = (
        "object_number", "apartment", "bay", "name", "session_count", "energy_wh", "net", "tax",
        "gross", "adjustment",
    )  # fmt: skip
    return {name: getattr(line, name) for name in names} | {
        "resident": resident.public_id,
        "currency": currency,
    }


class ChargingBasisList(ListView):
    """All frozen bases, the latest month first."""

    read_permission = Permission.RESIDENT_VIEW
    serializer_class = ChargingBasisSerializer
    filterset_class = BasisFilter

    def rows(self) -> QuerySet[ChargingBasis]:
        """Bases of the caller's operator and sites."""
        return bases()


class ChargingBasisDetail(DetailView):
    """One frozen basis."""

    read_permission = Permission.RESIDENT_VIEW
    serializer_class = ChargingBasisSerializer

    def get_object(self) -> ChargingBasis:
        """A basis of the caller's operator and sites, or 404."""
        return get_object_or_404(bases(), public_id=self.kwargs["ref"])


class ChargingBasisRows(ScopedView):
    """The residents of a frozen basis."""

    read_permission = Permission.RESIDENT_VIEW

    @extend_schema(responses=ChargingBasisRowSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """All of them, in the order of the file."""
        basis: ChargingBasis = get_object_or_404(bases(), public_id=ref)
        return Response(ChargingBasisRowSerializer(rows_of(basis), many=True).data)


class ChargingBasisLetters(ListView):
    """The mails with a frozen basis, and what became of them."""

    read_permission = Permission.RESIDENT_VIEW
    serializer_class = MailedLetterSerializer

    def rows(self) -> QuerySet[Letter]:
        """The latest first."""
        basis: ChargingBasis = get_object_or_404(bases(), public_id=self.kwargs["ref"])
        return letters_about(LETTER, basis.public_id)


class ChargingBasisFile(ScopedView):
    """The file of a frozen basis."""

    read_permission = Permission.RESIDENT_VIEW

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The bytes as they were sent."""
        return file_response(get_object_or_404(bases(), public_id=ref))


class ChargingBasisSend(ScopedView):
    """POST sends the file once more."""

    write_permission = Permission.INVOICE_ISSUE

    @extend_schema(request=BasisSendSerializer, responses=ChargingBasisSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """409 while it is being sent."""
        basis: ChargingBasis = get_object_or_404(bases(), public_id=ref)
        given = BasisSendSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.send_again(basis=basis, **given.validated_data)
        soon(send_bases)
        return Response(ChargingBasisSerializer(basis).data)


class SiteBasis(ScopedView):
    """What is due of a site and in no basis; POST freezes a month."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.INVOICE_ISSUE

    @extend_schema(parameters=[_MONTH], responses=DueSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Up to the end of the month."""
        site = _site(ref)
        text = request.query_params.get("month", "")
        month = _month(text) if text else site_day(site)
        due = load_basis(site, last_day(month))
        data = {
            "month": f"{month:%Y-%m}",
            "rows": [_row(c, row) for c in due.currencies for row in due.lines(c)],
            "unknown": due.unknown,
            "awaiting": dict(due.undecided),
        }
        shown: Any = data
        return Response(DueSerializer(shown).data)

    @extend_schema(request=FreezeSerializer, responses={201: ChargingBasisSerializer(many=True)})
    def post(self, request: Request, ref: str) -> Response:
        """One basis a currency; 409 for a month that is open, frozen or waits for a price."""
        site = _site(ref)
        given = FreezeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        found = services.freeze_basis(
            site=site, month_on=_month(values.pop("month")), now=timezone.now(), **values
        )
        soon(send_bases)
        shown: Any = found
        return Response(ChargingBasisSerializer(shown, many=True).data, status=201)


class SiteBasisLayout(ScopedView):
    """How the files of a site look; PATCH changes it."""

    read_permission = Permission.RESIDENT_VIEW
    write_permission = Permission.SELLER_EDIT

    @extend_schema(responses=BasisLayoutSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The layout in force."""
        return Response(BasisLayoutSerializer(layout_of(_site(ref))).data)

    @extend_schema(request=BasisLayoutWriteSerializer, responses=BasisLayoutSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        site = _site(ref)
        given = BasisLayoutWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        layout = services.change_layout(site=site, **given.validated_data)
        return Response(BasisLayoutSerializer(layout).data)


urls = [
    address("charging-bases", ChargingBasisList, "charging_bases"),
    address("charging-bases/{ref}", ChargingBasisDetail, "charging_basis"),
    address("charging-bases/{ref}/rows", ChargingBasisRows, "charging_basis_rows"),
    address("charging-bases/{ref}/file", ChargingBasisFile, "charging_basis_file"),
    address("charging-bases/{ref}/letters", ChargingBasisLetters, "charging_basis_letters"),
    address("charging-bases/{ref}/send", ChargingBasisSend, "charging_basis_send"),
    address("sites/{ref}/charging-basis", SiteBasis, "site_charging_basis"),
    address("sites/{ref}/charging-basis/layout", SiteBasisLayout, "site_charging_basis_layout"),
]
